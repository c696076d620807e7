using Multihead.Tests.Text.Corpora.Sdk;
using Multihead.Text.Corpora;

namespace Multihead.Tests.Text.Corpora;

/// <summary>The corpus of made-up SDK folders.</summary>
public sealed class SdkCorpusTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MessagesArePairedByStreamAndEntry()
    {
        Write("Tool.dll", ("A.Strings.resources", [("one", "One"), ("two", "Two"), ("alone", "Alone"), ("same", "OK")]));
        Write("de/Tool.resources.dll", ("A.Strings.de.resources", [("two", "Zwei"), ("one", "Eins"), ("same", "OK")]),
            ("B.Strings.de.resources", [("alone", "Allein")])); // another stream
        Write("fr/Tool.resources.dll", ("A.Strings.fr.resources", [("one", "Un"), ("alone", "Seul")]));
        Write("Sdks/x/App.exe", ("S.resources", [("k", "Start")]));
        Write("Sdks/x/de/App.resources.dll", ("S.DE.resources", [("k", "Starten")])); // as some compilers name it
        Write("NoNeutral/de/Lost.resources.dll", ("S.de.resources", [("k", "Verloren")]));
        Write("Other.dll", ("S.resources", [("k", "No satellite")]));

        Assert.Equal([new("OK", "OK"), new("One", "Eins"), new("Start", "Starten"), new("Two", "Zwei")], Read("en", "de").Pairs);
        Assert.Equal([new("Eins", "One"), new("OK", "OK"), new("Starten", "Start"), new("Zwei", "Two")], Read("de", "en").Pairs);
        Assert.Equal([new("Eins", "Un")], Read("de", "fr").Pairs); // the neutral assembly is not needed
        Assert.Equal([new("Alone", "Seul"), new("One", "Un")], Read("en", "fr").Pairs);
    }

    [Fact]
    public void RowsAreUniqueSortedAndWhatIsLeftOutIsCounted()
    {
        (string, object?)[] Texts(string language) =>
        [
            ("a", $"b {language}\n\na {language}"), ("b", $"a\t{language}"), ("c", $"{language}"),
            ("d", language == "en" ? " " : "de"), ("e", new string('x', language == "en" ? 1000 : 10)),
            ("f", new string('y', language == "en" ? 10 : 1001)), ("g", 7),
        ];
        Write("Tool.dll", ("S.resources", Texts("en")));
        Write("de/Tool.resources.dll", ("S.de.resources", Texts("de")));
        var corpus = Read("en", "de");
        Assert.Equal([new("a en", "a de"), new("b en", "b de"), new("en", "de"), new(new('x', 1000), new('x', 10))],
            corpus.Pairs);
        Assert.Equal([new("empty", 1), new("longer than 1,000 characters", 1), new("repeated", 1)], corpus.Dropped);
        Assert.Equal($".NET SDK {Path.GetFileName(_folder.FullPath)}, en to de", corpus.Name);
    }

    [Fact]
    public void AnSdkWithoutTheLanguageSaysSo()
    {
        Write("Tool.dll", ("S.resources", [("a", "b")]));
        Write("de/Tool.resources.dll", ("S.de.resources", [("a", "c")]));
        var fault = Assert.Throws<MultiheadException>(() => Read("en", "tr")).Message;
        Assert.Contains($"'{_folder.FullPath}' has no messages in both 'en' and 'tr'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void ADamagedAssemblyIsNamed()
    {
        Write("Tool.dll", ("S.resources", [("a", "b")]));
        Write("de/Tool.resources.dll", ("S.de.resources", [("a", "c")]));
        var path = _folder.Write("de/Tool.resources.dll", "damaged");
        Assert.Contains($"'{path}'", Assert.Throws<MultiheadException>(() => Read("en", "de")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xx", "de", "'xx'; it has en, cs, de, es, fr, it, ja, ko, pl, pt-BR, ru, tr, zh-Hans, zh-Hant.")]
    [InlineData("en", "zh", "'zh'; it has en, cs, de")]
    [InlineData("", "de", "''; it has")]
    [InlineData("de", "DE", "both 'de'")]
    public void UnknownLanguagesAreToldWithThoseThereAre(string from, string to, string words) => Assert.Contains(words,
        Assert.Throws<MultiheadException>(() => SdkCorpus.Read(from, to)).Message, StringComparison.Ordinal);

    private ParallelCorpus Read(string from, string to) => SdkCorpus.Read(_folder.FullPath, from, to);

    private void Write(string path, params (string Name, (string, object?)[] Entries)[] streams)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        _folder.Write(path,
            AssemblyImage.Of([.. streams.Select(stream => (stream.Name, AssemblyImage.Resources(stream.Entries)))]));
    }
}
