using FlatLearning.Dyn.Operators;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>
/// ONNX Runtime without the library takes a time for functions that grows with the square of their number.
/// </summary>
public sealed class ManyProductsTests
{
    private const int Size = 32;
    private const int Many = 129;

    private static readonly ConvertOptions Quick =
        ConversionCheck.Options with { Plan = new Fitting.Codes.UniformCodesPlan { Bits = 8, Taps = 1 } };

    [Fact]
    public void Convert_ManySmallProducts_AgreeInAllForms()
    {
        ConvertedModel converted = ConversionCheck.Converts(Products(Many), Many, Quick);

        Assert.Single(converted.Model.Proto.Graph.Node, node => node.Domain == DynOperator.Domain);
        Assert.Equal(Many, converted.Model.Proto.Graph.Node.Count(node => node.OpType == "MatMul"));
        Assert.All(converted.Weights, weight => Assert.Contains("many small products", weight.Dense));
    }

    [Fact]
    public void Convert_ThousandProducts_HaveAsManyNodesAsTheOriginalAndOne()
    {
        ConvertedModel converted = ConversionCheck.Convert(Products(1000), 1000, Quick);

        Assert.Equal(1002, converted.Model.Proto.Graph.Node.Count);
        Assert.Single(converted.Model.Proto.Functions);
    }

    [Fact]
    public void Find_FewerProductsOrWithoutFunctions_AreMultipliedAsTheyAreStored()
    {
        AssertProducts(Products(Many - 1), Quick);
        AssertProducts(Products(Many), Quick with { Portable = false });
        AssertProducts(Products(Many), Quick with { Plan = EntropyCodesPlan.Within(4) });
    }

    [Fact]
    public void Convert_LargeOnesAmongThem_StayProducts()
    {
        ModelBuilder builder = Products(Many).Weight("large", DataType.Float, Size, 1 << 12)
            .Node("MatMul", ["y", "large"], "l")
            .Output("l");

        ConvertedModel converted = ConversionCheck.Convert(builder, Many + 1, Quick);

        Assert.Null(converted.Weights.Single(weight => weight.Name == "large").Dense);
        Assert.Equal(
            [DynOperator.Name, TensorOperator.Name],
            converted.Model.Proto.Graph.Node.Where(node => node.Domain == DynOperator.Domain)
                .Select(node => node.OpType).Order());
    }

    private static void AssertProducts(ModelBuilder builder, ConvertOptions options) =>
        Assert.All(
            new ConversionDraft(builder.Model, options).Candidates, candidate => Assert.False(candidate.IsTensor));

    private static ModelBuilder Products(int count)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 3, Size).Output("y");
        for (int i = 0; i < count; i++)
        {
            builder.Weight($"w{i}", DataType.Float, Size, Size).Node("MatMul", ["x", $"w{i}"], $"m{i}");
        }

        return builder.Node("Sum", [.. Enumerable.Range(0, count).Select(i => $"m{i}")], "y");
    }
}
