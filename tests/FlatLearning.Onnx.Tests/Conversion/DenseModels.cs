using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Models with weights that are dense when the model runs.</summary>
internal static class DenseModels
{
    private const int Channels = 24;
    private const int Inputs = 40;
    private const int Hidden = 36;

    /// <summary>How many weights a model has.</summary>
    public static int Weights(string name) =>
        name is "Conv" or "gates in another order" or "LSTM" or "GRU" or "RNN" or "both directions" ? 2 : 1;

    /// <summary>A model by the name of its operator.</summary>
    public static ModelBuilder Create(string name) => name switch
    {
        "Conv" => Image()
            .Weight("W", DataType.Float, 32, Channels, 3, 3)
            .Weight("V", DataType.Float, 25, 32, 1, 1)
            .Node("Conv", ["x", "W"], "a")
            .Node("Relu", ["a"], "r")
            .Node("Conv", ["r", "V"], "y"),
        "grouped" => Image()
            .Weight("W", DataType.Float, 48, Channels / 3, 3, 3)
            .Node("Conv", ["x", "W"], "y", TestModels.Int("group", 3)),
        "depthwise" => Image()
            .Weight("W", DataType.Float, 4 * Channels, 1, 3, 3)
            .Node("Conv", ["x", "W"], "y", TestModels.Int("group", Channels)),
        "one filter" => Image().Weight("W", DataType.Float, 1, Channels, 5, 5).Node("Conv", ["x", "W"], "y"),
        "FusedConv" => Fused(),
        "ConvTranspose" => Image()
            .Weight("W", DataType.Float, Channels, 20, 3, 3)
            .Node("ConvTranspose", ["x", "W"], "y"),
        "LSTM" => Recurrent("LSTM", 4, 1),
        "GRU" => Recurrent("GRU", 3, 1),
        "RNN" => Recurrent("RNN", 1, 1),
        "both directions" => Recurrent("LSTM", 4, 2),
        "Gather" => Table().Node("Gather", ["W", "ids"], "g").Node("Add", ["x", "g"], "y"),
        "Gather axis 1" => Table()
            .Node("Gather", ["W", "ids"], "g", TestModels.Int("axis", 1))
            .Node("Transpose", ["g"], "t")
            .Node("Gather", ["t", "one"], "s", TestModels.Int("axis", 1))
            .Integers("one", 2)
            .Node("Add", ["x", "s"], "y"),
        "batch" => new ModelBuilder().Input("x", DataType.Float, 3, 5, Inputs)
            .Weight("W", DataType.Float, 3, Inputs, Hidden)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y"),
        "Einsum" => new ModelBuilder().Input("x", DataType.Float, 3, 5, Inputs)
            .Weight("W", DataType.Float, 3, Inputs, Hidden)
            .Node("Einsum", ["x", "W"], "y", Text("equation", "bti,bio->bto"))
            .Output("y"),
        "transposed behind" => Image()
            .Weight("W", DataType.Float, 3, 3, Channels, 32)
            .Node("Transpose", ["W"], "t", TestModels.Ints("perm", 3, 2, 0, 1))
            .Node("Conv", ["x", "t"], "y"),
        "gates in another order" => Reordered(),
        "added" => new ModelBuilder().Input("x", DataType.Float, 2, 20, 30)
            .Weight("W", DataType.Float, 1, 20, 30)
            .Node("Add", ["x", "W"], "y")
            .Output("y"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    // As exporters write it that keep the gates as their framework has them.
    private static ModelBuilder Reordered() => new ModelBuilder().Input("x", DataType.Float, 1, 2, Inputs)
        .Weight("W", DataType.Float, 1, 2 * Hidden, Inputs)
        .Weight("R", DataType.Float, 1, 2 * Hidden, Hidden)
        .Integers("zero", 0)
        .Integers("half", Hidden)
        .Integers("all", 2 * Hidden)
        .Integers("axis", 1)
        .Node("Slice", ["W", "half", "all", "axis"], "w2")
        .Node("Slice", ["R", "zero", "half", "axis"], "r1")
        .Node("RNN", ["x", "w2", "r1"], "y", TestModels.Int("hidden_size", Hidden))
        .Output("y");

    private static ModelBuilder Image() => new ModelBuilder().Input("x", DataType.Float, 1, Channels, 7, 6).Output("y");

    private static ModelBuilder Table() => new ModelBuilder().Input("x", DataType.Float, 3, 24)
        .Weight("W", DataType.Float, 100, 24)
        .Integers("ids", 3, 17, 11)
        .Output("y");

    private static ModelBuilder Fused()
    {
        ModelBuilder builder = Image()
            .Weight("W", DataType.Float, 32, Channels, 3, 3)
            .Node("FusedConv", ["x", "W"], "y", Text("activation", "Relu"));
        builder.Graph.Node[0].Domain = "com.microsoft";
        builder.Domains.Add("com.microsoft");
        return builder;
    }

    private static ModelBuilder Recurrent(string type, int gates, int directions) => new ModelBuilder()
        .Input("x", DataType.Float, 5, 2, Inputs)
        .Weight("W", DataType.Float, directions, gates * Hidden, Inputs)
        .Weight("R", DataType.Float, directions, gates * Hidden, Hidden)
        .Node(
            type, ["x", "W", "R"], "y", TestModels.Int("hidden_size", Hidden),
            Text("direction", directions == 2 ? "bidirectional" : "forward"))
        .Output("y");

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = Google.Protobuf.ByteString.CopyFromUtf8(value) };
}
