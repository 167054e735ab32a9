using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Decodes a slice eight columns at a time with AVX2: one gather finds level, share and place of eight states, one
/// permutation hands the next words to the states that ran low. The same bytes as <see cref="SliceDecoder"/>.
/// </summary>
internal sealed unsafe class VectorSliceDecoder(
    EntropyHeader header, EntropyFields fields, RowPrediction prediction, SlotTable table)
{
    private const int Lanes = EntropyHeader.LanesPerVector;

    /// <summary>
    /// A chunk reads at most eight words of renormalisation, sixteen bytes from the position; escapes are checked one
    /// by one.
    /// </summary>
    private const int Padding = Lanes * sizeof(ushort);

    /// <summary>For every mask of lanes that take a word, which of the next words each lane takes.</summary>
    private static readonly byte[] Takes = MakeTakes();

    /// <summary>Whether this processor can.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <inheritdoc cref="SliceDecoder.Decode"/>
    public void Decode(ReadOnlySpan<byte> payload, int firstColumn, CodeLayout layout, Span<byte> codes)
    {
        int width = Math.Min(header.SliceColumns, layout.Columns - firstColumn);
        int padded = (width + Lanes - 1) / Lanes * Lanes;
        uint[] states = SliceDecoder.ReadStates(payload, header.Lanes);
        int[] trellis = new int[padded];
        int[] classes = new int[padded];
        fields.ColumnClasses.AsSpan(firstColumn, width).CopyTo(classes);

        // A copy with room behind it, so that whole vectors may be read up to its end.
        byte[] words = new byte[payload.Length + Padding];
        payload.CopyTo(words);
        int end = payload.Length;
        int position = header.Lanes * sizeof(uint);
        int vectors = header.Vectors;
        int vector = 0;
        Vector256<int> lastMask =
            Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(width - (padded - Lanes)));
        Vector256<int> evenCheck = Vector256.Create(LevelTrellis.OfParity(header.Memory));
        Vector256<int> oddCheck = Vector256.Create(LevelTrellis.OfSecondBit(header.Memory));
        Vector256<int> lastClass = Vector256.Create(EntropyModel.Classes - 1);
        fixed (byte* source = words, target = codes, takes = Takes)
        fixed (uint* entries = table.Entries, state = states)
        fixed (int* memory = trellis, column = classes)
        {
            for (int k = 0; k < layout.Rows; k++)
            {
                Vector256<int> rowClass = Vector256.Create(fields.RowClasses[k]);
                for (int first = 0; first < padded; first += Lanes)
                {
                    // Lanes of padding stay within the table too.
                    Vector256<int> index = Vector256.Max(
                        Vector256<int>.Zero, Vector256.Min(lastClass, rowClass + Vector256.Load(column + first)));
                    Vector256<int> path = Vector256.Load(memory + first);
                    Vector256<int> parity = path & Vector256<int>.One;
                    Vector256<uint> x = Vector256.Load(state + (vector * Lanes));
                    Vector256<int> offset = (((index << 1) | parity) << EntropyModel.PrecisionBits)
                        | (x.AsInt32() & Vector256.Create(EntropyModel.Total - 1));
                    Vector256<uint> entry = Avx2.GatherVector256(entries, offset, sizeof(uint));
                    Vector256<uint> next = (((entry >> 20) + Vector256<uint>.One) * (x >> EntropyModel.PrecisionBits))
                        + ((entry >> 8) & Vector256.Create((uint)EntropyModel.Total - 1));
                    Vector256<int> level = (entry.AsInt32() << 24) >> 24;
                    Vector256<int> low = Vector256.Equals(next >> 16, Vector256<uint>.Zero).AsInt32();
                    bool whole = first + Lanes < padded || width == padded;
                    if (!whole)
                    {
                        low &= lastMask;
                        next = Vector256.ConditionalSelect(lastMask.AsUInt32(), next, x);
                    }

                    uint mask = low.ExtractMostSignificantBits();
                    if (position > end)
                    {
                        SliceDecoder.RequireEnd(false);
                    }

                    Vector256<uint> fresh =
                        Vector256.WidenLower(Vector128.Load((ushort*)(source + position)).ToVector256Unsafe());
                    Vector256<int> take = Avx2.ConvertToVector256Int32(takes + (mask * Lanes));
                    fresh = Avx2.PermuteVar8x32(fresh, take.AsUInt32());
                    next = Vector256.ConditionalSelect(low.AsUInt32(), (next << 16) | fresh, next);
                    next.Store(state + (vector * Lanes));
                    position += BitOperations.PopCount(mask) * sizeof(ushort);
                    vector = vector + 1 == vectors ? 0 : vector + 1;

                    uint escapes = Vector256.Equals(level, Vector256.Create(SlotTable.EscapeLevel))
                        .ExtractMostSignificantBits();
                    escapes = whole ? escapes : escapes & lastMask.ExtractMostSignificantBits();
                    if (escapes != 0)
                    {
                        level = ReadEscapes(level, path, escapes, words, end, ref position);
                    }

                    int n = firstColumn + first;
                    byte* row = target + layout.Offset(n / layout.GroupWidth, k) + (n % layout.GroupWidth);
                    if (prediction.Lags.Length > 0)
                    {
                        // The last group of columns may be read beyond its width only where the blob has padding: whole
                        // groups are multiples of eight.
                        level = ((level + Predict(row, layout.BytesPerRow, k)) << 24) >> 24;
                    }

                    path = (path >> 1) ^ (evenCheck & -parity) ^ (oddCheck & -((level >> 1) & Vector256<int>.One));
                    path.Store(memory + first);
                    Vector256<int> code = (level + Vector256.Create(SliceDecoder.CodeOffset)) & Vector256.Create(255);
                    if (whole)
                    {
                        Vector128<ushort> half = Sse41.PackUnsignedSaturate(code.GetLower(), code.GetUpper());
                        Sse2.PackUnsignedSaturate(half.AsInt16(), half.AsInt16())
                            .AsUInt64()
                            .GetLower()
                            .Store((ulong*)row);
                    }
                    else
                    {
                        for (int lane = 0; first + lane < width; lane++)
                        {
                            row[lane] = (byte)code[lane];
                        }
                    }
                }
            }
        }

        SliceDecoder.RequireEnd(position == end && !states.AsSpan().ContainsAnyExcept(SliceDecoder.Start));
    }

    /// <summary>
    /// The predictions of eight columns, from the codes of the rows above: those of a group follow each other.
    /// </summary>
    private Vector256<int> Predict(byte* row, int bytesPerRow, int k)
    {
        Vector256<int> sum = Vector256.Create(1 << RowPrediction.CoefficientBits);
        for (int i = 0; i < prediction.Lags.Length; i++)
        {
            int lag = prediction.Lags[i];
            if (k >= lag)
            {
                Vector256<int> above = Avx2.ConvertToVector256Int32(row - ((long)lag * bytesPerRow))
                    - Vector256.Create(SliceDecoder.CodeOffset);
                sum += above * prediction.Coefficients[i];
            }
        }

        Vector256<int> even = (sum >> (RowPrediction.CoefficientBits + 1)) << 1;
        return Vector256.Max(
            Vector256.Create(-RowPrediction.MaxPrediction),
            Vector256.Min(Vector256.Create(RowPrediction.MaxPrediction), even));
    }

    private static Vector256<int> ReadEscapes(
        Vector256<int> level, Vector256<int> path, uint escapes, byte[] words, int end, ref int position)
    {
        for (; escapes != 0; escapes &= escapes - 1)
        {
            int lane = BitOperations.TrailingZeroCount(escapes);
            SliceDecoder.RequireEnd(position + sizeof(ushort) <= end);
            uint word = MemoryMarshal.Read<ushort>(words.AsSpan(position));
            position += sizeof(ushort);
            level = level.WithElement(lane, SliceDecoder.Escaped(word, path[lane]));
        }

        return level;
    }

    private static byte[] MakeTakes()
    {
        byte[] takes = new byte[(1 << Lanes) * Lanes];
        for (int mask = 0; mask < 1 << Lanes; mask++)
        {
            int word = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                takes[(mask * Lanes) + lane] = (byte)word;
                word += (mask >> lane) & 1;
            }
        }

        return takes;
    }
}
