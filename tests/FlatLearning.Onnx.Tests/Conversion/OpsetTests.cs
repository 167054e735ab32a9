using FlatLearning.Dyn.Metrics;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Models of every operator set, each converted without a change of that set.</summary>
public sealed class OpsetTests
{
    private const int Oldest = 7;
    private const int Newest = 26;
    private const int FunctionsIr = 8;

    /// <summary>
    /// Relative L2 of y after three products: a short fit of few parameters describes a smooth weight to some percent.
    /// </summary>
    private const double MetricLoss = 0.5;

    public static TheoryData<int> Opsets => [.. Enumerable.Range(Oldest, Newest - Oldest + 1)];

    [Theory]
    [MemberData(nameof(Opsets))]
    public void Convert_EveryOpset_AgreesAndKeepsIt(int opset)
    {
        ConvertedModel converted = ConversionCheck.Converts(Model(opset, 4), 3);

        Assert.Equal(FunctionsIr, converted.Model.Proto.IrVersion);
        Assert.Equal(opset, converted.Model.Proto.OpsetImport.Single(import => import.Domain.Length == 0).Version);
        Assert.All(
            converted.Model.Proto.Functions,
            function => Assert.Equal(opset, function.OpsetImport.Single(import => import.Domain.Length == 0).Version));
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(12, 7)]
    [InlineData(18, 9)]
    [InlineData(21, 10)]
    public void Convert_EveryIrVersion_IsRaisedOnlyWhereFunctionsNeedIt(int opset, int irVersion)
    {
        ModelBuilder builder = Model(opset, irVersion);
        if (irVersion < 4)
        {
            builder.Graph.Input.Add(
                builder.Graph.Initializer.Select(
                    tensor => TestModels.Value(tensor.Name, DataType.Float, [.. tensor.Dims])));
        }

        Assert.Equal(Math.Max(irVersion, FunctionsIr), ConversionCheck.Converts(builder, 3).Model.Proto.IrVersion);
    }

    [Theory]
    [InlineData(MetricKinds.Riem, 9)]
    [InlineData(MetricKinds.Riem, 13)]
    [InlineData(MetricKinds.DynL1, 9)]
    [InlineData(MetricKinds.DynL1, 13)]
    [InlineData(MetricKinds.DynL2, 9)]
    [InlineData(MetricKinds.DynL2, 13)]
    [InlineData(MetricKinds.DynInverseL2, 9)]
    [InlineData(MetricKinds.DynInverseL2, 13)]
    public void Convert_Metric_Agrees(string method, int opset)
    {
        ConvertOptions options = ConversionCheck.Options
            with { Plan = TestPlans.Metric(method, stateDim: 8, seconds: 0.2, shifts: 2, width: 3) };

        ModelBuilder builder = new ModelBuilder(opset).Input("x", DataType.Float, 40, 48)
            .Smooth("W", 48, 56)
            .Smooth("V", 44, 40)
            .Smooth("U", 52, 56)
            .Weight("b", DataType.Float, 1, 52)
            .Node("MatMul", ["x", "W"], "a")
                .Node("MatMul", ["V", "a"], "l")
                .Node("Gemm", ["l", "U", "b"], "y", TestModels.Int("transB", 1))
                .Output("y");

        ConversionCheck.Converts(builder, 3, options, loss: MetricLoss);
    }

    [Fact]
    public void Convert_StandardDomainUnderItsLongName_KeepsTheName()
    {
        ModelBuilder builder = Model(17, 8);
        ModelProto model = builder.Proto;
        model.OpsetImport[0].Domain = "ai.onnx";

        ConvertedModel converted = ModelConverter.Convert(new Onnx.Files.OnnxModel(model), ConversionCheck.Options);

        ConversionCheck.Agrees(model, converted, builder.Feeds);
    }

    [Fact]
    public void Convert_OpsetTooOld_IsRefused()
    {
        UsageException refused =
            Assert.Throws<UsageException>(() => ModelConverter.Convert(Model(6, 3).Model, ConversionCheck.Options));

        Assert.Contains("FLAT0502", refused.Message, StringComparison.Ordinal);
        Assert.Contains(" 6 ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A right and a left product and a Gemm, with operators around that every operator set has.</summary>
    private static ModelBuilder Model(int opset, int irVersion) =>
        new ModelBuilder(opset, irVersion).Input("x", DataType.Float, 40, 48)
        .Weight("W", DataType.Float, 48, 56)
            .Weight("V", DataType.Float, 44, 40)
            .Weight("U", DataType.Float, 52, 56)
            .Weight("b", DataType.Float, 1, 52)
        .Node("MatMul", ["x", "W"], "a").Node("Tanh", ["a"], "t")
        .Node("MatMul", ["V", "t"], "l").Node("Sigmoid", ["l"], "s")
        .Node("Gemm", ["s", "U", "b"], "y", TestModels.Int("transB", 1))
        .Output("y");
}
