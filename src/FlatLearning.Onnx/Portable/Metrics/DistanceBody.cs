using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable.Metrics;

/// <summary>
/// dyn-l2 and dyn-inverse-l2 in standard operators. ||a - b||² + softening = (-2a, |a|², 1) · (b, 1, |b|² + softening):
/// one product of inner dimension d + 2 for all heads at once, on whole numbers whose partial sums stay below 2^24 and
/// so are exact; then roots and the sum over heads. The origin is moved to the middle of each coordinate, which is what
/// keeps partial sums there (docs/decisions/0004-one-grid-per-head.md).
/// </summary>
internal sealed class DistanceBody(OpBuilder ops, MetricBody metric, ByteTables bytes)
{
    private readonly int _heads = metric.Heads;
    private readonly int _coordinates = metric.Heads * metric.StateDim;

    /// <summary>metric(p, q), float32, [K, N] with the padding of both state blobs.</summary>
    public string Decode()
    {
        bool isInverse = metric.Kind == MetricKinds.DynInverseL2;
        string parameters = ops.Cast(WeightInput.MetricParameters.Name(), DataType.Float);
        float unit = 1 << metric.StateBits;
        string lambda = ops.Reshape(
            ops.Mul(ops.Slice(parameters, 0, 0, _heads), ops.Scalar(isInverse ? unit : 1 / unit)), 1, _heads, 1, 1);
        int last = isInverse ? 2 * _heads : _heads;
        string beta = ops.Slice(parameters, 0, last, last + 1);

        string offset =
            ops.Reshape(ops.Cast(WeightInput.StateRange.Name(), DataType.Float), _coordinates, 1);
        string centre =
            ops.Floor(ops.Mul(ops.Add(offset, ops.Scalar((1 << metric.StateBits) - 1)), ops.Scalar(0.5f)));
        StateBody states = new(ops, bytes, metric.StateBits);
        string a = Heads(ops.Sub(states.Decode(WeightInput.RowStates.Name()), centre));
        string b = Heads(ops.Add(states.Decode(WeightInput.ColumnStates.Name()), ops.Sub(offset, centre)));
        string aSquare = ops.ReduceSum(ops.Mul(a, a), 2);
        string bSquare = ops.ReduceSum(ops.Mul(b, b), 2);
        string aOnes = Ones(aSquare);
        string bOnes = Ones(bSquare);
        if (isInverse)
        {
            bSquare = ops.Add(bSquare, ops.Reshape(ops.Slice(parameters, 0, _heads, 2 * _heads), 1, _heads, 1, 1));
        }

        string left = ops.Transpose(ops.Concat(2, [ops.Mul(a, ops.Scalar(-2)), aSquare, aOnes]), 0, 1, 3, 2);
        string root = ops.Sqrt(ops.MatMul(left, ops.Concat(2, [b, bOnes, bSquare])));
        return ops.SqueezeTwo(ops.WeightedSum(isInverse ? ops.Reciprocal(root) : root, lambda, beta));
    }

    /// <summary>[1, H, d, C] from [D, C].</summary>
    private string Heads(string states) => ops.Reshape(states, 1, _heads, metric.StateDim, -1);

    private string Ones(string like) => ops.Add(ops.Mul(like, ops.Scalar(0)), ops.Scalar(1));
}
