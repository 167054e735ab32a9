namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// What decoders look up: for every class of one shape, both parities and each of 2^12 slots, the level (low byte, -128
/// for the escape), the slot's place within its level (12 bits) and the level's share less one (12 bits). 32 KB a
/// class. Tables are shared by all weights of a shape, and a class is filled when a weight first uses it; between
/// models they may be collected.
/// </summary>
internal sealed class SlotTable
{
    /// <summary>The level that stands for an escape.</summary>
    public const int EscapeLevel = -128;

    private static readonly Lock Filling = new();
    private static readonly WeakReference<SlotTable>?[] Known = new WeakReference<SlotTable>?[EntropyModel.Shapes];

    private readonly bool[] _filled = new bool[EntropyModel.Classes];

    private SlotTable()
    {
    }

    /// <summary>The entries, [classes, 2, 2^12]; zeros for classes that no weight has used yet.</summary>
    public uint[] Entries { get; } = new uint[EntropyModel.Classes * 2 * EntropyModel.Total];

    /// <summary>The table of a shape, with all classes of a weight.</summary>
    public static SlotTable Of(int shape, EntropyFields fields)
    {
        lock (Filling)
        {
            if (Known[shape] is not { } known || !known.TryGetTarget(out SlotTable? table))
            {
                Known[shape] = new WeakReference<SlotTable>(table = new SlotTable());
            }

            table.Fill(
                shape,
                EntropyModel.ClassOf(fields.RowClasses.Min(), fields.ColumnClasses.Min()),
                EntropyModel.ClassOf(fields.RowClasses.Max(), fields.ColumnClasses.Max()));
            return table;
        }
    }

    /// <summary>Where the slots of a class and parity begin.</summary>
    public static int Offset(int index, int parity) => ((index * 2) + parity) << EntropyModel.PrecisionBits;

    private void Fill(int shape, int first, int last)
    {
        Span<int> shares = stackalloc int[EntropyModel.Places];
        for (int index = first; index <= last; index++)
        {
            for (int parity = 0; parity < 2 && !_filled[index]; parity++)
            {
                EntropyModel.Shares(shape, index, parity, shares);
                Fill(Entries.AsSpan(Offset(index, parity), EntropyModel.Total), shares);
            }

            _filled[index] = true;
        }
    }

    private static void Fill(Span<uint> slots, ReadOnlySpan<int> shares)
    {
        int slot = 0;
        for (int place = 0; place < shares.Length; place++)
        {
            uint level = (byte)(sbyte)(place - 128);
            for (int i = 0; i < shares[place]; i++)
            {
                slots[slot++] = level | ((uint)i << 8) | ((uint)(shares[place] - 1) << 20);
            }
        }
    }
}
