using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Portable.Terms;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable.Metrics;

/// <summary>
/// The riem metric in standard operators. A feature v·sigmoid(a_e + b_s) of an expanded side e and the other side s is
/// interpolated in a_e at J Chebyshev nodes: sum over i of L_i(a_e) · v·sigmoid(node_i + b_s), which makes the whole
/// metric one matrix product with an inner dimension of R·M·J instead of R·M matrices of the size of the weight.
/// </summary>
internal sealed class RiemBody(OpBuilder ops, MetricBody metric, ByteTables bytes)
{
    private readonly int _features = metric.Shifts * metric.Width;
    private readonly int _terms = metric.Expansion!.Terms;
    private readonly int _stateDim = metric.StateDim;

    /// <summary>metric(p, q), float32, [K, N] with the padding of both state blobs.</summary>
    public string Decode()
    {
        string range = ops.Cast(WeightInput.StateRange.Name(), DataType.Float);
        StateBody states = new(ops, bytes, metric.StateBits);
        string p = State(states.Decode(WeightInput.RowStates.Name()), range, 0);
        string q = State(states.Decode(WeightInput.ColumnStates.Name()), range, 2);

        string parameters = ops.Cast(WeightInput.MetricParameters.Name(), DataType.Float);
        int matrix = _features * _stateDim;
        string rowMap = ops.Reshape(ops.Slice(parameters, 0, 0, matrix), _features, _stateDim);
        string offset = ops.Reshape(ops.Slice(parameters, 0, matrix, matrix + _features), -1, 1);
        int afterOffset = matrix + _features;
        string v = ops.Slice(parameters, 0, afterOffset, afterOffset + metric.Width);
        string beta = ops.Slice(parameters, 0, afterOffset + metric.Width, afterOffset + metric.Width + 1);
        string columnMap = Rolled(rowMap);
        string amplitude = ops.Reshape(ops.Concat(0, [.. Enumerable.Repeat(v, metric.Shifts)]), -1, 1, 1);

        bool overRows = metric.Expansion!.Side == ExpandedSide.Rows;
        string expanded = ops.Add(overRows ? ops.MatMul(rowMap, p) : ops.MatMul(columnMap, q), offset);
        string max = ops.ReduceMax(expanded, 1);
        string min = ops.ReduceMin(expanded, 1);
        string centre = ops.Mul(ops.Add(max, min), ops.Scalar(0.5f));
        string half = ops.Add(ops.Mul(ops.Sub(max, min), ops.Scalar(0.5000005f)), ops.Scalar(1e-6f));
        string basis = Basis(ops.Div(ops.Sub(expanded, centre), half), amplitude);
        string values = overRows ? Values(columnMap, q, centre, half) : Values(rowMap, p, centre, half);
        return overRows ? ops.GemmTransposedA(basis, values, beta, 1) : ops.GemmTransposedA(values, basis, beta, 1);
    }

    /// <summary>States [d, C] from their codes: minimum + step · code.</summary>
    private string State(string codes, string range, int firstRow) => ops.Add(
        ops.Mul(codes, ops.Reshape(ops.Slice(range, 0, firstRow + 1, firstRow + 2), -1, 1)),
        ops.Reshape(ops.Slice(range, 0, firstRow, firstRow + 1), -1, 1));

    /// <summary>
    /// A_r S_r for each shift: A_r (S_r q) = (A_r S_r) q, the columns of A_r turned to the right by the shift.
    /// </summary>
    private string Rolled(string map)
    {
        string[] blocks = new string[metric.Shifts];
        for (int r = 0; r < blocks.Length; r++)
        {
            int shift = RiemMetric.ShiftOf(r, _stateDim, metric.Shifts);
            string block = metric.Shifts == 1
                ? map
                : ops.Slice(map, 0, r * metric.Width, (r + 1) * metric.Width);
            blocks[r] = shift == 0
                ? block
                : ops.Concat(
                    1, [ops.Slice(block, 1, _stateDim - shift, _stateDim), ops.Slice(block, 1, 0, _stateDim - shift)]);
        }

        return ops.Concat(0, blocks);
    }

    /// <summary>
    /// [F·J, E]: v_f · L_i(t), where L_i(t) = sum over j of w_j cos(j θ_i) T_j(t), θ_i = (2i+1)π/2J, w_0 = 1/J, w_j =
    /// 2/J. The angle j·θ_i is reduced by whole turns in exact integer arithmetic before its cosine is taken.
    /// </summary>
    private string Basis(string t, string amplitude)
    {
        float[] degree = new float[_terms];
        float[] odd = new float[_terms];
        float[] weight = new float[_terms];
        for (int j = 0; j < _terms; j++)
        {
            (degree[j], odd[j], weight[j]) = (j, (2 * j) + 1, j == 0 ? 1f / _terms : 2f / _terms);
        }

        string degrees = ops.Floats(degree, _terms);
        string quarters = ops.Mul(ops.Floats(odd, _terms, 1), degrees);
        string turns = ops.Floor(ops.Add(ops.Mul(quarters, ops.Scalar(0.25f / _terms)), ops.Scalar(0.5f)));
        string reduced = ops.Sub(quarters, ops.Mul(turns, ops.Scalar(4f * _terms)));
        string cosines = ops.Cos(ops.Mul(reduced, ops.Scalar((float)(Math.PI / (2 * _terms)))));
        string nodal = ops.Mul(ops.Mul(cosines, ops.Floats(weight, _terms)), amplitude);

        string angle = ops.Reshape(ops.Acos(ops.Clip(t, -1, 1)), 0, 1, -1);
        string polynomials = ops.Cos(ops.Mul(angle, ops.Reshape(degrees, -1, 1)));
        string side = ops.MatMul(nodal, polynomials);
        return ops.Reshape(side, (long)_features * _terms, -1);
    }

    /// <summary>
    /// [F·J, S]: sigmoid(node_i + map·state), the argument made by one product with a row of ones below the states.
    /// </summary>
    private string Values(string map, string states, string centre, string half)
    {
        float[] node = new float[_terms];
        for (int i = 0; i < _terms; i++)
        {
            node[i] = (float)Math.Cos(((2 * i) + 1) * Math.PI / (2 * _terms));
        }

        string nodes = ops.Reshape(ops.Add(ops.Mul(half, ops.Floats(node, _terms)), centre), -1, 1);
        string repeated = ops.Add(ops.Reshape(map, _features, 1, _stateDim), ops.Floats(new float[_terms], _terms, 1));
        string wide = ops.Concat(1, [ops.Reshape(repeated, -1, _stateDim), nodes]);
        string ones = ops.Add(ops.Mul(ops.Slice(states, 0, 0, 1), ops.Scalar(0)), ops.Scalar(1));
        return ops.Sigmoid(ops.MatMul(wide, ops.Concat(0, [states, ones])));
    }
}
