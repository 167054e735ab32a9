using System.Buffers.Binary;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Decodes a slice one level at a time, straight from the specification: slow, and right. The vectorised decoder's
/// oracle, and its substitute on processors without AVX2.
/// </summary>
internal sealed class SliceDecoder(
    EntropyHeader header, EntropyFields fields, RowPrediction prediction, SlotTable table)
{
    /// <summary>
    /// The states in which an encoder starts and a decoder must end; a state below it takes in a word.
    /// </summary>
    public const uint Start = 1 << 16;

    /// <summary>What is added to a level to make it a code.</summary>
    public const int CodeOffset = 128;

    /// <summary>Decodes the columns from <paramref name="firstColumn"/> on into 8-bit codes.</summary>
    /// <param name="payload">The slice's states and words.</param>
    /// <param name="firstColumn">The slice's first column.</param>
    /// <param name="layout">Layout of the codes, with 8 bits.</param>
    /// <param name="codes">The blob of the codes.</param>
    /// <exception cref="DynFormatException">The stream is damaged.</exception>
    public void Decode(ReadOnlySpan<byte> payload, int firstColumn, CodeLayout layout, Span<byte> codes)
    {
        int width = Math.Min(header.SliceColumns, layout.Columns - firstColumn);
        uint[] states = ReadStates(payload, header.Lanes);
        int[] trellis = new int[width];
        int position = header.Lanes * sizeof(uint);
        int chunk = 0;
        sbyte[] decoded = new sbyte[prediction.Lags.Length > 0 ? (long)layout.Rows * width : 0];
        Span<int> levels = stackalloc int[EntropyHeader.LanesPerVector];
        for (int k = 0; k < layout.Rows; k++)
        {
            for (int first = 0; first < width; first += EntropyHeader.LanesPerVector, chunk++)
            {
                int lanes = Math.Min(EntropyHeader.LanesPerVector, width - first);
                Span<uint> vector =
                    states.AsSpan(chunk % header.Vectors * EntropyHeader.LanesPerVector, EntropyHeader.LanesPerVector);
                for (int lane = 0; lane < lanes; lane++)
                {
                    int n = first + lane;
                    int index = EntropyModel.ClassOf(fields.RowClasses[k], fields.ColumnClasses[firstColumn + n]);
                    int slot = (int)(vector[lane] & (EntropyModel.Total - 1));
                    uint entry = table.Entries[SlotTable.Offset(index, trellis[n] & 1) + slot];
                    levels[lane] = (sbyte)entry;
                    vector[lane] = (((entry >> 20) + 1) * (vector[lane] >> EntropyModel.PrecisionBits))
                        + ((entry >> 8) & (EntropyModel.Total - 1));
                    if (vector[lane] < Start)
                    {
                        vector[lane] = (vector[lane] << 16) | ReadWord(payload, ref position);
                    }
                }

                for (int lane = 0; lane < lanes; lane++)
                {
                    int n = firstColumn + first + lane;
                    int difference = levels[lane] == SlotTable.EscapeLevel
                        ? Escaped(ReadWord(payload, ref position), trellis[first + lane])
                        : levels[lane];
                    int level = (sbyte)(difference + prediction.Of(decoded, width, k, first + lane));
                    if (decoded.Length > 0)
                    {
                        decoded[(k * width) + first + lane] = (sbyte)level;
                    }

                    trellis[first + lane] = LevelTrellis.Next(header.Memory, trellis[first + lane], level);
                    codes[(int)layout.Offset(n / layout.GroupWidth, k) + (n % layout.GroupWidth)] =
                        (byte)(level + CodeOffset);
                }
            }
        }

        RequireEnd(position == payload.Length && Array.TrueForAll(states, state => state == Start));
    }

    /// <summary>The lanes' first states.</summary>
    public static uint[] ReadStates(ReadOnlySpan<byte> payload, int lanes)
    {
        Require(
            payload.Length >= lanes * sizeof(uint) && payload.Length % sizeof(ushort) == 0,
            "the entropy-coded stream has a slice of impossible length");
        uint[] states = new uint[lanes];
        for (int lane = 0; lane < lanes; lane++)
        {
            states[lane] = BinaryPrimitives.ReadUInt32LittleEndian(payload[(lane * sizeof(uint))..]);
            Require(states[lane] >= Start, "the entropy-coded stream has an impossible state");
        }

        return states;
    }

    /// <summary>The difference that an escape's word is.</summary>
    public static int Escaped(uint word, int state)
    {
        int level = (short)word;
        Require(
            level is >= -EntropyModel.MaxDifference and <= EntropyModel.MaxDifference && (level & 1) == (state & 1),
            "the entropy-coded stream has an impossible level");
        return level;
    }

    /// <summary>Throws unless a slice ended where and as it should.</summary>
    public static void RequireEnd(bool condition) =>
        Require(condition, "the entropy-coded stream does not end where its weight does");

    private static uint ReadWord(ReadOnlySpan<byte> payload, ref int position)
    {
        RequireEnd(position + sizeof(ushort) <= payload.Length);
        position += sizeof(ushort);
        return BinaryPrimitives.ReadUInt16LittleEndian(payload[(position - sizeof(ushort))..]);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message + "; the file is damaged");
        }
    }
}
