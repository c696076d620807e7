using System.Text;
using System.Text.Json.Nodes;
using Multihead.Text.Tokenizers;

namespace Multihead.Tests.Text.Tokenizers;

/// <summary>Files damaged at random: each loads and loses nothing, or is refused in one line that names it.</summary>
public sealed class TokenizerJsonFuzzTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly byte[] _good;
    private int _loaded, _refused;

    public TokenizerJsonFuzzTests()
    {
        BytePairLearner.Learn(RandomText.Lines(new Random(1), 100, 200), new() { VocabularySize = 300 }).Save(File);
        _good = System.IO.File.ReadAllBytes(File);
    }

    private string File => _folder["tokenizer.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BytesDamaged()
    {
        var random = new Random(2);
        for (var i = 0; i < TestScale.Rounds(400); i++) Check(Damaged(_good, random));
        Assert.True(_loaded > 0 && _refused > 0);
    }

    [Fact]
    public void ValuesExchanged()
    {
        var random = new Random(3);
        for (var i = 0; i < TestScale.Rounds(400); i++)
        {
            var root = JsonNode.Parse(_good)!;
            for (var changes = random.Next(1, 4); changes > 0; changes--) Exchange(root, random);
            Check(Encoding.UTF8.GetBytes(root.ToJsonString()));
        }
        Assert.True(_loaded > 0 && _refused > 0);
    }

    private void Check(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        try
        {
            var loaded = Tokenizer.Load(File);
            foreach (var text in (string[])["Hello wörld <unk>", "\"\u0301 \0 日本語\t𝒜 Ġ", "etaoin etaoin"])
                Assert.Equal(text, loaded.Decode(loaded.Encode(text)));
            loaded.Save(_folder["again.json"]);
            Assert.Equal(loaded.Encode("etaoin"), Tokenizer.Load(_folder["again.json"]).Encode("etaoin"));
            _loaded++;
        }
        catch (MultiheadException e)
        {
            Assert.Contains($"'{File}'", e.Message);
            Assert.Matches(@"byte \d+", e.Message);
            Assert.DoesNotContain('\n', e.Message);
            Assert.InRange(e.Message.Length, 0, 600);
            _refused++;
        }
    }

    private static byte[] Damaged(byte[] good, Random random)
    {
        var at = random.Next(good.Length);
        switch (random.Next(4))
        {
            case 0: return good[..at];
            case 1: return [.. good[..at], .. good[Math.Min(good.Length, at + random.Next(1, 40))..]];
            case 2:
                var changed = good.ToArray();
                for (var n = random.Next(1, 4); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
                return changed;
            default:
                string[] pieces = ["\\ud800", "null", "\"", "9", "-", "{}", "[", "true", "1e9", " ", "\\", "\"x\":1,", "\\u0000"];
                return [.. good[..at], .. Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]), .. good[at..]];
        }
    }

    /// <summary>Replaces, removes or adds a value somewhere, or moves one from elsewhere; the large parts no more often than the
    /// small ones.</summary>
    internal static void Exchange(JsonNode root, Random random)
    {
        var (parent, name, index) = Somewhere(root, random);
        var value = random.Next(5) == 0 ? Value(Somewhere(root, random))?.DeepClone() : Made(random);
        switch (parent)
        {
            case JsonObject members when random.Next(4) == 0: members.Remove(name!); break;
            case JsonObject members when random.Next(4) == 0: members[$"{name}{random.Next(3)}"] = value; break;
            case JsonObject members: members[name!] = value; break;
            case JsonArray items when random.Next(4) == 0: items.RemoveAt(index); break;
            case JsonArray items when random.Next(4) == 0: items.Insert(random.Next(items.Count + 1), value); break;
            case JsonArray items: items[index] = value; break;
        }
    }

    private static JsonNode? Made(Random random) => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(-2, 400)),
        2 => JsonValue.Create(random.Next(2) == 0),
        3 => JsonValue.Create(1e300),
        4 => JsonValue.Create(RandomText.Next(random, 3)),
        5 => JsonValue.Create("e t"),
        6 => new JsonArray(JsonValue.Create("e"), JsonValue.Create("t")),
        7 => new JsonObject { ["type"] = "ByteLevel" },
        _ => new JsonArray(),
    };

    /// <summary>Goes down from the top, at each level into some member, and stops at random.</summary>
    private static (JsonNode Parent, string? Name, int Index) Somewhere(JsonNode root, Random random)
    {
        while (true)
        {
            var (name, index) = root is JsonObject members
                ? (members.ElementAt(random.Next(members.Count)).Key, 0)
                : (null, random.Next(root.AsArray().Count));
            var child = Value((root, name, index));
            var isLeaf = child is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 });
            if (isLeaf || random.Next(3) == 0) return (root, name, index);
            root = child!;
        }
    }

    private static JsonNode? Value((JsonNode Parent, string? Name, int Index) place) =>
        place.Name is null ? place.Parent[place.Index] : place.Parent[place.Name];
}
