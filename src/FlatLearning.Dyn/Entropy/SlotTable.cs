namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// What a decoder looks up: for every class that a weight uses, both parities and each of 2^12 slots, the level (low
/// byte, -128 for the escape), the slot's place within its level (12 bits) and the level's share less one (12 bits). 32
/// KB a class.
/// </summary>
internal sealed class SlotTable
{
    /// <summary>The level that stands for an escape.</summary>
    public const int EscapeLevel = -128;

    public SlotTable(int shape, EntropyFields fields)
    {
        FirstClass = EntropyModel.ClassOf(Min(fields.RowClasses), Min(fields.ColumnClasses));
        LastClass = EntropyModel.ClassOf(Max(fields.RowClasses), Max(fields.ColumnClasses));
        Entries = new uint[(LastClass - FirstClass + 1) * 2 * EntropyModel.Total];
        Span<int> shares = stackalloc int[EntropyModel.Places];
        for (int index = FirstClass; index <= LastClass; index++)
        {
            for (int parity = 0; parity < 2; parity++)
            {
                EntropyModel.Shares(shape, index, parity, shares);
                Fill(Entries.AsSpan(Offset(index, parity), EntropyModel.Total), shares);
            }
        }
    }

    /// <summary>The entries, [classes, 2, 2^12].</summary>
    public uint[] Entries { get; }

    /// <summary>The smallest class in the table.</summary>
    public int FirstClass { get; }

    /// <summary>The largest class in the table.</summary>
    public int LastClass { get; }

    /// <summary>Where the slots of a class and parity begin.</summary>
    public int Offset(int index, int parity) => (((index - FirstClass) * 2) + parity) << EntropyModel.PrecisionBits;

    private static int Min(int[] values) => values.Min();

    private static int Max(int[] values) => values.Max();

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
