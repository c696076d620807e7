using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>Many products of one shape: C_i = A_i B_i or C_i += A_i B_i. Every element has the bits that
/// <see cref="MatrixProduct"/> gives it.</summary>
internal static unsafe class BatchedProduct
{
    // More slots than threads, so that a slow thread does not hold up the others.
    private const int SlotsPerThread = 4;

    private static readonly ThreadTeam Alone = new(1);

    /// <summary>Floats of scratch for <paramref name="batch"/> products [rows, depth] x [depth, columns].</summary>
    public static long ScratchFloats(ThreadTeam team, int rows, int columns, int depth, int batch) =>
        MatrixProduct.ScratchFloats(rows, columns, depth) * Slots(team, batch);

    /// <summary>C_i [rows, columns] (+)= A_i [rows, depth] B_i [depth, columns] for each i of the batch.</summary>
    /// <param name="team">The threads; a whole item each where there are many, else together on one after the other.</param>
    /// <param name="a">A_0; any strides.</param>
    /// <param name="aStep">Floats from A_i to A_(i+1); 0 uses one A for all.</param>
    /// <param name="b">B_0; any strides.</param>
    /// <param name="bStep">Floats from B_i to B_(i+1); 0 uses one B for all.</param>
    /// <param name="c">Row r of C_i begins at c + i * cStep + r * cStride; no overlap with A, B or another C_j.</param>
    /// <param name="cStride">At least the number of columns.</param>
    /// <param name="cStep">Floats from C_i to C_(i+1).</param>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="accumulate">Whether the chains resume from C.</param>
    /// <param name="scratch"><see cref="ScratchFloats"/> floats.</param>
    public static void Multiply(ThreadTeam team, in Matrix a, long aStep, in Matrix b, long bStep, float* c, long cStride,
        long cStep, int batch, bool accumulate, float* scratch)
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
            Batch = batch,
            Accumulate = accumulate,
            Scratch = scratch,
            Slots = Slots(team, batch),
        };
        if (job.Slots > 1) team.Run(job, job.Slots);
        else for (var item = 0; item < batch; item++) job.Multiply(team, item, scratch);
    }

    // With few items the threads share each one, and one slot of scratch will do.
    private static int Slots(ThreadTeam team, int batch) =>
        team.ThreadCount > 1 && batch >= 2 * team.ThreadCount ? Math.Min(batch, SlotsPerThread * team.ThreadCount) : 1;

    /// <summary>A part owns one slot of scratch and does every item whose number leaves that rest by the number of slots.
    /// </summary>
    private struct ItemsJob : IParallelJob
    {
        public Matrix A;
        public Matrix B;
        public float* C;
        public float* Scratch;
        public long AStep;
        public long BStep;
        public long CStride;
        public long CStep;
        public int Batch;
        public int Slots;
        public bool Accumulate;

        public readonly void Run(int part)
        {
            var scratch = Scratch + part * MatrixProduct.ScratchFloats(A.Rows, B.Columns, A.Columns);
            for (var item = part; item < Batch; item += Slots) Multiply(Alone, item, scratch);
        }

        public readonly void Multiply(ThreadTeam team, int item, float* scratch) =>
            MatrixProduct.Multiply(team, A.MovedBy(item * AStep), B.MovedBy(item * BStep), C + item * CStep, CStride, Accumulate,
                scratch, default(NoEpilogue));
    }
}
