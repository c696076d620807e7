namespace Multihead.Tests.Tensors.Onnx;

/// <summary>The reader of fixtures takes what is well-formed and nothing else.</summary>
public class OnnxTensorTests
{
    // dims 2 (alone), dims [1] (packed), type FLOAT, name "x", raw data 1 and 2.
    private static readonly byte[] Sample =
        [0x08, 2, 0x0A, 1, 1, 0x10, 1, 0x42, 1, (byte)'x', 0x4A, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];

    [Fact]
    public void ReadsShapeAndValues()
    {
        var tensor = OnnxTensor.Read(Sample);
        Assert.Equal([2, 1], tensor.Shape);
        Assert.Equal([1, 2], tensor.Values);
        Assert.Equal([1, 2], tensor.WithAxisLast(0));
    }

    [Fact]
    public void EveryTruncationIsAnError()
    {
        for (var length = 0; length < Sample.Length; length++)
            Assert.Throws<InvalidDataException>(() => OnnxTensor.Read(Sample.AsSpan(0, length)));
    }

    [Fact]
    public void NoBytesLeadOutOfTheMessage()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Sample.ToArray();
            for (var change = 0; change <= random.Next(3); change++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                OnnxTensor.Read(bytes);
            }
            catch (Exception e) when (e is InvalidDataException or OverflowException)
            {
                // refused
            }
        }
    }
}
