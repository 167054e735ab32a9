using System.Numerics;

namespace FlatLearning.Dyn.Layout;

/// <summary>
/// Where the bits of a packed matrix of codes lie: section "Packing" of <c>schemas/DynMatMul.md</c>. The blob is
/// [<see cref="Groups"/>, <see cref="Rows"/>, <see cref="BytesPerRow"/>] bytes.
/// </summary>
public readonly record struct CodeLayout
{
    /// <summary>The largest group width that a file may use.</summary>
    public const int MaxGroupWidth = 1024;

    /// <summary>Creates a layout. Throws <see cref="DynFormatException"/> where a number is out of range.</summary>
    /// <param name="rows">R, 1 or more.</param>
    /// <param name="columns">C, 1 or more.</param>
    /// <param name="bits">b, 1 to 8.</param>
    /// <param name="groupWidth">g, a multiple of 8 from 8 to <see cref="MaxGroupWidth"/>.</param>
    public CodeLayout(int rows, int columns, int bits, int groupWidth)
    {
        if (rows < 1 || columns < 1)
        {
            throw new DynFormatException(
                $"a packed matrix needs at least one row and one column, found {rows} x {columns}");
        }

        if (bits is < 1 or > 8)
        {
            throw new DynFormatException($"codes have 1 to 8 bits, found {bits}");
        }

        if (groupWidth < 8 || groupWidth > MaxGroupWidth || groupWidth % 8 != 0)
        {
            throw new DynFormatException(
                $"a group has a multiple of 8 columns from 8 to {MaxGroupWidth}, found {groupWidth}");
        }

        (Rows, Columns, Bits, GroupWidth) = (rows, columns, bits, groupWidth);
    }

    /// <summary>R.</summary>
    public int Rows { get; }

    /// <summary>C.</summary>
    public int Columns { get; }

    /// <summary>b.</summary>
    public int Bits { get; }

    /// <summary>g.</summary>
    public int GroupWidth { get; }

    /// <summary>G = ceil(C / g).</summary>
    public int Groups => (int)(((long)Columns + GroupWidth - 1) / GroupWidth);

    /// <summary>Bytes of one row of one group, b·g/8.</summary>
    public int BytesPerRow => Bits * GroupWidth / 8;

    /// <summary>Bytes of the blob.</summary>
    public long ByteLength => (long)Groups * Rows * BytesPerRow;

    /// <summary>Columns of a group: g, or what is left for the last.</summary>
    public int WidthOf(int group) => (int)Math.Min(GroupWidth, Columns - ((long)group * GroupWidth));

    /// <summary>
    /// The width of the plane that starts at bit <paramref name="lowBit"/> of a code: planes are the set bits of b,
    /// widest first.
    /// </summary>
    public static int PlaneWidth(int bits, int lowBit) => 1 << BitOperations.Log2((uint)(bits - lowBit));

    /// <summary>Byte offset of one row of one group.</summary>
    public long Offset(int group, int row) => (((long)group * Rows) + row) * BytesPerRow;

    /// <summary>
    /// The group width that wastes the fewest padded columns, the one nearest to 128 among equals: 128 for every
    /// multiple of 128. Candidates are 64 to 192 columns, or one group for narrower matrices.
    /// </summary>
    public static int ChooseGroupWidth(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        int best = 0;
        long bestPadded = long.MaxValue;
        int narrowest = Math.Min(64, (columns + 7) / 8 * 8);
        for (int width = narrowest; width <= 192; width += 8)
        {
            long padded = ((long)columns + width - 1) / width * width;
            bool nearer = Math.Abs(width - 128) < Math.Abs(best - 128);
            if (padded < bestPadded || (padded == bestPadded && nearer))
            {
                (best, bestPadded) = (width, padded);
            }
        }

        return best;
    }

    /// <summary>
    /// The layout of a blob from its dimensions. Throws <see cref="DynFormatException"/> when they do not follow from
    /// R, C and b.
    /// </summary>
    public static CodeLayout FromShape(ReadOnlySpan<long> shape, int rows, int columns, int bits, string name)
    {
        // The bound on the bytes comes first: eight times a huge dimension would wrap around to a valid width.
        if (shape.Length == 3 && shape[2] > 0 && shape[2] <= MaxGroupWidth && shape[2] * 8 % bits == 0
            && shape[2] * 8 / bits <= MaxGroupWidth && shape[2] * 8 / bits % 8 == 0)
        {
            CodeLayout layout = new(rows, columns, bits, (int)(shape[2] * 8 / bits));
            if (shape[0] == layout.Groups && shape[1] == rows)
            {
                return layout;
            }
        }

        throw new DynFormatException(
            $"{name} has the shape [{string.Join(", ", shape.ToArray())}], expected [ceil({columns}/g), {rows}, "
                + $"{bits}*g/8] for a group width g that is a multiple of 8 up to {MaxGroupWidth}");
    }
}
