using FlatLearning.Dyn.Operators;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Decodes codes of several widths: every band as the plain matrix that it is, all of them below each other, and then
/// one look-up of rows that puts each section where it belongs, in the natural order of rows, and one of columns.
/// Operator set 11 or newer.
/// </summary>
/// <remarks>
/// Sizes come from the tensors alone. A band may be empty, which reshaping does not survive: each gets as many rows of
/// zero bytes behind it as it has taps.
/// </remarks>
internal sealed class BandBody(OpBuilder ops, DynStructure structure, ByteTables bytes)
{
    /// <summary>
    /// The oldest operator set with a range, a cumulative sum and a sort that takes its length from a value.
    /// </summary>
    public const int OldestOpset = 11;

    private readonly int[] _bits = [.. structure.Bands.Bits];
    private readonly int[] _taps = [.. structure.Bands.Taps];

    /// <summary>code [K, N], float32.</summary>
    public string Decode()
    {
        string starts = ops.Cast(WeightInput.Bands.Name(), DataType.Int64);
        string lengths = ops.Reshape(ops.Slice(starts, 0, -1, int.MaxValue), -1);
        string lines = ops.Mul(lengths, ops.Int64([.. _bits.Select(bits => (long)bits)]));

        // g/8, since a band of b bits takes b · g/8 bytes a row.
        string unit = ops.Div(ops.Shape(WeightInput.Codes.Name()), ops.ReduceSum(lines, 0));
        string ends = ops.CumulativeSum(ops.Mul(lines, unit), 0, isExclusive: false);
        List<string> values = [];
        string begin = ops.Int64(0);
        int table = 0;
        for (int band = 0; band < _bits.Length; band++)
        {
            string end = ops.Slice(ends, 0, band, band + 1);
            values.Add(
                Band(
                    band, ops.SliceTo(WeightInput.Codes.Name(), begin, end), ops.Mul(unit, ops.Int64(_bits[band])), table));
            begin = end;
            table += _taps[band] << _bits[band];
        }

        values.Add(ops.Zeros(ops.Concat(0, [ops.Int64(1), ops.Mul(unit, ops.Int64(8))]), DataType.Float));
        string rows = ops.Gather(ops.Concat(0, values), Places(starts, lengths), 0);
        string matrix = ops.Reshape(ops.Transpose(rows, 1, 0, 2), 0, -1);
        return ops.Gather(matrix, Rank(WeightInput.ColumnScale), 1);
    }

    /// <summary>[P + T, g] from the bytes of a band.</summary>
    private string Band(int band, string blob, string rowBytes, int table)
    {
        string lines = ops.ReshapeTo(blob, ops.Concat(0, [ops.Int64(-1), rowBytes]));
        string spare = ops.Zeros(ops.Concat(0, [ops.Int64(_taps[band]), rowBytes]), DataType.Uint8);
        string tables = ops.Reshape(
            ops.Slice(WeightInput.Codebook.Name(), 0, table, table + (_taps[band] << _bits[band])), _taps[band], -1);
        DynStructure plain =
            structure with { Bits = _bits[band], Taps = _taps[band], IsWindow = false, HasFewRows = false };
        return new CodeBody(ops, plain, bytes, tables).Decode(ops.Unsqueeze(ops.Concat(0, [lines, spare])));
    }

    /// <summary>
    /// [G, K]: for every group and row, where its codes lie among all rows of all bands; the row of zeros where it has
    /// none.
    /// </summary>
    private string Places(string starts, string lengths)
    {
        int bands = _bits.Length;
        string first = ops.Slice(starts, 0, 0, -1);
        string counts = ops.Sub(ops.Slice(starts, 0, 1, int.MaxValue), first);
        string ends = ops.CumulativeSum(counts, 1, isExclusive: false);
        string heights = ops.Add(lengths, ops.Int64([.. _taps.Select(taps => (long)taps)]));
        string above = ops.CumulativeSum(heights, 0, isExclusive: true);
        string zero = ops.ReduceSum(heights, 0);

        // Row k of a section lies at k + offset. Without codes the offset alone is beyond the end.
        string offsets = ops.Sub(ops.Add(above, first), ops.Sub(ends, counts));
        string none = ops.Add(ops.Mul(ops.Slice(first, 1, 0, 1), ops.Int64(0)), zero);
        string all = ops.Reshape(ops.Concat(1, [offsets, none]), -1);

        // How many bands end after the row says which one it is in.
        string row = Rank(WeightInput.RowScale);
        string later = ops.ReduceSum(ops.Cast(ops.Less(row, ops.Reshape(ends, 0, bands, 1)), DataType.Int64), 1);
        string band = ops.Reshape(ops.Sub(ops.Int64(bands), later), 0, -1);
        string group = ops.Reshape(ops.Range(ops.Slice(ops.Shape(first), 0, 0, 1)), -1, 1);
        string offset = ops.Gather(all, ops.Add(ops.Mul(group, ops.Int64(bands + 1)), band), 0);
        return ops.Smaller(ops.Add(offset, row), zero);
    }

    /// <summary>Where a row or column stands when they are sorted by scale.</summary>
    private string Rank(WeightInput scale)
    {
        string values = ops.Cast(scale.Name(), DataType.Float);
        string count = ops.Shape(scale.Name());
        string order = ops.Sort(values, count, isLargestFirst: true);
        return ops.Sort(order, count, isLargestFirst: false);
    }
}
