using System.Globalization;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Writes nodes of the standard operator set in the form that one version of it asks for: the only place that knows
/// where an attribute became an input. Versions 7 and newer. Equal constants are written once. Values are named by
/// their number.
/// </summary>
internal sealed class OpBuilder(int opset)
{
    /// <summary>The oldest operator set with numpy broadcasting, below which nothing is written.</summary>
    public const int OldestOpset = 7;

    /// <summary>The oldest operator set in which an attribute of integers becomes a value.</summary>
    public const int AttributeOpset = 12;

    /// <summary>The oldest operator set in which a constant can hold integers.</summary>
    public const int IntegerOpset = 9;

    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);

    /// <summary>The nodes written so far, in topological order.</summary>
    public List<NodeProto> Nodes { get; } = [];

    /// <summary>The version of the standard operator set.</summary>
    public int Opset { get; } = opset;

    public string Add(string a, string b) => Node("Add", [a, b]);

    public string Sub(string a, string b) => Node("Sub", [a, b]);

    public string Mul(string a, string b) => Node("Mul", [a, b]);

    public string Div(string a, string b) => Node("Div", [a, b]);

    public string Abs(string x) => Node("Abs", [x]);

    public string Exp(string x) => Node("Exp", [x]);

    public string Floor(string x) => Node("Floor", [x]);

    public string Cos(string x) => Node("Cos", [x]);

    public string Acos(string x) => Node("Acos", [x]);

    public string Sqrt(string x) => Node("Sqrt", [x]);

    public string Reciprocal(string x) => Node("Reciprocal", [x]);

    public string Sigmoid(string x) => Node("Sigmoid", [x]);

    public string Less(string a, string b) => Node("Less", [a, b]);

    /// <summary>The smaller of two integers; version 9 or newer.</summary>
    public string Smaller(string a, string b) => Node("Where", [Less(a, b), a, b]);

    public string MatMul(string a, string b) => Node("MatMul", [a, b]);

    /// <summary>alpha · transpose(a) · b + c for a [L, I], b [L, O] and a c of one element.</summary>
    public string GemmTransposedA(string a, string b, string c, float alpha) =>
        Node("Gemm", [a, b, c], Int("transA", 1), Float("alpha", alpha));

    /// <summary>alpha · a · transpose(b) + c for a [I, L], b [O, L] and a c of one element.</summary>
    public string GemmTransposedB(string a, string b, string c, float alpha) =>
        Node("Gemm", [a, b, c], Int("transB", 1), Float("alpha", alpha));

    /// <summary>
    /// sum over c of w[0, c, 0, 0] · x[:, c, :, :] + b[0], for x [1, C, I, O], w [1, C, 1, 1] and b [1]: [1, 1, I, O].
    /// </summary>
    public string WeightedSum(string x, string w, string b) => Node("Conv", [x, w, b], Ints("kernel_shape", 1, 1));

    /// <summary>The sum of values of one shape, in one pass.</summary>
    public string Sum(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : Node("Sum", values);

    /// <summary>Joins along an axis; one value is returned as it is.</summary>
    public string Concat(int axis, IReadOnlyList<string> values) =>
        values.Count == 1 ? values[0] : Node("Concat", values, Int("axis", axis));

    public string Transpose(string x, params ReadOnlySpan<long> order) => Node("Transpose", [x], Ints("perm", order));

    public string Gather(string data, string indices, int axis) => Node("Gather", [data, indices], Int("axis", axis));

    public string Shape(string x) => Node("Shape", [x]);

    public string Cast(string x, DataType type) => Node("Cast", [x], Int("to", (long)type));

    /// <summary>Reshape to constant dimensions; 0 copies a dimension, -1 is inferred.</summary>
    public string Reshape(string x, params ReadOnlySpan<long> dimensions) => Node("Reshape", [x, Int64(dimensions)]);

    /// <summary>Reshape to dimensions that are a value; -1 is inferred.</summary>
    public string ReshapeTo(string x, string dimensions) => Node("Reshape", [x, dimensions]);

    /// <summary>0, 1, ... below a count of shape [1]; version 11 or newer.</summary>
    public string Range(string count) =>
        Node("Range", [Reshape(Int64(0), []), Reshape(count, []), Reshape(Int64(1), [])]);

    /// <summary>
    /// Sums of what comes before along an axis, with or without the element itself; version 11 or newer.
    /// </summary>
    public string CumulativeSum(string x, int axis, bool isExclusive) =>
        Node("CumSum", [x, Reshape(Int64(axis), [])], Int("exclusive", isExclusive ? 1 : 0));

    /// <summary>
    /// The order of a vector of so many values: where the first, the second, ... stand; equal ones as they are. Version
    /// 11 or newer.
    /// </summary>
    public string Sort(string x, string count, bool isLargestFirst)
    {
        string output = string.Create(CultureInfo.InvariantCulture, $"_{Nodes.Count}");
        Nodes.Add(
            New("TopK", [x, count], [$"{output}_v", output], Int("axis", 0), Int("largest", isLargestFirst ? 1 : 0)));
        return output;
    }

    /// <summary>Zeros of a shape that is a value; version 9 or newer.</summary>
    public string Zeros(string shape, DataType type)
    {
        TensorProto zero = new() { DataType = (int)type,
            RawData = ByteString.CopyFrom(new byte[type == DataType.Uint8 ? 1 : sizeof(float)]) };
        zero.Dims.Add(1);
        return Node(
            "ConstantOfShape", [shape], new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = zero });
    }

    /// <summary>A vector with some of its elements replaced; version 11 or newer.</summary>
    public string Scatter(string x, string positions, string values) =>
        Node("ScatterElements", [x, positions, values], Int("axis", 0));

    /// <summary>An attribute of integers as an int64 value; version 12 or newer.</summary>
    public string AttributeValue(string attribute) => Node("Constant", [], Reference("value_ints", attribute));

    /// <summary>An attribute that is a tensor as a value.</summary>
    public string TensorAttributeValue(string attribute) => Node(
        "Constant", [],
        new AttributeProto { Name = "value", Type = AttributeType.Tensor, RefAttrName = attribute });

    /// <summary>Transpose in the order of an attribute of the call.</summary>
    public string TransposeByAttribute(string x, string attribute) =>
        Node("Transpose", [x], Reference("perm", attribute));

    /// <summary>
    /// Elements of a vector from one position to another, both values of shape [1]; version 10 or newer.
    /// </summary>
    public string SliceTo(string x, string start, string end) => Node("Slice", [x, start, end, Int64(0)]);

    /// <summary>Adds a dimension of 1 in front.</summary>
    public string Unsqueeze(string x) =>
        Opset < 13 ? Node("Unsqueeze", [x], Ints("axes", 0)) : Node("Unsqueeze", [x, Int64(0)]);

    /// <summary>Removes the first two dimensions, which are 1.</summary>
    public string SqueezeTwo(string x) =>
        Opset < 13 ? Node("Squeeze", [x], Ints("axes", 0, 1)) : Node("Squeeze", [x, Int64(0, 1)]);

    /// <summary>
    /// Moves an int32 value of rank 4 along axis 1 by <paramref name="distance"/>, at most its length, and fills in
    /// front; what leaves at the end is lost. From version 11 on in one pass.
    /// </summary>
    public string Delay(string x, int distance, int fill) => Opset < 11
        ? DelayByConcat(x, distance, fill)
        : Node("Pad", [x, Int64(0, distance, 0, 0, 0, -distance, 0, 0), Reshape(Int32(fill), [])]);

    /// <summary><see cref="Delay"/> for any distance, also beyond the length.</summary>
    public string DelayByConcat(string x, int distance, int fill)
    {
        string first = Add(Mul(Slice(x, 1, 0, 1), Int32(0)), Int32(fill));
        return Slice(Concat(1, [.. Enumerable.Repeat(first, distance), x]), 1, 0, -distance);
    }

    /// <summary>Elements [start, end) of one axis; negative numbers count from the end.</summary>
    public string Slice(string x, int axis, long start, long end) => Opset < 10
        ? Node("Slice", [x], Ints("axes", axis), Ints("starts", start), Ints("ends", end))
        : Node("Slice", [x, Int64(start), Int64(end), Int64(axis)]);

    /// <summary>Cuts an axis into parts of equal length.</summary>
    public string[] Split(string x, int axis, int parts)
    {
        string[] outputs = new string[parts];
        for (int i = 0; i < parts; i++)
        {
            outputs[i] = $"_{Nodes.Count}_{i}";
        }

        NodeProto node = New("Split", [x], outputs, Int("axis", axis));
        if (Opset >= 18)
        {
            node.Attribute.Add(Int("num_outputs", parts));
        }

        Nodes.Add(node);
        return outputs;
    }

    /// <summary>Cuts an axis into parts of given lengths.</summary>
    public string[] SplitAt(string x, int axis, IReadOnlyList<long> lengths)
    {
        string[] outputs = [.. lengths.Select((_, i) => $"_{Nodes.Count}_{i}")];
        if (Opset >= 13)
        {
            string sizes = Int64([.. lengths]);
            Nodes.Add(New("Split", [x, sizes], outputs, Int("axis", axis)));
        }
        else
        {
            Nodes.Add(New("Split", [x], outputs, Int("axis", axis), Ints("split", [.. lengths])));
        }

        return outputs;
    }

    /// <summary>The largest element along one axis, which stays with length 1.</summary>
    public string ReduceMax(string x, int axis) => Reduce("ReduceMax", x, axis);

    /// <summary>The smallest element along one axis, which stays with length 1.</summary>
    public string ReduceMin(string x, int axis) => Reduce("ReduceMin", x, axis);

    /// <summary>The sum of all elements, as a scalar.</summary>
    public string ReduceSumAll(string x) => Node("ReduceSum", [x], Int("keepdims", 0));

    /// <summary>The sum along one axis, which stays with length 1.</summary>
    public string ReduceSum(string x, int axis) => Opset < 13
        ? Node("ReduceSum", [x], Ints("axes", axis))
        : Node("ReduceSum", [x, Int64(axis)]);

    /// <summary>Every element moved into [least, most].</summary>
    public string Clip(string x, float min, float max) => Opset < 11
        ? Node("Clip", [x], Float("min", min), Float("max", max))
        : Node("Clip", [x, Scalar(min), Scalar(max)]);

    /// <summary>A float32 constant without dimensions.</summary>
    public string Scalar(float value) => Constant(TensorWriter.Float32(string.Empty, [], [value]));

    /// <summary>A float32 constant.</summary>
    public string Floats(ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions) =>
        Constant(TensorWriter.Float32(string.Empty, dimensions, values));

    /// <summary>
    /// An int64 constant of rank 1. Before operator set 9 a Constant node cannot hold integers: a float one is cast.
    /// </summary>
    public string Int64(params ReadOnlySpan<long> values) =>
        Opset >= IntegerOpset
            ? Constant(TensorWriter.Int64(string.Empty, [values.Length], values))
            : CastConstant(values, DataType.Int64);

    /// <summary>An int32 constant of rank 1.</summary>
    public string Int32(params ReadOnlySpan<long> values)
    {
        if (Opset < IntegerOpset)
        {
            return CastConstant(values, DataType.Int32);
        }

        int[] narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = checked((int)values[i]);
        }

        return Constant(TensorWriter.Int32(string.Empty, [narrow.Length], narrow));
    }

    /// <summary>
    /// The first rows and columns of a matrix, as many as the call's attribute <paramref name="attribute"/> says; for
    /// every version but 10 and 11.
    /// </summary>
    public string CropToAttribute(string matrix, string attribute)
    {
        if (Opset < 10)
        {
            return Node("Slice", [matrix], Ints("axes", 0, 1), Ints("starts", 0, 0), Reference("ends", attribute));
        }

        if (Opset < 12)
        {
            throw new InvalidOperationException("operator sets 10 and 11 cannot turn an attribute into a value");
        }

        return Crop(matrix, AttributeValue(attribute));
    }

    /// <summary>
    /// The first rows and columns of a matrix, as many as an int64 value [2] says; version 10 or newer.
    /// </summary>
    public string Crop(string matrix, string shape) => Node("Slice", [matrix, Int64(0, 0), shape]);

    /// <summary>Writes a node with one output and returns the output's name.</summary>
    public string Node(
        string operatorType, IReadOnlyList<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string output = string.Create(CultureInfo.InvariantCulture, $"_{Nodes.Count}");
        Nodes.Add(New(operatorType, inputs, [output], attributes));
        return output;
    }

    private static NodeProto New(
        string operatorType,
        IReadOnlyList<string> inputs,
        IReadOnlyList<string> outputs,
        params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = operatorType };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.ToArray());
        return node;
    }

    private string Reduce(string operatorType, string x, int axis) => Opset < 18
        ? Node(operatorType, [x], Ints("axes", axis))
        : Node(operatorType, [x, Int64(axis)]);

    private string CastConstant(ReadOnlySpan<long> values, DataType type)
    {
        float[] floats = new float[values.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = values[i];
        }

        string constant = Floats(floats, floats.Length);
        string key = $"{constant}:{type}";
        if (!_constants.TryGetValue(key, out string? name))
        {
            _constants.Add(key, name = Cast(constant, type));
        }

        return name;
    }

    private string Constant(TensorProto tensor)
    {
        string key = tensor.ToByteString().ToBase64();
        if (!_constants.TryGetValue(key, out string? name))
        {
            AttributeProto value = new() { Name = "value", Type = AttributeType.Tensor, T = tensor };
            _constants.Add(key, name = Node("Constant", [], value));
        }

        return name;
    }

    private static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeType.Float, F = value };

    private static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }

    private static AttributeProto Reference(string name, string attribute) =>
        new() { Name = name, Type = AttributeType.Ints, RefAttrName = attribute };
}
