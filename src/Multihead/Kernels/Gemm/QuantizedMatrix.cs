using Multihead.Kernels.Threading;

namespace Multihead.Kernels.Gemm;

/// <summary>The right-hand side of an <see cref="Int8Product"/>, such as a weight, quantised and packed once and used many times:
/// signed bytes in words of four, with a scale for each column, or for each column and group of the depth. The memory
/// belongs to the caller.</summary>
internal readonly unsafe struct QuantizedMatrix
{
    /// <summary>Columns of a panel, on every path.</summary>
    public const int PanelColumns = 32;

    /// <summary>Elements of a word.</summary>
    public const int WordElements = 4;

    /// <summary>The largest group beside one that is the whole depth: a block of the depth.</summary>
    public const int MaxGroup = DepthBlocks.Most * WordElements;

    // Beyond it 127 * 127 * depth does not fit 32 bits.
    private const int MaxDepth = 1 << 17;

    public readonly uint* Panels; // [panel, words, PanelColumns]
    public readonly float* Scales; // [groups, panelColumns]
    public readonly int* Starts; // [groups, panelColumns]: -128 times the sum of a column's bytes, as A's are 128 too large
    public readonly int Depth;
    public readonly int Columns;
    public readonly int Group;

    private QuantizedMatrix(byte* memory, int depth, int columns, int group)
    {
        (Depth, Columns, Group) = (depth, columns, group);
        Panels = (uint*)memory;
        Scales = (float*)(Panels + (long)PaddedColumns * Words);
        Starts = (int*)(Scales + (long)PaddedColumns * Groups);
    }

    public int Words => ProductFormat.Int8.Words(Depth);
    public int Groups => GroupCount(Depth, Group);
    public int PaddedColumns => Gemm.Panels.Count(Columns, PanelColumns) * PanelColumns;

    /// <summary>Groups of a depth; one for no depth at all.</summary>
    public static int GroupCount(int depth, int group) => Math.Max(1, (depth + group - 1) / group);

    /// <summary>Bytes of memory that a [depth, columns] matrix takes.</summary>
    public static long ByteCount(int depth, int columns, int group)
    {
        var shape = new QuantizedMatrix(null, depth, columns, group);
        return sizeof(uint) * (long)shape.PaddedColumns * (shape.Words + 2 * shape.Groups);
    }

    /// <summary>Quantises and packs <paramref name="b"/> ([depth, columns]).</summary>
    /// <param name="team">The threads.</param>
    /// <param name="b">Any strides; at most 131,072 deep.</param>
    /// <param name="group">Elements of a column that share a scale: the depth or more for all, else a multiple of 4 up to
    /// <see cref="MaxGroup"/>.</param>
    /// <param name="memory"><see cref="ByteCount"/> bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The depth or the group cannot be served.</exception>
    public static QuantizedMatrix Pack(ThreadTeam team, in Matrix b, int group, byte* memory)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(b.Rows, MaxDepth);
        if (group < 1 || (group < b.Rows && (group > MaxGroup || group % WordElements != 0)))
            throw new ArgumentOutOfRangeException(nameof(group), group,
                $"a group must be the whole depth of {b.Rows}, or a multiple of {WordElements} up to {MaxGroup}");
        var packed = new QuantizedMatrix(memory, b.Rows, b.Columns, group);
        team.Run(new PackJob { Source = b, Packed = packed }, packed.PaddedColumns / PanelColumns);
        return packed;
    }

    private struct PackJob : IParallelJob
    {
        public Matrix Source;
        public QuantizedMatrix Packed;

        public readonly void Run(int part)
        {
            var panel = Packed.Panels + (long)part * PanelColumns * Packed.Words;
            new Span<uint>(panel, checked(PanelColumns * Packed.Words)).Clear();
            for (var lane = 0; lane < PanelColumns; lane++)
                for (var group = 0; group < Packed.Groups; group++)
                    Column((sbyte*)(panel + lane), part * PanelColumns + lane, group);
        }

        private readonly void Column(sbyte* lane, int column, int group)
        {
            var exists = column < Packed.Columns;
            var first = group * Packed.Group;
            var last = exists ? (int)Math.Min(Packed.Depth, (long)first + Packed.Group) : first;
            var source = Source.Data + column * Source.ColumnStride;
            var largest = 0f;
            for (var k = first; k < last; k++) largest = MathF.Max(largest, MathF.Abs(source[k * Source.RowStride]));
            var scale = Int8Scale.For(largest);
            var sum = 0;
            for (var k = first; k < last; k++)
            {
                var q = scale.Quantize(source[k * Source.RowStride]);
                sum += q;
                lane[(long)(k / WordElements) * PanelColumns * WordElements + k % WordElements] = (sbyte)q;
            }
            var at = (long)group * Packed.PaddedColumns + column;
            Packed.Scales[at] = scale.Factor;
            Packed.Starts[at] = -128 * sum;
        }
    }
}
