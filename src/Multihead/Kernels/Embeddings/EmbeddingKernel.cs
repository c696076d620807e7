using System.Runtime.CompilerServices;
using Multihead.Kernels.Reductions;
using Multihead.Kernels.Simd;
using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Embeddings;

/// <summary>Rows of a table looked up by number, and the gradient of the table.</summary>
internal static unsafe class EmbeddingKernel
{
    /// <summary>y[i] = scale * table[ids[i]], plus positions[positionIds[i]] where positions are given.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="ids">[count], rows of the table.</param>
    /// <param name="table">[vocabulary, width].</param>
    /// <param name="y">[count, width].</param>
    /// <param name="count">Tokens.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="scale">What the table is multiplied by; the paper's is sqrt(width).</param>
    /// <param name="positions">[positions, width], or null.</param>
    /// <param name="positionIds">[count], rows of <paramref name="positions"/>; null exactly if those are.</param>
    public static void Gather(ThreadTeam team, int* ids, float* table, float* y, int count, int width, float scale,
        float* positions = null, int* positionIds = null) =>
        RowLoop.Run(team, new GatherRow(ids, table, y, width, scale, positions, positionIds), count, width);

    /// <summary>dtable[ids[i]] += scale * dy[i], tokens ascending: every part owns some columns of the table, so repeated
    /// tokens need no locks and add up in one order.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="ids">[count], rows of the table.</param>
    /// <param name="dy">[count, width].</param>
    /// <param name="dtable">[vocabulary, width], added to.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="scale">That of <see cref="Gather"/>.</param>
    public static void Scatter(ThreadTeam team, int* ids, float* dy, float* dtable, int count, int width, float scale) =>
        ColumnLoop.Run(team, new ScatterColumns(ids, dy, dtable, count, width, scale), width);

    internal readonly struct GatherRow(int* ids, float* table, float* y, int width, float scale, float* positions,
        int* positionIds) : IRowStep
    {
        public void Row<TSimd, V>(int row) where TSimd : struct, ISimd<V> where V : struct
        {
            float* source = table + (long)ids[row] * width, result = y + (long)row * width;
            if (positions == null)
            {
                FlatLoop.Range<TSimd, V, VectorScale.ScaleStep>(new VectorScale.ScaleStep(source, result, scale), 0, width);
                return;
            }
            var step = new AddScaledStep(source, scale, positions + (long)positionIds[row] * width, result);
            FlatLoop.Range<TSimd, V, AddScaledStep>(step, 0, width);
        }
    }

    internal readonly struct ScatterColumns(int* ids, float* dy, float* dtable, int count, int width, float scale) : IColumnStep
    {
        public void Columns<TSimd, V>(int first, int end) where TSimd : struct, ISimd<V> where V : struct
        {
            for (var i = 0; i < count; i++)
            {
                var row = dtable + (long)ids[i] * width;
                FlatLoop.Range<TSimd, V, AddScaledStep>(new AddScaledStep(dy + (long)i * width, scale, row, row), first, end);
            }
        }
    }

    /// <summary>z[i] = x[i] * scale + y[i].</summary>
    private readonly struct AddScaledStep(float* x, float scale, float* y, float* z) : IVectorStep
    {
        private readonly float* _x = x;
        private readonly float _scale = scale;
        private readonly float* _y = y;
        private readonly float* _z = z;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Step<TSimd, V>(long index, int lanes) where TSimd : struct, ISimd<V> where V : struct
        {
            var scaled = TSimd.MultiplyAdd(TSimd.LoadPart(_x + index, lanes), TSimd.Create(_scale),
                TSimd.LoadPart(_y + index, lanes));
            TSimd.StorePart(scaled, _z + index, lanes);
        }
    }
}
