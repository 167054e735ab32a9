using FlatLearning.Dyn.Operators;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable.Terms;

/// <summary>
/// Sparse elements as a dense matrix: the gaps summed up to positions, and the values scattered over zeros. Operator
/// set 11 or newer.
/// </summary>
internal sealed record SparseBody : TermBody
{
    /// <summary>The oldest operator set with a cumulative sum and a scatter of elements.</summary>
    public const int OldestOpset = 11;

    /// <inheritdoc/>
    public override bool IsScaled => false;

    /// <inheritdoc/>
    public override bool NeedsShape => true;

    internal override WeightInput LastInput => WeightInput.SparseValues;

    internal override string Decode(BodyContext context)
    {
        OpBuilder ops = context.Ops;
        string shape = context.Shape();
        string rows = ops.Slice(shape, 0, 0, 1);
        string columns = ops.Slice(shape, 0, 1, 2);
        string steps = ops.Add(ops.Cast(WeightInput.SparseGaps.Name(), DataType.Int64), ops.Int64(1));
        string positions = ops.Sub(ops.CumulativeSum(steps, 0, isExclusive: false), ops.Int64(1));
        string values = ops.Cast(WeightInput.SparseValues.Name(), DataType.Float);
        string flat = ops.Scatter(ops.Zeros(ops.Mul(rows, columns), DataType.Float), positions, values);
        return ops.Transpose(ops.ReshapeTo(flat, ops.Concat(0, [columns, rows])), 1, 0);
    }
}
