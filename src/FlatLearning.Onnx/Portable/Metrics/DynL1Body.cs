using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable.Metrics;

/// <summary>
/// The dyn-l1 metric in standard operators. Both sides' codes i, j lie on one grid of 2^s levels, so that with the
/// signs s_l(i) = +1 for i &gt; l, else -1, over the L = 2^s - 1 gaps of the grid |i - j| = (L - sum over l of s_l(i)
/// s_l(j)) / 2: exact, and one matrix product with an inner dimension of D·L.
/// </summary>
internal sealed class DynL1Body(OpBuilder ops, MetricBody metric, ByteTables bytes)
{
    private readonly int _levels = 1 << metric.StateBits;
    private readonly int _coordinates = metric.Heads * metric.StateDim;

    /// <summary>metric(p, q), float32, [K, N] with the padding of both state blobs.</summary>
    public string Decode()
    {
        string range = ops.Cast(WeightInput.StateRange.Name(), DataType.Float);
        string lambda = ops.Reshape(ops.Cast(WeightInput.MetricParameters.Name(), DataType.Float), -1, 1);
        string steps = ops.Abs(ops.Slice(range, 0, 1, 2));
        string weights =
            ops.Reshape(ops.Mul(ops.Reshape(steps, metric.Heads, metric.StateDim), lambda), _coordinates, 1, 1);

        string signs = Signs();
        int gaps = _levels - 1;
        string weighted = ops.Reshape(ops.Mul(signs, weights), -1, gaps);
        StateBody states = new(ops, bytes, metric.StateBits);
        string rowCodes = ops.Transpose(states.Decode(WeightInput.RowStates.Name()), 1, 0);
        string columnCodes = ops.Transpose(states.Decode(WeightInput.ColumnStates.Name()), 1, 0);

        float[] first = new float[_coordinates];
        for (int i = 0; i < first.Length; i++)
        {
            first[i] = i * _levels;
        }

        string rowIndex = ops.Cast(ops.Add(rowCodes, ops.Floats(first, _coordinates)), DataType.Int32);
        string rows = ops.Reshape(ops.Gather(weighted, rowIndex, 0), 0, -1);
        string small = ops.Gather(ops.Cast(signs, DataType.Int8), ops.Cast(columnCodes, DataType.Int32), 0);
        string columns = ops.Cast(ops.Reshape(small, 0, -1), DataType.Float);

        string half = ops.Mul(ops.ReduceSumAll(weights), ops.Scalar(0.5f * gaps));
        return ops.GemmTransposedB(rows, columns, ops.Reshape(half, 1), -0.5f);
    }

    /// <summary>s_l(i), [2^s, 2^s - 1]: clip(2 (i - l) - 1, -1, 1).</summary>
    private string Signs()
    {
        float[] level = new float[_levels];
        float[] gap = new float[_levels - 1];
        for (int i = 0; i < _levels; i++)
        {
            level[i] = (2 * i) - 1;
            if (i < gap.Length)
            {
                gap[i] = 2 * i;
            }
        }

        return ops.Clip(ops.Sub(ops.Floats(level, _levels, 1), ops.Floats(gap, gap.Length)), -1, 1);
    }
}
