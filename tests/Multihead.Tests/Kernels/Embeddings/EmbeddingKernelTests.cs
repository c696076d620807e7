using Multihead.Kernels.Embeddings;

namespace Multihead.Tests.Kernels.Embeddings;

public unsafe class EmbeddingKernelTests
{
    private const int Vocabulary = 11;
    private const int Tokens = 9;

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void EveryLengthAgreesWithTheReference(int vector)
    {
        var random = new Random(17);
        int* ids = stackalloc int[Tokens], positionIds = stackalloc int[Tokens];
        for (var i = 0; i < Tokens; i++) (ids[i], positionIds[i]) = (i == 4 ? Vocabulary - 1 : i % 3, Tokens - 1 - i);
        for (var width = 0; width <= 257; width++)
        {
            using var table = FloatBuffer.Random(random, Vocabulary * width);
            using var positions = FloatBuffer.Random(random, Tokens * width);
            using var y = new FloatBuffer(Tokens * width, 2);
            Widths.Rows(vector, new EmbeddingKernel.GatherRow(ids, table, y, width, 1.5f, null, null), Tokens);
            for (var i = 0; i < y.Count; i++) Assert.Equal(1.5f * table[ids[i / width] * width + i % width], y[i]);

            Widths.Rows(vector, new EmbeddingKernel.GatherRow(ids, table, y, width, 1.5f, positions, positionIds), Tokens);
            double Added(int i) => positions[positionIds[i / width] * width + i % width];
            Close.Assert(i => 1.5 * table[ids[i / width] * width + i % width] + Added(i), y.Span, 1e-6, 0,
                "with positions"); // rounding of values below 8

            var expected = table.ToArray().Select(value => (double)value).ToArray();
            for (var i = 0; i < y.Count; i++) expected[ids[i / width] * width + i % width] += 1.5 * y[i];
            Widths.Columns(vector, new EmbeddingKernel.ScatterColumns(ids, y, table, Tokens, width, 1.5f), width);
            Close.Assert(i => expected[i], table.Span, 1e-5, 0, "scattered"); // four additions to values below 50
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NanStaysInItsPlace(int vector)
    {
        const int width = 19;
        using var table = new FloatBuffer(2 * width);
        table.Span[width + 18] = float.NaN;
        var ids = stackalloc int[3] { 0, 1, 0 };
        using var y = new FloatBuffer(3 * width);
        Widths.Rows(vector, new EmbeddingKernel.GatherRow(ids, table, y, width, 1, null, null), 3);
        for (var i = 0; i < y.Count; i++) Assert.Equal(i == width + 18, float.IsNaN(y[i]));
        using var gradient = new FloatBuffer(2 * width);
        Widths.Columns(vector, new EmbeddingKernel.ScatterColumns(ids, y, gradient, 3, width, 1), width);
        for (var i = 0; i < gradient.Count; i++) Assert.Equal(i == width + 18, float.IsNaN(gradient[i]));
    }

    [Fact]
    public void ThreadsDoNotChangeBits() => Widths.AssertSameOnAnyTeam(team =>
    {
        const int count = 300, width = 515, vocabulary = 50; // 10 parts of rows, 9 of columns
        var random = new Random(18);
        using var table = FloatBuffer.Random(random, vocabulary * width);
        var ids = stackalloc int[count];
        for (var i = 0; i < count; i++) ids[i] = random.Next(vocabulary);
        using var y = new FloatBuffer(count * width);
        EmbeddingKernel.Gather(team, ids, table, y, count, width, 22.6f);
        using var gradient = new FloatBuffer(vocabulary * width);
        EmbeddingKernel.Scatter(team, ids, y, gradient, count, width, 22.6f);
        EmbeddingKernel.Gather(team, ids, table, y, count, width, 22.6f, table, ids);
        return [.. y.ToArray(), .. gradient.ToArray()];
    });
}
