using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Weights with several readers: stored once, or left alone with the reason.</summary>
public sealed class SharedWeightTests
{
    private const int Size = 56;

    [Fact]
    public void Weight_SharedByProducts_IsStoredOnce()
    {
        ModelBuilder builder = Square()
            .Node("MatMul", ["x", "W"], "a")
            .Node("MatMul", ["a", "W"], "b")
            .Node("Gemm", ["b", "W"], "y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        NodeProto[] nodes = [.. converted.Model.Proto.Graph.Node];
        Assert.Equal(3, nodes.Length);
        Assert.All(nodes, node => Assert.Equal(nodes[0].Input.Skip(1), node.Input.Skip(1)));
        string[] parts = [.. nodes[0].Input.Skip(1).Where(name => name.Length > 0)];
        Assert.Equal(parts.Order(), converted.Model.Proto.Graph.Initializer.Select(tensor => tensor.Name).Order());
        Assert.Equal(["n_a", "n_b", "n_y"], converted.Weights.Single().Nodes);
    }

    [Fact]
    public void Weight_SharedBehindTwoEqualTransposes_IsStoredOnce()
    {
        ModelBuilder builder = Square()
            .Node("Transpose", ["W"], "t")
            .Node("Transpose", ["W"], "u")
            .Node("MatMul", ["x", "t"], "a")
            .Node("MatMul", ["a", "u"], "y");

        ConvertedModel converted = ConversionCheck.Converts(builder);

        Assert.Equal(2, converted.Model.Proto.Graph.Node.Count);
        Assert.Single(converted.Model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint8);
    }

    [Fact]
    public void Weight_SharedWithGather_IsStoredOnceAndDense()
    {
        ModelBuilder builder = Square()
            .Integers("ids", 3, 1, 7)
            .Node("Gather", ["W", "ids"], "g")
            .Node("MatMul", ["g", "W"], "z")
            .Output("z")
            .Node("Identity", ["x"], "y");

        ConversionCheck.KeepsDense(builder, "W", "Gather");
    }

    [Fact]
    public void Weight_UsedInTwoOrientations_IsStoredOnceAndDense()
    {
        ModelBuilder builder = Square()
            .Node("MatMul", ["x", "W"], "a")
            .Node("Gemm", ["a", "W"], "y", TestModels.Int("transB", 1));

        ConversionCheck.KeepsDense(builder, "W", "different forms", "n_a", "n_y");
    }

    [Theory]
    [InlineData("Shape")]
    [InlineData("Size")]
    public void Weight_WhoseShapeIsReadToo_IsConverted(string reader) =>
        ConversionCheck.KeepsDense(
            Square()
                .Node("MatMul", ["x", "W"], "y")
                .Node(reader, ["W"], "s")
                .Node("Cast", ["s"], "numbers", TestModels.Int("to", (long)DataType.Float))
                .Output("numbers"),
            "W",
            reader);

    [Fact]
    public void Matrix_ThatGemmAdds_StaysAsABias()
    {
        ModelBuilder builder = new ModelBuilder().Input("x", DataType.Float, 32, 64).Output("y")
            .Weight("w", DataType.Float, 64, 64)
            .Weight("c", DataType.Float, 32, 64)
            .Node("Gemm", ["x", "w", "c"], "y");

        ConvertedModel converted = ConversionCheck.Convert(builder, 1);

        Assert.Contains("as a bias", converted.Weights.Single(one => one.Name == "c").SkippedReason);
    }

    [Fact]
    public void Weight_ReadThroughCopies_IsStoredOnceAndMultipliedAsStored()
    {
        ModelBuilder builder = Square()
            .Node("Identity", ["W"], "w1")
            .Node("Identity", ["w1"], "w2")
            .Node("MatMul", ["x", "W"], "a")
            .Node("MatMul", ["a", "w1"], "b")
            .Node("MatMul", ["b", "w2"], "y");

        AssertProducts(ConversionCheck.Converts(builder), 3);
    }

    [Fact]
    public void Weight_TurnedInWaysThatComeToTheSame_IsStoredOnceAndMultipliedAsStored()
    {
        ModelBuilder builder = Square()
            .Node("Transpose", ["W"], "t")
            .Node("Identity", ["t"], "t1")
            .Node("Transpose", ["t1"], "w1", TestModels.Ints("perm", 1, 0))
            .Node("Transpose", ["w1"], "t2", TestModels.Ints("perm", 1, 0))
            .Node("MatMul", ["x", "t"], "a")
            .Node("MatMul", ["a", "t2"], "b")
            .Node("Gemm", ["b", "w1"], "y", TestModels.Int("transB", 1));

        AssertProducts(ConversionCheck.Converts(builder), 3);
    }

    [Fact]
    public void Weight_TurnedTwice_IsTheWeight()
    {
        ModelBuilder builder = Square()
            .Node("Transpose", ["W"], "t")
            .Node("Transpose", ["t"], "w1")
            .Node("MatMul", ["x", "w1"], "a")
            .Node("MatMul", ["a", "W"], "y");

        AssertProducts(ConversionCheck.Converts(builder), 2);
    }

    private static void AssertProducts(ConvertedModel converted, int count)
    {
        Assert.Null(Assert.Single(converted.Weights).Dense);
        Assert.Equal(
            Enumerable.Repeat("DynMatMul", count), converted.Model.Proto.Graph.Node.Select(node => node.OpType));
        Assert.Single(converted.Model.Proto.Graph.Initializer, tensor => tensor.DataType == (int)DataType.Uint8);
    }

    [Fact]
    public void Weight_ThatIsAGraphOutput_StaysWithTheReason() =>
        ConversionCheck.Skips(Square().Node("MatMul", ["x", "W"], "y").Output("W"), "W", "output of its graph");

    [Fact]
    public void Weight_WhoseTransposeIsAGraphOutput_StaysWithTheReason() =>
        ConversionCheck.Skips(
            Square().Node("Transpose", ["W"], "t").Node("MatMul", ["x", "t"], "y").Output("t"),
            "W",
            "output of its graph");

    [Fact]
    public void Weight_ThatNothingReads_StaysWithTheReason() =>
        ConversionCheck.Skips(Square().Node("Identity", ["x"], "y"), "W", "no node reads it");

    [Fact]
    public void Weight_MultipliedWithItself_IsDense() =>
        ConversionCheck.KeepsDense(
            Square()
                .Node("MatMul", ["W", "W"], "w2")
                .Node("Add", ["x1", "w2"], "y")
                .Input("x1", DataType.Float, 1, Size),
            "W",
            "both operands");

    [Fact]
    public void Weight_OfTheFileThatIsNotConverted_KeepsItsBytes()
    {
        ModelBuilder builder = Square().Weight("V", DataType.Float, Size, Size).Integers("ids", 3, 1, 7)
            .Node("MatMul", ["x", "W"], "y").Node("Gather", ["V", "ids"], "g").Output("g");

        ConvertedModel converted = ConversionCheck.Converts(
            builder, options: ConversionCheck.Options with { OpTypes = new HashSet<string> { "MatMul" } });

        TensorProto before = builder.Graph.Initializer.Single(tensor => tensor.Name == "V");
        Assert.Equal(before, converted.Model.Proto.Graph.Initializer.Single(tensor => tensor.Name == "V"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Weight_ThatIsAnInputToo_BecomesAConstant(int irVersion)
    {
        ModelBuilder builder = new ModelBuilder(9, irVersion).Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Weight("b", DataType.Float, Size)
            .Node("MatMul", ["x", "W"], "a").Node("Add", ["a", "b"], "y").Output("y");
        builder.Graph.Input.Add(TestModels.Value("W", DataType.Float, Size, Size));
        builder.Graph.Input.Add(TestModels.Value("b", DataType.Float, Size));

        ConvertedModel converted = ConversionCheck.Converts(builder);

        // Before IR 4 all initializers were inputs and none could be replaced; since then only what must become
        // constant does.
        Assert.Equal(irVersion < 4 ? ["x"] : ["x", "b"], converted.Model.Proto.Graph.Input.Select(input => input.Name));
        Assert.Equal(
            irVersion < 4 ? 0 : 1, converted.Notes.Count(note => note.Contains("inputs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Weight_ThatIsAnInputToo_NotPortable_LoadsWithTheLibrary()
    {
        ModelBuilder builder = new ModelBuilder(9, 3).Input("x", DataType.Float, 3, Size)
            .Weight("W", DataType.Float, Size, Size)
            .Node("MatMul", ["x", "W"], "y")
            .Output("y");
        builder.Graph.Input.Add(TestModels.Value("W", DataType.Float, Size, Size));

        ConvertedModel converted =
            ConversionCheck.Convert(builder, 1, ConversionCheck.Options with { Portable = false });

        Assert.True(converted.Model.Proto.IrVersion >= 4, "initializers that are no inputs need IR 4");
        ConversionCheck.Near(
            "library and original", OrtRun.WithLibrary(converted.Model.Proto, builder.Feeds),
            OrtRun.Alone(builder.Proto, builder.Feeds), ConversionCheck.EightBitLoss);
    }

    private static ModelBuilder Square() =>
        new ModelBuilder().Input("x", DataType.Float, 3, Size).Weight("W", DataType.Float, Size, Size).Output("y");
}
