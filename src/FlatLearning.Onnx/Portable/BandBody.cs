using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Terms;
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
internal sealed class BandBody(BodyContext context, IReadOnlyList<CodeForm> bands)
{
    private readonly OpBuilder _ops = context.Ops;
    private readonly int[] _bits = [.. bands.Select(band => band.Bits)];
    private readonly int[] _taps = [.. bands.Select(band => band.Taps)];

    /// <summary>code [K, N], float32.</summary>
    public string Decode()
    {
        string starts = _ops.Cast(WeightInput.Bands.Name(), DataType.Int64);
        string lengths = _ops.Reshape(_ops.Slice(starts, 0, -1, int.MaxValue), -1);
        string lines = _ops.Mul(lengths, _ops.Int64([.. _bits.Select(bits => (long)bits)]));

        // g/8, since a band of b bits takes b · g/8 bytes a row.
        string unit = _ops.Div(_ops.Shape(WeightInput.Codes.Name()), _ops.ReduceSum(lines, 0));
        string ends = _ops.CumulativeSum(_ops.Mul(lines, unit), 0, isExclusive: false);
        List<string> values = [];
        string begin = _ops.Int64(0);
        int table = 0;
        for (int band = 0; band < _bits.Length; band++)
        {
            string end = _ops.Slice(ends, 0, band, band + 1);
            values.Add(
                Band(
                    band, _ops.SliceTo(WeightInput.Codes.Name(), begin, end), _ops.Mul(unit, _ops.Int64(_bits[band])),
                    table));
            begin = end;
            table += _taps[band] << _bits[band];
        }

        values.Add(_ops.Zeros(_ops.Concat(0, [_ops.Int64(1), _ops.Mul(unit, _ops.Int64(8))]), DataType.Float));
        string rows = _ops.Gather(_ops.Concat(0, values), Places(starts, lengths), 0);
        string matrix = _ops.Reshape(_ops.Transpose(rows, 1, 0, 2), 0, -1);
        return _ops.Gather(matrix, Rank(WeightInput.ColumnScale), 1);
    }

    /// <summary>[P + T, g] from the bytes of a band.</summary>
    private string Band(int band, string blob, string rowBytes, int table)
    {
        string lines = _ops.ReshapeTo(blob, _ops.Concat(0, [_ops.Int64(-1), rowBytes]));
        string spare = _ops.Zeros(_ops.Concat(0, [_ops.Int64(_taps[band]), rowBytes]), DataType.Uint8);
        string tables = _ops.Reshape(
            _ops.Slice(WeightInput.Codebook.Name(), 0, table, table + (_taps[band] << _bits[band])), _taps[band], -1);
        return new CodeBody(context, bands[band], tables).Decode(_ops.Unsqueeze(_ops.Concat(0, [lines, spare])));
    }

    /// <summary>
    /// [G, K]: for every group and row, where its codes lie among all rows of all bands; the row of zeros where it has
    /// none.
    /// </summary>
    private string Places(string starts, string lengths)
    {
        int count = _bits.Length;
        string first = _ops.Slice(starts, 0, 0, -1);
        string counts = _ops.Sub(_ops.Slice(starts, 0, 1, int.MaxValue), first);
        string ends = _ops.CumulativeSum(counts, 1, isExclusive: false);
        string heights = _ops.Add(lengths, _ops.Int64([.. _taps.Select(taps => (long)taps)]));
        string above = _ops.CumulativeSum(heights, 0, isExclusive: true);
        string zero = _ops.ReduceSum(heights, 0);

        // Row k of a section lies at k + offset. Without codes the offset alone is beyond the end.
        string offsets = _ops.Sub(_ops.Add(above, first), _ops.Sub(ends, counts));
        string none = _ops.Add(_ops.Mul(_ops.Slice(first, 1, 0, 1), _ops.Int64(0)), zero);
        string all = _ops.Reshape(_ops.Concat(1, [offsets, none]), -1);

        // How many bands end after the row says which one it is in.
        string row = Rank(WeightInput.RowScale);
        string later = _ops.ReduceSum(_ops.Cast(_ops.Less(row, _ops.Reshape(ends, 0, count, 1)), DataType.Int64), 1);
        string band = _ops.Reshape(_ops.Sub(_ops.Int64(count), later), 0, -1);
        string group = _ops.Reshape(_ops.Range(_ops.Slice(_ops.Shape(first), 0, 0, 1)), -1, 1);
        string offset = _ops.Gather(all, _ops.Add(_ops.Mul(group, _ops.Int64(count + 1)), band), 0);
        return _ops.Smaller(_ops.Add(offset, row), zero);
    }

    /// <summary>Where a row or column stands when they are sorted by scale.</summary>
    private string Rank(WeightInput scale)
    {
        string values = _ops.Cast(scale.Name(), DataType.Float);
        string count = _ops.Shape(scale.Name());
        string order = _ops.Sort(values, count, isLargestFirst: true);
        return _ops.Sort(order, count, isLargestFirst: false);
    }
}
