namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// What a stream says per row and column: the classes that choose a level's probabilities, and how rows and columns
/// change the step.
/// </summary>
/// <param name="RowClasses">a [K], -32 to 31.</param>
/// <param name="ColumnClasses">b [N], 0 to 63.</param>
/// <param name="RowSteps">Half octaves by which a row's step is larger than the weight's, [K], -32 to 31.</param>
/// <param name="ColumnSteps">The same of columns, [N].</param>
public sealed record EntropyFields(int[] RowClasses, int[] ColumnClasses, int[] RowSteps, int[] ColumnSteps)
{
    /// <summary>What is added to signed values to store them in six bits.</summary>
    public const int Offset = 32;

    private const int Symbols = 64;

    /// <summary>Whether all rows have the weight's own step.</summary>
    public bool HasRowSteps => RowSteps.AsSpan().ContainsAnyExcept(0);

    /// <summary>Whether all columns have the weight's own step.</summary>
    public bool HasColumnSteps => ColumnSteps.AsSpan().ContainsAnyExcept(0);

    /// <summary>2^(halves/2).</summary>
    public static float Factor(int halves) => (float)Math.ScaleB((halves & 1) != 0 ? Math.Sqrt(2) : 1, halves >> 1);

    /// <summary>The coded fields.</summary>
    internal byte[] Write()
    {
        SideWriter writer = new();
        Write(writer, RowClasses, Offset);
        Write(writer, ColumnClasses, 0);
        Write(writer, RowSteps, Offset);
        Write(writer, ColumnSteps, Offset);
        return writer.Finish();
    }

    /// <summary>Reads coded fields.</summary>
    /// <exception cref="DynFormatException">They end too early.</exception>
    internal static EntropyFields Read(ReadOnlySpan<byte> bytes, int rows, int columns)
    {
        SideReader reader = new(bytes);
        return new EntropyFields(
            Read(ref reader, rows, Offset),
            Read(ref reader, columns, 0),
            Read(ref reader, rows, Offset),
            Read(ref reader, columns, Offset));
    }

    // A field is written as itself or as differences to the value before, whichever is shorter; a leading symbol of its
    // own says which. The first value follows 0.
    private static void Write(SideWriter writer, int[] field, int offset)
    {
        bool differences = Length(field, offset, true) < Length(field, offset, false);
        writer.Write(new SideCoder(), differences ? 1 : 0);
        Write(writer, field, offset, differences);
    }

    private static int Length(int[] field, int offset, bool differences)
    {
        SideWriter writer = new();
        Write(writer, field, offset, differences);
        return writer.Finish().Length;
    }

    private static void Write(SideWriter writer, int[] field, int offset, bool differences)
    {
        SideCoder coder = new();
        int before = 0;
        foreach (int value in field)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value + offset, nameof(field));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value + offset, Symbols, nameof(field));
            writer.Write(coder, (value + offset - before) & (Symbols - 1));
            before = differences ? value + offset : 0;
        }
    }

    private static int[] Read(ref SideReader reader, int count, int offset)
    {
        bool differences = reader.Read(new SideCoder()) != 0;
        SideCoder coder = new();
        int[] field = new int[count];
        int before = 0;
        for (int i = 0; i < count; i++)
        {
            int value = (reader.Read(coder) + before) & (Symbols - 1);
            field[i] = value - offset;
            before = differences ? value : 0;
        }

        return field;
    }
}
