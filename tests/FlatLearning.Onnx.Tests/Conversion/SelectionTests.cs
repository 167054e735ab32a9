using System.Text.RegularExpressions;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Which weights are converted, and the reason that every other one gets.</summary>
public sealed class SelectionTests
{
    private const string Microsoft = "com.microsoft";
    private const int Size = 56;

    [Theory]
    [InlineData("^first", "V")]
    [InlineData("^W$", "V")]
    [InlineData("n_y", "W")]
    public void Include_NodeOrInitializerName_LeavesTheOthers(string pattern, string left) =>
        Left(Two(), ConversionCheck.Options with { Include = new Regex(pattern) }, left, "--include");

    [Theory]
    [InlineData("^first", "W")]
    [InlineData("^V$", "V")]
    public void Exclude_NodeOrInitializerName_LeavesTheMatches(string pattern, string left) =>
        Left(Two(), ConversionCheck.Options with { Exclude = new Regex(pattern) }, left, "--exclude");

    [Fact]
    public void OpTypes_MatMulOnly_LeavesGemm() =>
        Left(Two(), ConversionCheck.Options with { OpTypes = new HashSet<string> { "MatMul" } }, "V", "--op-types");

    [Fact]
    public void MinSize_BetweenTheWeights_LeavesTheSmallerWithBothNumbers()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, 60)
            .Weight("V", DataType.Float, 60, 20)
            .Node("MatMul", ["x", "W"], "a").Node("MatMul", ["a", "V"], "y").Output("y");

        Left(builder, ConversionCheck.Options with { MinSize = 1201 }, "V", "1200", "1201");
        Assert.Equal(
            2, ConversionCheck.Convert(builder, 2, ConversionCheck.Options with { MinSize = 1200 }).Weights.Count);
    }

    [Theory]
    [InlineData("FusedMatMul")]
    [InlineData("FusedGemm")]
    [InlineData("Attention")]
    [InlineData("BiasGelu")]
    public void OperatorOfMicrosoft_WithAWeight_IsListedWithItsName(string type)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Node(type, ["x", "W"], "y")
            .Output("y");
        builder.Graph.Node[0].Domain = Microsoft;
        builder.Domains.Add(Microsoft);

        ConversionCheck.BecomesDense(builder, "W", $"{Microsoft}:{type}");
    }

    [Theory]
    [InlineData("MatMulNBits", Microsoft)]
    [InlineData("GatherBlockQuantized", Microsoft)]
    [InlineData("QLinearConv", "")]
    public void OperatorOnQuantisedNumbers_WithScales_SaysSo(string type, string domain)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, 3, Size)
            .Weight("scales", DataType.Float, Size, Size)
            .Node(type, ["x", "codes", "scales"], "y")
            .Output("y");
        builder.Graph.Initializer.Add(TensorWriter.UInt8("codes", [2], [1, 2]));
        builder.Graph.Node[0].Domain = domain;
        builder.Domains.Add(Microsoft);

        ConversionCheck.Skips(builder, "scales", type, "quantised already");
    }

    [Theory]
    [InlineData("Conv")]
    [InlineData("LSTM")]
    [InlineData("Gather")]
    public void StandardOperator_ThatIsNoProduct_IsListedWithItsName(string type) => ConversionCheck.BecomesDense(
        new ModelBuilder().Input("x", DataType.Float, 1, 8, Size)
            .Weight("W", DataType.Float, 8, 8, 3, 9)
            .Node(type, type == "Gather" ? ["W", "x"] : ["x", "W"], "y")
            .Output("y"), "W", type);

    [Fact]
    public void FusedMatMul_BesideAMatMul_IsDenseAndRuns()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Weight("V", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "a").Node("FusedMatMul", ["a", "V"], "y").Output("y");
        builder.Graph.Node[1].Domain = Microsoft;
        builder.Domains.Add(Microsoft);

        ConvertedModel converted = ConversionCheck.Converts(builder, 2);

        Assert.Contains(
            "FusedMatMul",
            converted.Weights.Single(weight => weight.Name == "V").Dense,
            StringComparison.Ordinal);
        Assert.Contains(converted.Model.Proto.OpsetImport, import => import.Domain == Microsoft);
    }

    [Fact]
    public void UnknownDomain_BesideAMatMul_IsUntouched()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Weight("V", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "a").Node("Secret", ["a", "V"], "y", TestModels.Int("key", 5)).Output("y");
        builder.Graph.Node[1].Domain = "org.example";
        builder.Domains.Add("org.example");

        ConvertedModel converted = ConversionCheck.Convert(builder, 1);

        Assert.Equal(builder.Graph.Node[1], converted.Model.Proto.Graph.Node[1]);
        Assert.Equal(
            builder.Graph.Initializer[1], converted.Model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "V"));
        Assert.Contains(converted.Model.Proto.OpsetImport, import => import is { Domain: "org.example", Version: 1 });
        Assert.Contains(
            "org.example:Secret",
            converted.Weights.Single(weight => weight.Name == "V").SkippedReason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MatMulOfAnotherDomain_IsNotTakenForTheStandardOne()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");
        builder.Graph.Node[0].Domain = "org.example";
        builder.Domains.Add("org.example");

        ConversionCheck.Skips(builder, "W", "org.example:MatMul");
    }

    private static ModelBuilder Two()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Weight("V", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "a").Node("Gemm", ["a", "V"], "y").Output("y");
        builder.Graph.Node[0].Name = "first";
        return builder;
    }

    private static void Left(ModelBuilder builder, ConvertOptions options, string left, params string[] words)
    {
        ConvertedModel converted = ConversionCheck.Converts(builder, 1, options);
        string? reason = converted.Weights.Single(weight => weight.Name == left).SkippedReason;
        Assert.All(words, word => Assert.Contains(word, reason, StringComparison.Ordinal));
        Assert.Equal(
            builder.Graph.Initializer.Single(tensor => tensor.Name == left),
            converted.Model.Proto.Graph.Initializer.Single(tensor => tensor.Name == left));
    }
}
