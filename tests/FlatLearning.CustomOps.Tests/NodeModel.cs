using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// A model with one node, as attributes and constants that a test may change before it writes the file. Everything is
/// written as it stands, whether it makes sense or not.
/// </summary>
internal sealed class NodeModel
{
    private const int IrVersion = 8;
    private const int Opset = 17;

    public string OperatorName { get; set; } = DynOperator.Name;

    public string NodeName { get; set; } = "layer";

    /// <summary>Attributes by name: long, long[], string, float or float[].</summary>
    public Dictionary<string, object> Attributes { get; } = [];

    /// <summary>Constants by input position.</summary>
    public SortedDictionary<int, OrtTensor> Constants { get; } = [];

    /// <summary>Inputs that are fed at run time although they must be constants.</summary>
    public HashSet<int> Fed { get; } = [];

    public TensorElementType XType { get; set; } = TensorElementType.Float;

    /// <summary>The declared shape of x: numbers, or names; null declares no shape.</summary>
    public object[]? XShape { get; set; } = ["batch", "inputs"];

    /// <summary>Whether y is declared with the element type of x or another.</summary>
    public TensorElementType? YType { get; set; }

    /// <summary>
    /// Puts a Cast to float behind the node, so that the host must infer the node's output type itself.
    /// </summary>
    public bool FollowedByCast { get; set; }

    /// <summary>Declares the type of y where it is not the graph's output.</summary>
    public bool DeclaresY { get; set; }

    /// <summary>The node of a weight, with attributes of default values too.</summary>
    public static NodeModel Of(DynWeight weight, OrtTensor? bias = null)
    {
        NodeModel model = new();
        model.OperatorName = weight.Storage == StorageKinds.Packed ? DynOperator.Name : DynOperator.LibraryName;
        DynNode node = DynWeightWriter.Write(weight);
        IEnumerable<DynAttribute> defaults =
            WeightSchema.Attributes.Where(spec => spec.Type != DynAttributeType.Ints).Select(spec => spec.Absent);
        foreach (DynAttribute attribute in defaults.Concat(node.Attributes))
        {
            model.Attributes[attribute.Name] = attribute.Type switch
            {
                DynAttributeType.Int => attribute.Integers[0],
                DynAttributeType.Ints => attribute.Integers.ToArray(),
                _ => attribute.Text,
            };
        }

        foreach ((WeightInput input, ConstantTensor constant) in node.Inputs)
        {
            model.Constants[DynOperator.PositionOf(input)] = OrtTensor.FromBytes(
                (TensorElementType)constant.ElementType, constant.Bytes.Span, constant.Shape);
        }

        if (bias is not null)
        {
            model.Constants[DynOperator.Bias] = bias;
        }

        return model;
    }

    /// <summary>The bytes of the model's file.</summary>
    public byte[] ToBytes()
    {
        WireWriter graph = new WireWriter().Message(1, Node());
        if (FollowedByCast)
        {
            graph.Message(
                1,
                new WireWriter().Text(1, "y")
                    .Text(2, "z")
                    .Text(4, "Cast")
                    .Message(5, Attribute("to", (long)TensorElementType.Float)));
        }

        graph.Text(2, "graph");
        foreach ((int position, OrtTensor tensor) in Constants)
        {
            if (!Fed.Contains(position))
            {
                graph.Message(5, Initializer(InputName(position), tensor));
            }
        }

        graph.Message(11, ValueInfo("x", XType, XShape));
        foreach (int position in Fed.Where(Constants.ContainsKey))
        {
            OrtTensor tensor = Constants[position];
            graph.Message(
                11, ValueInfo(InputName(position), tensor.ElementType, [.. tensor.Shape.ToArray().Cast<object>()]));
        }

        graph.Message(
            12, FollowedByCast ? ValueInfo("z", TensorElementType.Float, null) : ValueInfo("y", YType ?? XType, null));
        if (FollowedByCast && DeclaresY)
        {
            graph.Message(13, ValueInfo("y", XType, null));
        }

        return new WireWriter()
            .Int(1, IrVersion)
            .Message(7, graph)
            .Message(8, new WireWriter().Text(1, string.Empty).Int(2, Opset))
            .Message(8, new WireWriter().Text(1, DynOperator.Domain).Int(2, DynOperator.OpsetVersion))
            .ToArray();
    }

    public static string InputName(int position) => $"c{position}";

    private WireWriter Node()
    {
        WireWriter node = new WireWriter().Text(1, "x");
        int last = Constants.Count == 0 ? 0 : Constants.Keys.Max();
        for (int position = 1; position <= last; position++)
        {
            node.Text(1, Constants.ContainsKey(position) ? InputName(position) : string.Empty);
        }

        node.Text(2, "y").Text(3, NodeName).Text(4, OperatorName);
        foreach ((string name, object value) in Attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        return node.Text(7, DynOperator.Domain);
    }

    private static WireWriter Attribute(string name, object value)
    {
        WireWriter attribute = new WireWriter().Text(1, name);
        switch (value)
        {
            case float number:
                return attribute.Float(2, number).Int(20, 1);
            case long number:
                return attribute.Int(3, number).Int(20, 2);
            case string text:
                return attribute.Text(4, text).Int(20, 3);
            case OrtTensor tensor:
                return attribute.Message(5, Initializer(name, tensor)).Int(20, 4);
            case float[] numbers:
                foreach (float number in numbers)
                {
                    attribute.Float(7, number);
                }

                return attribute.Int(20, 6);
            case long[] numbers:
                foreach (long number in numbers)
                {
                    attribute.Int(8, number);
                }

                return attribute.Int(20, 7);
            default:
                throw new NotSupportedException($"Attribute {name} of {value.GetType()}.");
        }
    }

    private static WireWriter Initializer(string name, OrtTensor tensor)
    {
        WireWriter initializer = new();
        foreach (long dimension in tensor.Shape)
        {
            initializer.Int(1, dimension);
        }

        return initializer.Int(2, (int)tensor.ElementType).Text(8, name).Bytes(9, tensor.Bytes);
    }

    private static WireWriter ValueInfo(string name, TensorElementType type, object[]? shape)
    {
        WireWriter tensor = new WireWriter().Int(1, (int)type);
        if (shape is not null)
        {
            WireWriter dimensions = new();
            foreach (object dimension in shape)
            {
                dimensions.Message(
                    1,
                    dimension is string symbol
                        ? new WireWriter().Text(2, symbol)
                        : new WireWriter().Int(1, Convert.ToInt64(dimension)));
            }

            tensor.Message(2, dimensions);
        }

        return new WireWriter().Text(1, name).Message(2, new WireWriter().Message(1, tensor));
    }
}
