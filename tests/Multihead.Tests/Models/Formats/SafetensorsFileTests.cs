using System.Runtime.InteropServices;
using System.Text;
using Multihead.Models.Formats;

namespace Multihead.Tests.Models.Formats;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void WidensAll65536Patterns(string type)
    {
        var data = MemoryMarshal.AsBytes<ushort>(Enumerable.Range(0, 65_536).Select(i => (ushort)i).ToArray()).ToArray();
        var header = $$$"""{"x":{"dtype":"{{{type}}}","shape":[256,256],"data_offsets":[0,131072]}}""";
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes(Encoding.UTF8.GetBytes(header), data));
        using var file = SafetensorsFile.Open(_folder["x"]);
        var values = new float[65_536];
        file.Read("x", [256, 256], values);

        var (exponentBits, fractionBits) = type == "F16" ? (5, 10) : (8, 7);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = Decode(i, exponentBits, fractionBits);
            if (double.IsNaN(expected)) Assert.True(float.IsNaN(values[i]), $"pattern {i:x4}");
            else Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(values[i]));
        }
    }

    [Theory]
    [InlineData("I64", 64)]
    [InlineData("F64", 64)]
    [InlineData("BOOL", 8)]
    [InlineData("F4", 4)]
    [InlineData("F8_E4M3", 8)]
    public void OtherTypesOpenButAreNamedWhenAskedFor(string type, int bits)
    {
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":[8],"data_offsets":[0,{{{bits}}}]}}""", bits));
        using var file = SafetensorsFile.Open(_folder["x"]);
        Assert.Equal(bits, file.Entries.Single().ByteCount);
        var error = Assert.Throws<MultiheadException>(() => file.ReadFloat32("x", new float[8]));
        Assert.Contains($"element type {type}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATensorOfNothingAndAScalarAreFine()
    {
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes("""
            {"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[3,0],"data_offsets":[4,4]},
            "__metadata__":{"k":"v"},"c":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}
            """, 4));
        using var file = SafetensorsFile.Open(_folder["x"]);
        file.Read("a", [3, 0], Span<float>.Empty);
        var scalar = new float[1];
        file.Read("b", [], scalar);
        Assert.Equal(0, scalar[0]);
        Assert.Equal("v", file.Metadata["k"]);
        Assert.Equal(["c", "b", "a"], file.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void AnEmptyHeaderIsAFileOfNothing()
    {
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes("{}", 0));
        using var file = SafetensorsFile.Open(_folder["x"]);
        Assert.Empty(file.Entries);
        var error = Assert.Throws<MultiheadException>(() => file.Find("w"));
        Assert.Contains("no tensors at all", error.Message, StringComparison.Ordinal);
    }

    // What is wrong, the header, bytes of data, and what the message must say.
    public static TheoryData<string, int, string> Faults => new()
    {
        { """[]""", 0, "byte 8 does not begin with '{'" },
        { """ {}""", 0, "byte 8 does not begin with '{'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "not valid JSON at byte" },
        { """{} {}""", 0, "not valid JSON at byte" },
        { """{"a":1}""", 0, "tensor 'a' is not an object, at byte 13" },
        { """{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "element type of the format: 'F31' (nearest is F32)" },
        { """{"a":{"dtype":1,"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a', field 'dtype', is not a string, at byte 22" },
        { """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'a' has no field 'dtype'" },
        { """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "tensor 'a' has no field 'shape'" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "tensor 'a' has no field 'data_offsets'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"scale":2}}""", 4, "unknown field 'scale'" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "field 'shape', holds something else" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "field 'shape', holds something else" },
        { """{"a":{"dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]}}""", 4, "'shape', holds something" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "larger than any file" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "needs 8 bytes but its 'data_offsets' span 4" },
        { """{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}""", 0, "span 0" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "is not a beginning and an end" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "is not a beginning and an end" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "has only" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "the tensors end at byte" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "leaves a hole" },
        {
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
            12, "tensor 'b', field 'data_offsets', begins at byte 120 of the file where 'a' ends at byte 124, which overlaps"
        },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[9223372036854775806,9223372036854775807]}}""", 1, "beyond any file" },
        {
            """{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""",
            0, "'a' stands there a second time"
        },
        { """{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "tensor 'a' has the field 'dtype' twice" },
        { """{"__metadata__":{"k":1}}""", 0, "'__metadata__', field 'k', is not a string" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "has the field 'k' twice" },
        { """{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "not valid UTF-8" },
        { "{\"a\\nb\":1}", 0, "tensor 'a?b' is not an object" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void AFaultIsToldInOneSentence(string header, int dataBytes, string expected)
    {
        File.WriteAllBytes(_folder["x.safetensors"], RawSafetensors.Bytes(header, dataBytes));
        var error = Assert.Throws<MultiheadException>(() => SafetensorsFile.Open(_folder["x.safetensors"]));
        Assert.Contains("x.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(100_000_001, "above the format's limit")]
    [InlineData(ulong.MaxValue, "above the format's limit")]
    [InlineData(99_999_999, "but the file has 10 bytes")]
    [InlineData(3, "but the file has 10 bytes")]
    public void AHeaderLengthThatLiesAllocatesNothing(ulong length, string expected)
    {
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes("{}", 0, length));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<MultiheadException>(() => SafetensorsFile.Open(_folder["x"]));
        // Exceptions and messages take some kilobytes; the lie was at least a hundred million but for the last.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 200_000);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileATinyFileAndAFolderAreNamed()
    {
        Assert.Contains("no file", Assert.Throws<MultiheadException>(() => SafetensorsFile.Open(_folder["no"])).Message,
            StringComparison.Ordinal);
        File.WriteAllBytes(_folder["tiny"], new byte[7]);
        Assert.Contains("it has 7 bytes", Assert.Throws<MultiheadException>(() => SafetensorsFile.Open(_folder["tiny"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<MultiheadException>(() => SafetensorsFile.Open(_folder.FullPath));
    }

    [Fact]
    public void AFileThatShrinksWhileOpenIsAMessage()
    {
        const string Header = """{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}""";
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes(Header, 4000));
        using var file = SafetensorsFile.Open(_folder["x"]);
        // By another process, since this one keeps the sharing that the handle asked for.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows forbids shrinking a file that is open");
        System.Diagnostics.Process.Start("truncate", ["-s", "1000", _folder["x"]]).WaitForExit();
        var error = Assert.Throws<MultiheadException>(() => file.ReadFloat32("a", new float[1000]));
        Assert.Contains("it ends at byte 1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongShapeNamesBothAndAWrongNameTheNearest()
    {
        const string Header = """{"weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""";
        File.WriteAllBytes(_folder["x"], RawSafetensors.Bytes(Header, 24));
        using var file = SafetensorsFile.Open(_folder["x"]);
        var shape = Assert.Throws<MultiheadException>(() => file.Read("weight", [3, 2], new float[6]));
        Assert.Contains("'weight' of shape [2, 3] but the model wants [3, 2]", shape.Message, StringComparison.Ordinal);
        var name = Assert.Throws<MultiheadException>(() => file.ReadFloat32("wieght", new float[6]));
        Assert.Contains("no tensor 'wieght' (the nearest is 'weight')", name.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadFloat32("weight", new float[5]));
    }

    // IEEE 754 by its definition, in double.
    private static double Decode(int pattern, int exponentBits, int fractionBits)
    {
        var sign = (pattern & 0x8000) != 0 ? -1.0 : 1.0;
        var exponent = (pattern >> fractionBits) & ((1 << exponentBits) - 1);
        var fraction = pattern & ((1 << fractionBits) - 1);
        var bias = (1 << (exponentBits - 1)) - 1;
        if (exponent == (1 << exponentBits) - 1) return fraction == 0 ? sign * double.PositiveInfinity : double.NaN;
        return exponent == 0
            ? sign * Math.ScaleB(fraction, 1 - bias - fractionBits)
            : sign * Math.ScaleB(fraction + (1 << fractionBits), exponent - bias - fractionBits);
    }
}
