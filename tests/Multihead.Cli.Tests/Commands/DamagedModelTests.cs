using System.Text;

namespace Multihead.Cli.Tests.Commands;

/// <summary>Checkpoints that are not whole: what is wrong, in which file and where, in one sentence.</summary>
public sealed class DamagedModelTests(LearnedModel model) : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.safetensors", "truncate", "bytes")]
    [InlineData("model.safetensors", "F32->F99", "dtype", "F99", "byte")]
    [InlineData("model.safetensors", "data_offsets->data_offsetz", "data_offset", "byte")]
    [InlineData("model.safetensors", "model.shared.weight->model.sharee.weight", "model.shared.weight", "nearest")]
    [InlineData("model.safetensors", "delete", "model.safetensors")]
    [InlineData("tokenizer.json", "truncate", "JSON", "byte")]
    [InlineData("tokenizer.json", "\"BPE\"->\"BPX\"", "model.type", "BPX")]
    [InlineData("tokenizer.json", "\"merges\"->\"mergez\"", "merges")]
    [InlineData("tokenizer.json", "delete", "tokenizer.json")]
    [InlineData("config.json", "truncate", "JSON", "line")]
    [InlineData("config.json", "\"d_model\": 64->\"d_model\": 63", "63")]
    [InlineData("config.json", "\"d_model\": 64->\"d_model\": \"64\"", "d_model", "string")]
    [InlineData("config.json", "\"d_model\": 64->\"d_model\": 32", "shape")]
    public void TheFileAndThePlaceAreNamed(string file, string damage, params string[] words)
    {
        var copy = _folder.Copy(model.Folder, "copy");
        var path = Path.Combine(copy, file);
        var bytes = File.ReadAllBytes(path);
        if (damage == "delete") File.Delete(path);
        else if (damage == "truncate") File.WriteAllBytes(path, bytes[..(bytes.Length * 2 / 3)]);
        else File.WriteAllBytes(path, Replaced(bytes, damage.Split("->")));
        var before = FolderContent.Of(copy);
        Tool.Run("translate", copy, "old dog").FailedWith(1, [copy, .. words]);
        Assert.Equal(before, FolderContent.Of(copy));
    }

    private static byte[] Replaced(byte[] bytes, string[] fromTo)
    {
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(fromTo[0]));
        Assert.True(at >= 0, $"there is no {fromTo[0]}");
        return [.. bytes[..at], .. Encoding.UTF8.GetBytes(fromTo[1]), .. bytes[(at + fromTo[0].Length)..]];
    }
}
