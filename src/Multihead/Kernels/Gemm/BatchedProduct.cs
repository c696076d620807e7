using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>Many products of one shape: C_i = A_i B_i or C_i += A_i B_i. Every element has the bits that
/// <see cref="MatrixProduct"/> gives it.</summary>
internal static unsafe class BatchedProduct
{
    private static readonly ThreadTeam Alone = new(1);

    /// <summary>C_i [rows, columns] (+)= A_i [rows, depth] B_i [depth, columns] for each i of the batch.</summary>
    /// <param name="team">The threads; a whole item each where there are many, else together on one after the other.</param>
    /// <param name="a">A_0; any strides.</param>
    /// <param name="aStep">Elements from A_i to A_(i+1); 0 uses one A for all.</param>
    /// <param name="b">B_0; any strides.</param>
    /// <param name="bStep">Elements from B_i to B_(i+1); 0 uses one B for all.</param>
    /// <param name="c">Row r of C_i begins at c + i * cStep + r * cStride; no overlap with A, B or another C_j.</param>
    /// <param name="cStride">At least the number of columns.</param>
    /// <param name="cStep">Floats from C_i to C_(i+1).</param>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="accumulate">Whether the chains resume from C.</param>
    public static void Multiply(ThreadTeam team, in Matrix a, long aStep, in Matrix b, long bStep, float* c, long cStride,
        long cStep, int batch, bool accumulate)
    {
        var job = new ItemsJob
        {
            A = a,
            AStep = aStep,
            B = b,
            BStep = bStep,
            C = c,
            CStride = cStride,
            CStep = cStep,
            Accumulate = accumulate,
        };
        if (team.ThreadCount > 1 && batch >= 2 * team.ThreadCount) team.Run(job, batch);
        else for (var item = 0; item < batch; item++) job.Multiply(team, item);
    }

    /// <summary>A part is an item.</summary>
    private struct ItemsJob : IParallelJob
    {
        public Matrix A;
        public Matrix B;
        public float* C;
        public long AStep;
        public long BStep;
        public long CStride;
        public long CStep;
        public bool Accumulate;

        public readonly void Run(int part) => Multiply(Alone, part);

        public readonly void Multiply(ThreadTeam team, int item) =>
            MatrixProduct.Multiply(team, A.MovedBy(item * AStep), B.MovedBy(item * BStep), C + item * CStep, CStride, Accumulate,
                default(NoEpilogue));
    }
}
