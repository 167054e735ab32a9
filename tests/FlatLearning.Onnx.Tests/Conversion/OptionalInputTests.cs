using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Initializers that a caller may replace: a weight becomes a constant, nothing else does.</summary>
public sealed class OptionalInputTests
{
    private const int Size = 64;

    [Fact]
    public void Convert_OptionalWeightStateAndBias_OnlyTheWeightIsTakenFromTheCaller()
    {
        // A recurrent step y = x Wx + h Wh + b, where h and b have a default.
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, Size, Size).Output("y")
            .Weight("h", DataType.Float, Size, Size)
            .Weight("b", DataType.Float, Size)
            .Weight("Wx", DataType.Float, Size, Size)
            .Weight("Wh", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "Wx"], "a")
            .Node("MatMul", ["h", "Wh"], "c")
            .Node("Add", ["a", "c"], "s")
            .Node("Add", ["s", "b"], "y");
        foreach (string name in (string[])["h", "b", "Wx"])
        {
            long[] dims = [.. builder.Graph.Initializer.Single(tensor => tensor.Name == name).Dims];
            builder.Graph.Input.Add(TestModels.Value(name, DataType.Float, dims));
        }

        ConvertedModel converted = ConversionCheck.Converts(builder, 2);

        GraphProto graph = converted.Model.Proto.Graph;
        Assert.Equal(["x", "h", "b"], graph.Input.Select(input => input.Name));
        Assert.Equal(
            ["b", "h"], graph.Initializer.Select(tensor => tensor.Name).Where(name => name.Length == 1).Order());
        Assert.Contains(converted.Notes, note => note.Contains("1 weights were listed as graph inputs"));
        Assert.Equal(["x", "h"], graph.Node.Where(node => node.Domain.Length > 0).Select(node => node.Input[0]));
    }
}
