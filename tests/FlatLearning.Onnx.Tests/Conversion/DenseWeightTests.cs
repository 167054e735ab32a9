using FlatLearning.Fitting.Codes;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Weights of operators that compute with dense tensors, each run in all of its forms.</summary>
public sealed class DenseWeightTests
{
    private const int Channels = 24;

    public static TheoryData<string> Operators =>
    [
        "Conv", "grouped", "depthwise", "one filter", "ConvTranspose", "LSTM", "GRU", "RNN", "both directions",
        "Gather", "Gather axis 1", "batch", "Einsum", "transposed behind", "added", "FusedConv",
        "gates in another order",
    ];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Convert_WeightOfAnOperator_AgreesInAllForms(string name)
    {
        ModelBuilder builder = DenseModels.Create(name);

        ConvertedModel converted = ConversionCheck.Converts(builder, DenseModels.Weights(name));

        Assert.All(converted.Weights.Where(weight => weight.SkippedReason is null), weight =>
            Assert.NotNull(weight.Dense));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(18)]
    [InlineData(21)]
    [InlineData(26)]
    public void Convert_LargeAndSmallWeights_AgreeInEveryOpset(int opset)
    {
        ModelBuilder builder = new ModelBuilder(opset).Input("x", DataType.Float, 1, 64, 5, 5)
            .Weight("large", DataType.Float, 256, 64, 3, 3)
            .Weight("V", DataType.Float, 16, 256, 1, 1)
            .Weight("W", DataType.Float, 50, 16, 1, 1)
            .Node("Conv", ["x", "large"], "a").Node("Conv", ["a", "V"], "b").Node("Conv", ["b", "W"], "y").Output("y");

        ConvertedModel converted = ConversionCheck.Converts(builder, 3);

        Assert.Equal(2, converted.Model.Proto.Graph.Node.Count(IsOurs));
    }

    [Theory]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Double)]
    public void Convert_OtherElementTypes_GiveThemBack(DataType type)
    {
        ModelBuilder builder = new ModelBuilder().Input("x", type, 3, 5, Channels)
            .Weight("W", type, 3, Channels, 30)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y", type);

        // Values of 11 bits, summed up in an order of their own: some units in the last place.
        ConversionCheck.Converts(builder, tolerance: type == DataType.Float16 ? 2e-3 : 5e-5);
    }

    [Fact]
    public void Convert_WeightInAConstantNode_ReplacesTheNode()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, Channels, 6, 6).Output("y");
        builder.Node(
            "Constant", [], "W", TestModels.Tensor("value", builder.Tensor("v", DataType.Float, 32, Channels, 3, 3)))
            .Node("Conv", ["x", "W"], "y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.DoesNotContain(converted.Model.Proto.Graph.Node, node => node.OpType == "Constant");
    }

    [Fact]
    public void Convert_WeightOfABranch_StaysInTheBranch()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 1, Channels, 6, 6).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Raw("c", DataType.Bool, [], [1]));
        builder.Graph.Node.Add(TestModels.Node(
            "If", ["c"], ["y"], TestModels.Graph("then_branch", Branch(builder, "t")),
            TestModels.Graph("else_branch", Branch(builder, "e"))));

        ConversionCheck.Converts(builder, 4);
    }

    [Fact]
    public void Convert_FewDifferentNumbers_AreExact()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 600).Select(i => i % 7 == 0 ? -1e9f : i % 13)];
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 600).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Float32("mask", [2, 600], values));
        builder.Node("Add", ["x", "mask"], "y");

        ConvertedModel converted = ConversionCheck.Converts(builder, loss: 1e-12);

        TensorProto restored = Assert.Single(ModelRestorer.Restore(converted.Model).Proto.Graph.Initializer);
        Assert.Equal(builder.Graph.Initializer[0].RawData, restored.RawData);
        Assert.Equal(0, Assert.Single(converted.Weights).Error);
    }

    [Fact]
    public void Convert_MaskWithInfinities_StaysWithoutAFault()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 600).Select(i => i % 7 == 0 ? float.NegativeInfinity : 0)];
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 2, 600).Output("y");
        builder.Graph.Initializer.Add(TensorWriter.Float32("mask", [2, 600], values));
        builder.Node("Add", ["x", "mask"], "y");

        WeightReport report = Assert.Single(ConversionCheck.Convert(builder, 0).Weights);

        Assert.False(report.Faulty);
        Assert.NotNull(report.SkippedReason);
    }

    [Theory]
    [InlineData("added", true)]
    [InlineData("gates in another order", false)]
    public void Convert_ElementsOneByOne_GetEightBits(string name, bool expected)
    {
        ConvertOptions options = ConversionCheck.Options with { Plan = new UniformCodesPlan { Bits = 4 } };

        ConvertedModel converted =
            ConversionCheck.Convert(DenseModels.Create(name), DenseModels.Weights(name), options);

        Assert.All(converted.Weights, weight =>
            Assert.Contains(expected ? "8 bits" : "4 bits", weight.Representation, StringComparison.Ordinal));
    }

    [Fact]
    public void Restore_GivesBackNodesAndNames()
    {
        ModelBuilder builder = DenseModels.Create("Conv");

        ModelProto restored = ModelRestorer.Restore(ConversionCheck.Convert(builder, 2).Model).Proto;

        Assert.Equal(builder.Graph.Node, restored.Graph.Node);
        Assert.Equal(
            builder.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join(',', tensor.Dims)))
                .Order(),
            restored.Graph.Initializer.Select(tensor => (tensor.Name, tensor.DataType, string.Join(',', tensor.Dims)))
                .Order());
    }

    [Theory]
    [InlineData("bias")]
    [InlineData("state")]
    [InlineData("vector")]
    public void Convert_WhatIsNoWeight_StaysWithTheReason(string kind)
    {
        (ModelBuilder builder, string name, string word) = kind switch
        {
            "bias" => (Recurrent("B", [1, 8 * 72]), "B", "bias"),
            "state" => (Recurrent("h", [1, 8, 72]), "h", "state"),
            _ => (
                new ModelBuilder().Input("x", DataType.Float, 2, 600)
                    .Weight("b", DataType.Float, 1, 600)
                    .Node("Add", ["x", "b"], "y")
                    .Output("y"),
                "b",
                "vector"),
        };

        WeightReport report = ConversionCheck.Convert(builder, kind == "vector" ? 0 : 2).Weights
            .Single(weight => weight.Name == name);

        Assert.Contains(word, report.SkippedReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_NotPortable_StillHasTheFunctionsOfDenseWeights()
    {
        ConvertedModel converted = ConversionCheck.Convert(
            DenseModels.Create("Conv"), 2, ConversionCheck.Options with { Portable = false });

        Assert.True(converted.Portable);
        ConversionCheck.Agrees(DenseModels.Create("Conv").Proto, converted, DenseModels.Create("Conv").Feeds);
    }

    private static ModelBuilder Recurrent(string name, long[] dims)
    {
        const int Hidden = 72;
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 5, 8, 40)
            .Weight("W", DataType.Float, 1, 4 * Hidden, 40)
            .Weight("R", DataType.Float, 1, 4 * Hidden, Hidden)
            .Weight(name, DataType.Float, dims)
            .Output("y");
        string[] inputs = name == "B" ? ["x", "W", "R", "B"] : ["x", "W", "R", "", "", "h"];
        return builder.Node("LSTM", inputs, "y", TestModels.Int("hidden_size", Hidden));
    }

    private static GraphProto Branch(ModelBuilder builder, string prefix)
    {
        GraphProto branch = new() { Name = prefix };
        branch.Initializer.Add(builder.Tensor($"{prefix}W", DataType.Float, 32, Channels, 3, 3));
        branch.Initializer.Add(builder.Tensor($"{prefix}V", DataType.Float, 20, 32, 1, 1));
        branch.Node.Add(TestModels.Node("Conv", ["x", $"{prefix}W"], [$"{prefix}a"]));
        branch.Node.Add(TestModels.Node("Conv", [$"{prefix}a", $"{prefix}V"], [$"{prefix}y"]));
        branch.Output.Add(ModelBuilder.Value($"{prefix}y", DataType.Float));
        return branch;
    }

    private static bool IsOurs(NodeProto node) => node.OpType.StartsWith("DynWeight", StringComparison.Ordinal);
}
