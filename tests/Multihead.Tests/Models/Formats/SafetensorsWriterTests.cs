using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenComesBackToTheBit()
    {
        using var sample = new SampleTensors(1,
            ("z", [17, 31]), ("a.ü\"\n", [5]), ("empty", [4, 0]), ("scalar", []), ("large", [300, 1000]));
        var metadata = new Dictionary<string, string> { ["step"] = "7", ["ü"] = "\"quoted\"" };
        SafetensorsWriter.Write(_folder["x"], sample.Sources, metadata);

        using var file = SafetensorsFile.Open(_folder["x"]);
        Assert.Equal(sample.Sources.Select(source => source.Name), file.Entries.Select(entry => entry.Name));
        Assert.Equal("7", file.Metadata["step"]);
        Assert.Equal("\"quoted\"", file.Metadata["ü"]);
        Assert.Equal("pt", file.Metadata["format"]);
        foreach (var source in sample.Sources)
        {
            var values = new float[file.Find(source.Name).ElementCount];
            file.Read(source.Name, source.Shape, values);
            Assert.True(sample.Bits(source.Name).SequenceEqual(MemoryMarshal.Cast<float, uint>(values)));
        }
    }

    // The format as its documentation tells it, read without our reader.
    [Fact]
    public void TheBytesAreThoseOfTheFormat()
    {
        using var sample = new SampleTensors(2, ("b", [2, 3]), ("a", [1]));
        SafetensorsWriter.Write(_folder["x"], sample.Sources);
        var bytes = File.ReadAllBytes(_folder["x"]);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 28, bytes.Length);
        var text = Encoding.UTF8.GetString(bytes, 8, length);
        Assert.Equal(text.TrimEnd(' '), text.TrimEnd());
        using var json = JsonDocument.Parse(text);
        Assert.Equal(["__metadata__", "b", "a"], json.RootElement.EnumerateObject().Select(property => property.Name));
        var a = json.RootElement.GetProperty("a");
        Assert.Equal("F32", a.GetProperty("dtype").GetString());
        Assert.Equal("[1]", a.GetProperty("shape").GetRawText());
        Assert.Equal("[24,28]", a.GetProperty("data_offsets").GetRawText());
        Assert.Equal(sample.Bits("a")[0], BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8 + length + 24)));
    }

    [Fact]
    public void TwoWritesAreTheSameBytes()
    {
        using var sample = new SampleTensors(3, ("b", [2, 3]), ("a", [1]));
        SafetensorsWriter.Write(_folder["x"], sample.Sources);
        SafetensorsWriter.Write(_folder["y"], sample.Sources);
        Assert.Equal(File.ReadAllBytes(_folder["x"]), File.ReadAllBytes(_folder["y"]));
    }

    [Fact]
    public void NamesThatNoReaderTakesAreRefused()
    {
        using var sample = new SampleTensors(4, ("a", [1]));
        var source = sample.Sources[0];
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], [source, source]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], [source with { Name = "__metadata__" }]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], [source with { Name = "" }]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(_folder["x"], [source with { Shape = [-1, -1] }]));
        Assert.Empty(_folder.FileNames());
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNamedAndNothingIsLost()
    {
        using var sample = new SampleTensors(5, ("a", [1000]));
        SafetensorsWriter.Write(_folder["x"], sample.Sources);
        var error = Assert.Throws<MultiheadException>(() => SafetensorsWriter.Write(_folder["x/y"], sample.Sources));
        Assert.Contains("Cannot write", error.Message, StringComparison.Ordinal);
        using var file = SafetensorsFile.Open(_folder["x"]);
        Assert.Equal(1000, file.Find("a").ElementCount);
    }
}
