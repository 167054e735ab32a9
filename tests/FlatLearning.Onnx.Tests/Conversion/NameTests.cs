using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Node and value names that real exporters write: empty, doubled, odd, or our own.</summary>
public sealed class NameTests
{
    private const int Size = 56;

    /// <summary>
    /// ONNX Runtime itself refuses two nodes of one name, before and after a conversion, so this one is not run.
    /// </summary>
    [Fact]
    public void Convert_NodesOfOneName_AreConvertedAndKeepIt() =>
        Assert.All(
            ConversionCheck.Convert(Named("same", "same"), 2).Model.Proto.Graph.Node,
            node => Assert.Equal("same", node.Name));

    [Fact]
    public void Convert_NodesWithoutNames_AllAreConverted() =>
        ConversionCheck.Converts(Named(string.Empty, string.Empty), 2);

    [Fact]
    public void Convert_NodesWithoutNames_AreReportedByTheirOutput() =>
        Assert.Equal(["a"], ConversionCheck.Convert(Named(string.Empty, string.Empty), 2).Weights[0].Nodes);

    [Theory]
    [InlineData("W/with/slashes")]
    [InlineData("onnx::MatMul_123")]
    [InlineData("W.codes")]
    [InlineData(".")]
    [InlineData(" ")]
    [InlineData("Gewicht_äöü_重み")]
    public void Convert_OddWeightName_IsConvertedUnderThatName(string name)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight(name, DataType.Float, Size, Size)
            .Node("MatMul", ["x", name], "y")
            .Output("y");

        Assert.Equal(name, ConversionCheck.Converts(builder).Weights.Single().Name);
    }

    [Fact]
    public void Convert_NamesThatWeGenerateAreTaken_AvoidsThem()
    {
        // Converted once, for the names; then everything that got a new name exists in the original already.
        ModelBuilder probe = Left("Z");
        string[] generated =
        [
            .. ConversionCheck.Convert(probe, 1).Model.Proto.Graph.Node.SelectMany(
                node => node.Input.Concat(node.Output)).Distinct()
                .Where(name => name.Length > 0 && name is not ("x" or "W" or "Z" or "c")),
        ];
        Assert.NotEmpty(generated);
        ModelBuilder builder = Left("Z");
        foreach (string name in generated)
        {
            builder.Node("Relu", ["x"], name).Output(name);
        }

        ConversionCheck.Converts(builder);
    }

    private static ModelBuilder Left(string output) =>
        new ModelBuilder().Input("x", DataType.Float, Size, 3)
            .Weight("W", DataType.Float, Size, Size)
            .Input("c", DataType.Float, Size, 3)
        .Node(
            "Gemm",
            ["W", "x", "c"],
            output,
            new AttributeProto { Name = "beta", F = 2, Type = AttributeProto.Types.AttributeType.Float })
                .Output(output);

    private static ModelBuilder Named(string first, string second)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Weight("V", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "a").Node("MatMul", ["a", "V"], "y").Output("y");
        (builder.Graph.Node[0].Name, builder.Graph.Node[1].Name) = (first, second);
        return builder;
    }
}
