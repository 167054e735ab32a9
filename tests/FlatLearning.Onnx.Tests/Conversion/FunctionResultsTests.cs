using FlatLearning.Fitting.Entropy;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Weights inside functions: whatever is converted, ONNX Runtime loads.</summary>
public sealed class FunctionResultsTests
{
    // Codes of 4 stored bits lose about 7 % of uniform weights; a wrong scale or order loses 100 %.
    private const double FourBitLoss = 0.2;
    private const int Size = 64;

    private static readonly ConvertOptions Coded = ConversionCheck.Options with
    {
        Plan = EntropyCodesPlan.Within(4),
    };

    private static readonly ConvertOptions Bare = ConversionCheck.Options with { Portable = false };

    public static TheoryData<bool, bool> Cases => new()
    {
        { true, true }, { true, false }, { false, true }, { false, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weight_InAFunction_NeedsADeclaredResultWhereItsNodeHasNoBody(bool coded, bool declared)
    {
        ModelBuilder builder = Block();
        if (declared)
        {
            builder.Graph.ValueInfo.Add(ModelBuilder.Value("h", DataType.Float));
        }

        ConvertedModel converted = ModelConverter.Convert(builder.Model, coded ? Coded : Bare);

        WeightReport report = Assert.Single(converted.Weights);
        Assert.Null(report.SkippedReason);
        Assert.Equal(!declared, report.Dense?.Contains("'own:Block'", StringComparison.Ordinal) == true);
        Assert.Equal(!declared, report.Dense?.Contains("does not declare", StringComparison.Ordinal) == true);
        ConversionCheck.Near(
            "library and original",
            OrtRun.WithLibrary(converted.Model.Proto, builder.Feeds),
            OrtRun.Alone(builder.Proto, builder.Feeds),
            coded ? FourBitLoss : ConversionCheck.EightBitLoss);
    }

    [Fact]
    public void Weight_InAFunction_WithABodyOfItsOwn_ConvertsWithoutDeclaration() =>
        ConversionCheck.Converts(Block());

    // y = Relu(Block(x)), with nothing said of what is between.
    private static ModelBuilder Block()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        FunctionProto function = new() { Domain = "own", Name = "Block", Input = { "p" }, Output = { "q" } };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        TensorProto weight = builder.Tensor(string.Empty, DataType.Float, Size, Size);
        function.Node.Add(TestModels.Node("Constant", [], ["W"], TestModels.Tensor("value", weight)));
        function.Node.Add(TestModels.Node("MatMul", ["p", "W"], ["q"]));
        builder.Functions.Add(function);
        builder.Domains.Add("own");
        NodeProto call = TestModels.Node("Block", ["x"], ["h"]);
        call.Domain = "own";
        builder.Graph.Node.Add(call);
        return builder.Node("Relu", ["h"], "y");
    }
}
