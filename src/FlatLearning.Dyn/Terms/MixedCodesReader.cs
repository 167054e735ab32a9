using System.Buffers.Binary;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>
/// Reads <see cref="MixedCodes"/> from a node, with the care of <see cref="DynWeightReader"/> for what a file may hold.
/// </summary>
internal static class MixedCodesReader
{
    /// <summary>
    /// Reads and checks the codes; null where there are none. Throws <see cref="DynFormatException"/>.
    /// </summary>
    public static MixedCodes? Read(WeightNode node)
    {
        IReadOnlyList<long> bits = node.Ints(MixedCodes.BandBitsAttribute);
        IReadOnlyList<long> taps = node.Ints(MixedCodes.BandTapsAttribute);
        if (bits.Count == 0)
        {
            node.RequireAbsent("band_bits is absent", WeightInput.Bands);
            return null;
        }

        long uniform = node.Int(UniformCodes.BitsAttribute);
        if (uniform != 0 || node.Storage != StorageKinds.Packed)
        {
            throw new DynFormatException(
                $"attribute band_bits is there although bits is {uniform} and storage {node.Storage}, expected 0 and "
                    + $"{StorageKinds.Packed}");
        }

        if (bits.Count > BandedCodes.MaxBands || taps.Count != bits.Count)
        {
            throw new DynFormatException(
                $"attributes band_bits and band_taps have {bits.Count} and {taps.Count} numbers, expected as many "
                    + $"of both, 1 to {BandedCodes.MaxBands}");
        }

        long groupWidth = node.Int(MixedCodes.GroupWidthAttribute);
        if (groupWidth is < 8 or > CodeLayout.MaxGroupWidth || groupWidth % 8 != 0)
        {
            throw new DynFormatException(
                $"attribute group_width is {groupWidth}, expected a multiple of 8 from 8 to "
                    + $"{CodeLayout.MaxGroupWidth}");
        }

        (int rows, int columns, int width) = (node.Rows, node.Columns, (int)groupWidth);
        int[] starts = Starts(node, new CodeLayout(rows, columns, 1, width).Groups, bits.Count);
        ParameterTensor tables = node.Parameters(WeightInput.Codebook);
        ReadOnlyMemory<byte> codes = node.Bytes(WeightInput.Codes);
        List<CodeBand> bands = [];
        (long tableAt, long codeAt) = (0, 0);
        for (int band = 0; band < bits.Count; band++)
        {
            (int b, int t) = Sizes(bits[band], taps[band]);
            int values = t << b;
            if (tables.Shape.Length != 1 || tableAt + values > tables.Values.Length)
            {
                throw new DynFormatException(
                    $"input codebook has the shape [{string.Join(", ", tables.Shape)}], expected the tables of all "
                        + "bands one after the other");
            }

            Codebook codebook =
                new(new ParameterTensor(tables.Values.AsSpan((int)tableAt, values), [t, 1 << b], tables.Type), b, t);
            int length = starts[^(bits.Count - band)];
            long bytes = length < 0 ? -1 : (long)length * b * width / 8;
            if (bytes < 0 || codeAt + bytes > codes.Length)
            {
                throw new DynFormatException(
                    $"input codes has {codes.Length} bytes, but band {band} ends at byte {codeAt + bytes}");
            }

            bands.Add(
                new CodeBand(
                    codebook,
                    length == 0
                        ? null
                        : new PackedCodes(
                            new CodeLayout(length, width, b, width), codes.Slice((int)codeAt, (int)bytes))));
            (tableAt, codeAt) = (tableAt + values, codeAt + bytes);
        }

        if (tableAt != tables.Values.Length || codeAt != codes.Length)
        {
            throw new DynFormatException(
                $"inputs codebook and codes have {tables.Values.Length} values and {codes.Length} bytes, "
                    + $"expected {tableAt} and {codeAt}");
        }

        return new MixedCodes(new BandedCodes(rows, columns, width, bands, starts));
    }

    private static (int Bits, int Taps) Sizes(long bits, long taps) =>
        bits is 2 or 3 or 4 or 5 or 6 or 8 && taps is >= 1 and <= Codebook.MaxTaps
            ? ((int)bits, (int)taps)
            : throw new DynFormatException(
                $"a band has {bits} bits and {taps} taps, expected 2, 3, 4, 5, 6 or 8 bits and 1 to "
                    + $"{Codebook.MaxTaps} taps");

    private static int[] Starts(WeightNode node, int groups, int bands)
    {
        ConstantTensor tensor = node.WholeNumbers(WeightInput.Bands, TensorType.UInt16, TensorType.Int32);
        int size = tensor.ElementType.Bytes();
        if (tensor.Shape.Length != 2
            || tensor.Shape[0] != groups + 1L
            || tensor.Shape[1] != bands
            || tensor.Bytes.Length != (groups + 1L) * bands * size)
        {
            throw new DynFormatException(
                $"input bands has the shape [{string.Join(", ", tensor.Shape)}], expected [{groups + 1L}, {bands}]: "
                    + "column groups and 1, bands");
        }

        int[] starts = new int[(groups + 1) * bands];
        for (int i = 0; i < starts.Length; i++)
        {
            ReadOnlySpan<byte> bytes = tensor.Bytes.Span.Slice(i * size, size);
            starts[i] = size == 2
                ? BinaryPrimitives.ReadUInt16LittleEndian(bytes)
                : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        }

        return starts;
    }
}
