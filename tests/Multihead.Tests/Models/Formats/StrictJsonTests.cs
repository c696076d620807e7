using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

internal sealed record Drawing
{
    public required string Title { get; init; }
    public required IReadOnlyList<Leaf> Leaves { get; init; }
    public string? Note { get; init; }
    public int? Count { get; init; }
    public long Big { get; init; }
    public double Wide { get; init; }
    public bool Flag { get; init; }
    public DayOfWeek Day { get; init; }
    public Dictionary<string, int>? Map { get; init; }
    public Leaf? Inner { get; init; }
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Oak), "oak")]
[JsonDerivedType(typeof(Birch), "birch")]
internal abstract record Leaf;
internal sealed record Oak(float Length) : Leaf;
internal sealed record Birch(float Width = 1) : Leaf;

[JsonSerializable(typeof(Drawing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowOutOfOrderMetadataProperties = true,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
    Converters = [typeof(CamelCaseEnumConverter<DayOfWeek>)])]
internal sealed partial class DrawingJsonContext : JsonSerializerContext;

public class StrictJsonTests
{
    [Fact]
    public void ReadsWhatIsRight()
    {
        var drawing = Parse("""
            // comments where the context allows them
            { "title": "ü\u00fc", "leaves": [ { "length": 2.5, "kind": "oak" }, { "kind": "birch" }, ], "note": null,
              "count": null, "big": 9007199254740993, "wide": 1e300, "flag": true, "day": "friday", "map": { "a": 1 },
              "inner": null }
            """);
        Assert.Equal("üü", drawing.Title);
        Assert.Equal([new Oak(2.5f), new Birch(1)], drawing.Leaves);
        Assert.Equal(9007199254740993, drawing.Big);
        Assert.Equal(DayOfWeek.Friday, drawing.Day);
        Assert.Equal(1, drawing.Map!["a"]);
    }

    [Theory]
    [InlineData("""{ "title": "a", "leafs": [] }""",
        "'leafs' is unknown (the nearest known key is 'leaves'), at line 1, byte 17")]
    [InlineData("""{ "title": "a" }""", "'leaves' is missing")]
    [InlineData("""{ "title": null, "leaves": [] }""", "'title' is null, not a string")]
    [InlineData("""{ "title": 1, "leaves": [] }""", "'title' is the number 1, not a string")]
    [InlineData("""{ "title": "\ud800", "leaves": [] }""", "'title' holds text that is not valid UTF-8")]
    [InlineData("""{ "title": "a", "leaves": {} }""", "'leaves' is an object, not an array")]
    [InlineData("""{ "title": "a", "leaves": [ null ] }""", "'leaves[0]' is null, not an object")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":"birch"}, {"kind":"oka","length":1} ] }""",
        "'leaves[1].kind' is 'oka', which is unknown (the nearest known is 'oak')")]
    [InlineData("""{ "title": "a", "leaves": [ {"length":1} ] }""", "'leaves[0].kind' is missing")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":1} ] }""", "'leaves[0].kind' is the number 1, not a string")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":"oak"} ] }""", "'leaves[0].length' is missing")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":"birch","length":1} ] }""", "'leaves[0].length' is unknown")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":"birch","kidn":1} ] }""", "(the nearest known key is 'kind')")]
    [InlineData("""{ "title": "a", "leaves": [ {"kind":"oak","length":1e39} ] }""",
        "'leaves[0].length' is the number 1e39, not a number within range")]
    [InlineData("""{ "title": "a", "leaves": [], "wide": 1e999 }""", "'wide' is the number 1e999, not a number within range")]
    [InlineData("""{ "title": "a", "leaves": [], "count": 1.5 }""", "'count' is the number 1.5, not a whole number within range")]
    [InlineData("""{ "title": "a", "leaves": [], "count": 2147483648 }""", "'count' is the number 2147483648, not a whole")]
    [InlineData("""{ "title": "a", "leaves": [], "flag": "true" }""", "'flag' is a string, not true or false")]
    [InlineData("""{ "title": "a", "leaves": [], "flag": null }""", "'flag' is null, not true or false")]
    [InlineData("""{ "title": "a", "leaves": [], "day": "firday" }""", "(the nearest is 'friday')")]
    [InlineData("""{ "title": "a", "leaves": [], "day": 5 }""", "'day' is the number 5, not one of \"sunday\"")]
    [InlineData("""{ "title": "a", "leaves": [], "map": { "x": 1, "y": "2" } }""", "'map.y' is a string, not a whole number")]
    [InlineData("""{ "title": "a", "leaves": [], "title": "b" }""", "'title' is there twice")]
    [InlineData("{\n  \"title\": 1 }", "'title' is the number 1, not a string, at line 2, byte 12 of the line")]
    [InlineData("{\n  \"title\": \"a\" \"", "not valid JSON at line 2, byte 16")]
    [InlineData("""{ "title": "a", "leaves": [] } x""", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("null", "the whole is null, not an object")]
    public void SaysWhatIsWrongAndWhere(string json, string expected)
    {
        var error = Assert.Throws<MultiheadException>(() => Parse(json));
        Assert.StartsWith("'recipe.json'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void PassesOverUnknownKeysInFilesOfOthers()
    {
        var json = Encoding.UTF8.GetBytes("""{ "x": { "y": [1, {}] }, "title": "a", "leaves": [], "z": null }""");
        Assert.Equal("a", StrictJson.Parse(json, "x", DrawingJsonContext.Default.Drawing, UnknownKeys.Ignored).Title);
    }

    [Fact]
    public void AByteOrderMarkDoesNotMatter() =>
        Assert.Equal("a", Parse("\uFEFF{ \"title\": \"a\", \"leaves\": [] }").Title);

    [Fact]
    public void DamagedTextIsReadOrRefusedAndNothingElse()
    {
        var whole = Encoding.UTF8.GetBytes(
            """{ "title": "ü", "leaves": [ { "length": 2.5, "kind": "oak" } ], "map": { "a": 1 } }""");
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var edits = random.Next(1, 4); edits > 0; edits--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                StrictJson.Parse(bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length)), "x",
                    DrawingJsonContext.Default.Drawing, UnknownKeys.Refused);
            }
            catch (MultiheadException)
            {
                // One of the two allowed ends; any other exception fails the test.
            }
        }
    }

    private static Drawing Parse(string json) =>
        StrictJson.Parse(Encoding.UTF8.GetBytes(json), "recipe.json", DrawingJsonContext.Default.Drawing, UnknownKeys.Refused);
}
