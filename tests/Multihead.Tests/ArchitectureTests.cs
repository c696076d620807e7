using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Multihead.Tests;

/// <summary>The arrows between rooms and projects and the packages are those of the design, and no others.</summary>
public partial class ArchitectureTests
{
    // Room of src/Multihead: the rooms that it may name. Files beside the rooms belong to everyone and name none.
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        [""] = [],
        ["Kernels"] = [],
        ["Tensors"] = ["Kernels"],
        ["Text"] = [],
        ["Models"] = ["Tensors", "Kernels"],
        ["Inference"] = ["Models", "Text", "Tensors", "Kernels"],
    };

    // Project of src: the projects and the packages that it may reference; analyzers aside.
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Projects = new()
    {
        ["Multihead"] = ([], ["Iced"]),
        ["Multihead.Training"] = (["Multihead"], []),
        ["Multihead.Cli"] = (["Multihead", "Multihead.Training"], ["System.CommandLine", "Spectre.Console"]),
    };

    [Fact]
    public void RoomsNameOnlyTheRoomsBelowThem()
    {
        var root = Path.Combine(TestData.RepositoryRoot(), "src", "Multihead");
        var files = SourceFiles(root, "*.cs").ToArray();
        Assert.True(files.Length > 5, "the sources were not found");
        var faults = files.SelectMany(file => RoomFaults(Path.GetRelativePath(root, file), File.ReadAllText(file)));
        Assert.True(!faults.Any(), string.Join('\n', faults));
    }

    [Fact]
    public void ProjectsReferenceOnlyWhatTheTableHas()
    {
        var root = Path.Combine(TestData.RepositoryRoot(), "src");
        var files = SourceFiles(root, "*.csproj").ToArray();
        Assert.Equal(Projects.Keys.Order(StringComparer.Ordinal),
            files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));
        var shared = new[] { "Directory.Build.props", Path.Combine("src", "Directory.Build.props") }
            .Select(file => File.ReadAllText(Path.Combine(TestData.RepositoryRoot(), file)));
        var faults = files.SelectMany(file => ProjectFaults(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))
            .Concat(shared.SelectMany(xml => ProjectFaults("Multihead", xml)));
        Assert.True(!faults.Any(), string.Join('\n', faults));
    }

    [Theory]
    [InlineData("Kernels/A.cs", "using Multihead.Tensors;", "Kernels -> Tensors")]
    [InlineData("Kernels/Gemm/A.cs", "global using static Multihead.Text.Bleu.Score;", "Kernels -> Text")]
    [InlineData("Tensors/A.cs", "using T = Multihead.Models.Configuration.ModelConfig;", "Tensors -> Models")]
    [InlineData("Text/A.cs", "var x = Multihead.Kernels.Softmax.Run();", "Text -> Kernels")]
    [InlineData("Text/A.cs", "var x = global::Multihead.Kernels.Softmax.Run();", "Text -> Kernels")]
    [InlineData("Models/A.cs", "return (Text.Vocabulary)x;", "Models -> Text")] // found through the namespace Multihead
    [InlineData("Models/A.cs", "Inference . Cache x;", "Models -> Inference")]
    [InlineData("Models/A.cs", "namespace Multihead.Inference;", "Models -> Inference")]
    [InlineData("A.cs", "using Multihead.Kernels;", " -> Kernels")]
    [InlineData("Attic/A.cs", "", "Attic is not a room")]
    public void APlantedArrowIsCaught(string file, string source, string fault) =>
        Assert.Contains(fault, Assert.Single(RoomFaults(file.Replace('/', Path.DirectorySeparatorChar), source)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Kernels/A.cs", "using System.Text.Json; namespace Multihead.Kernels.Gemm; // Multihead.Models.X needs this")]
    [InlineData("Kernels/A.cs", "/// <summary>As <c>Multihead.Tensors.Tensor</c>.</summary>")]
    [InlineData("Models/A.cs", "using Multihead.Tensors; using Multihead.Kernels.Threading; var t = entry.Text.Length;")]
    [InlineData("Inference/A.cs", "using Multihead.Text; using Multihead.Models; throw new Multihead.MultiheadException();")]
    [InlineData("A.cs", "namespace Multihead; using System.Text;")]
    public void WhatTheTableHasIsLeftAlone(string file, string source) =>
        Assert.Empty(RoomFaults(file.Replace('/', Path.DirectorySeparatorChar), source));

    [Theory]
    [InlineData("Multihead", "<PackageReference Include=\"Spectre.Console\" />", "Multihead -> package Spectre.Console")]
    [InlineData("Multihead.Training", "<PackageReference Include=\"Spectre.Console\" />", "package Spectre.Console")]
    [InlineData("Multihead", "<ProjectReference Include=\"../Multihead.Training.csproj\" />", "-> Multihead.Training")]
    [InlineData("Multihead.Training", "<ProjectReference Include=\"..\\Cli\\Multihead.Cli.csproj\" />", "-> Multihead.Cli")]
    [InlineData("Multihead", "<Reference Include=\"Some.Assembly\" />", "package Some.Assembly")]
    [InlineData("Multihead.Attic", "", "Multihead.Attic is not a project")]
    public void APlantedReferenceIsCaught(string project, string item, string fault) =>
        Assert.Contains(fault, Assert.Single(ProjectFaults(project, $"<Project><ItemGroup>{item}</ItemGroup></Project>")),
            StringComparison.Ordinal);

    [Fact]
    public void AnalyzersAreLeftAlone() =>
        Assert.Empty(ProjectFaults("Multihead", """
            <Project><ItemGroup>
            <PackageReference Include="Microsoft.CodeAnalysis.PublicApiAnalyzers" PrivateAssets="all" />
            </ItemGroup></Project>
            """));

    private static IEnumerable<string> RoomFaults(string relativePath, string source)
    {
        var parts = relativePath.Split(Path.DirectorySeparatorChar);
        var room = parts.Length > 1 ? parts[0] : "";
        if (!Rooms.TryGetValue(room, out var allowed)) return [$"{relativePath}: {room} is not a room of the table"];
        var code = string.Join('\n', source.Split('\n').Select(line => Comment().Replace(line, "")));
        return NamedRoom().Matches(code).Select(match => match.Groups["room"].Value).Distinct()
            .Where(named => named != room && !allowed.Contains(named))
            .Select(named => $"{relativePath}: {room} -> {named}");
    }

    private static IEnumerable<string> ProjectFaults(string project, string xml)
    {
        if (!Projects.TryGetValue(project, out var allowed)) return [$"{project} is not a project of the table"];
        var items = XDocument.Parse(xml).Descendants().ToArray();
        var projects = items.Where(item => item.Name.LocalName == "ProjectReference")
            .Select(item => Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/')))
            .Where(name => !allowed.Projects.Contains(name)).Select(name => $"{project} -> {name}");
        var packages = items.Where(item => item.Name.LocalName is "PackageReference" or "Reference" or "GlobalPackageReference")
            .Where(item => !IsAnalyzer(item)).Select(item => item.Attribute("Include")!.Value)
            .Where(name => !allowed.Packages.Contains(name)).Select(name => $"{project} -> package {name}");
        return projects.Concat(packages);
    }

    // An analyzer works at build time alone and does not reach the user of the package.
    private static bool IsAnalyzer(XElement item) =>
        item.Attribute("Include")!.Value.EndsWith("Analyzers", StringComparison.Ordinal)
        && string.Equals((string?)item.Attribute("PrivateAssets"), "all", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> SourceFiles(string root, string pattern) =>
        Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj"));

    // From "//" to the line's end, but not the "//" of an address inside a string.
    [GeneratedRegex("(?<!:)//.*$")]
    private static partial Regex Comment();

    // "Multihead.Room", or "Room.Something" alone, which the compiler finds through the namespace Multihead.
    [GeneratedRegex(@"(?<![\w.])(?:global::)?Multihead\s*\.\s*(?<room>Kernels|Tensors|Text|Models|Inference|Inspection)\b"
        + @"|(?<![\w.]|\.\s)(?<room>Kernels|Tensors|Text|Models|Inference|Inspection)\s*\.\s*[A-Z]")]
    private static partial Regex NamedRoom();
}
