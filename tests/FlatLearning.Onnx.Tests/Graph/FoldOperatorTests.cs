using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Graph;

/// <summary>Each folded operator against results worked out by hand, and on what it must leave alone.</summary>
public sealed class FoldOperatorTests
{
    private static readonly TensorProto Matrix = TensorWriter.Float32("", [2, 3], [1f, 2, 3, 4, 5, 6]);

    [Fact]
    public void Transpose_WithAndWithoutPerm_MovesElements()
    {
        AssertFolds(Fold("Transpose", [Matrix]), DataType.Float, [3, 2], 1, 4, 2, 5, 3, 6);
        TensorProto cube = TensorWriter.Int64("", [2, 1, 3], [1, 2, 3, 4, 5, 6]);
        AssertFolds(
            Fold("Transpose", [cube], TestModels.Ints("perm", 1, 2, 0)), DataType.Int64, [1, 3, 2], 1, 4, 2, 5, 3, 6);
        AssertFolds(
            Fold("Transpose", [cube], TestModels.Ints("perm", 2, 0, 1)), DataType.Int64, [3, 2, 1], 1, 4, 2, 5, 3, 6);
        Assert.Null(Fold("Transpose", [Matrix], TestModels.Ints("perm", 0, 0)));
        Assert.Null(Fold("Transpose", [Matrix], TestModels.Ints("perm", 0)));
        Assert.Null(Fold("Transpose", [Matrix], TestModels.Ints("perm", 0, 2)));
    }

    [Fact]
    public void Transpose_RandomShapes_MatchIndexByIndex()
    {
        Random random = new(3);
        for (int round = 0; round < 50; round++)
        {
            long[] dims = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(1, 5))];
            long[] perm = [.. Enumerable.Range(0, dims.Length).Select(i => (long)i)];
            random.Shuffle(perm);
            long[] elements = [.. Enumerable.Range(0, (int)dims.Aggregate((a, b) => a * b)).Select(i => (long)i)];
            DenseTensor result =
                Fold("Transpose", [TensorWriter.Int64("", dims, elements)], TestModels.Ints("perm", perm))!;

            for (int i = 0; i < elements.Length; i++)
            {
                // Index of element i of the result, then the same coordinates looked up in the source.
                long[] index = new long[dims.Length];
                for (long axis = dims.Length - 1, rest = i; axis >= 0; rest /= result.Dims[axis], axis--)
                {
                    index[perm[axis]] = rest % result.Dims[axis];
                }

                long source = dims.Select((_, axis) => index[axis])
                    .Zip(dims)
                    .Aggregate(0L, (sum, pair) => (sum * pair.Second) + pair.First);
                Assert.Equal(source, result[i]);
            }
        }
    }

    [Theory]
    [InlineData(new long[] { 3, 2 }, 0, new long[] { 3, 2 })]
    [InlineData(new long[] { -1 }, 0, new long[] { 6 })]
    [InlineData(new long[] { 0, -1 }, 0, new long[] { 2, 3 })]
    [InlineData(new long[] { 1, 0, -1, 1 }, 0, new long[] { 1, 3, 2, 1 })]
    [InlineData(new long[] { 4 }, 0, null)]
    [InlineData(new long[] { -1, -1 }, 0, null)]
    [InlineData(new long[] { 4, -1 }, 0, null)]
    [InlineData(new long[] { -2, -3 }, 0, null)]
    [InlineData(new long[] { 2, 3, 0 }, 0, null)]
    [InlineData(new long[] { 0, 3 }, 1, null)]
    [InlineData(new long[] { 1L << 62, 1L << 62, -1 }, 0, null)]
    public void Reshape_Shapes_AreFilledInOrRefused(long[] shape, long allowZero, long[]? expected)
    {
        DenseTensor? result = Fold(
            "Reshape", [Matrix, TensorWriter.Int64("", [shape.Length], shape)], TestModels.Int("allowzero", allowZero));
        DenseTensor? byAttribute =
            Fold("Reshape", [Matrix], TestModels.Ints("shape", shape), TestModels.Int("allowzero", allowZero));
        Assert.Equal(expected, result?.Dims);
        Assert.Equal(expected, byAttribute?.Dims);
        Assert.Equal(expected is null ? null : [1f, 2, 3, 4, 5, 6], result?.ToSingles());
    }

    [Fact]
    public void SqueezeUnsqueezeFlattenIdentity_ChangeTheShapeOnly()
    {
        TensorProto x = TensorWriter.Float32("", [1, 2, 1, 3], [1f, 2, 3, 4, 5, 6]);
        TensorProto Axes(params long[] axes) => TensorWriter.Int64("", [axes.Length], axes);

        Assert.Equal([2L, 3], Fold("Squeeze", [x])!.Dims);
        Assert.Equal([1L, 2, 3], Fold("Squeeze", [x, Axes(-2)])!.Dims);
        Assert.Equal([2L, 1, 3], Fold("Squeeze", [x], TestModels.Ints("axes", 0))!.Dims);
        Assert.Null(Fold("Squeeze", [x, Axes(1)]));
        Assert.Null(Fold("Squeeze", [x, Axes(4)]));
        Assert.Equal([1L, 2, 3, 1], Fold("Unsqueeze", [Matrix, Axes(0, -1)])!.Dims);
        Assert.Equal([2L, 1, 3], Fold("Unsqueeze", [Matrix], TestModels.Ints("axes", 1))!.Dims);
        Assert.Null(Fold("Unsqueeze", [Matrix, Axes(1, 1)]));
        Assert.Null(Fold("Unsqueeze", [Matrix, Axes(3)]));
        Assert.Equal([1L, 6], Fold("Flatten", [x])!.Dims);
        Assert.Equal([1L, 6], Fold("Flatten", [x], TestModels.Int("axis", 0))!.Dims);
        Assert.Equal([2L, 3], Fold("Flatten", [x], TestModels.Int("axis", -2))!.Dims);
        Assert.Equal([6L, 1], Fold("Flatten", [x], TestModels.Int("axis", 4))!.Dims);
        Assert.Null(Fold("Flatten", [x], TestModels.Int("axis", 5)));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Fold("Identity", [Matrix])!.ToSingles());
    }

    [Fact]
    public void Cast_BetweenTypes_RoundsAsTheTargetDoes()
    {
        TensorProto singles = TensorWriter.Float32("", [4], [1.00048828125f, -2.7f, 65504f, 0f]);
        AssertFolds(Cast(singles, DataType.Float16), DataType.Float16, [4], 1, -2.69921875, 65504, 0);
        AssertFolds(Cast(singles, DataType.Bfloat16), DataType.Bfloat16, [4], 1, -2.703125, 65536, 0);
        AssertFolds(Cast(singles, DataType.Int32), DataType.Int32, [4], 1, -2, 65504, 0);
        AssertFolds(Cast(singles, DataType.Bool), DataType.Bool, [4], 1, 1, 1, 0);
        AssertFolds(Cast(singles, DataType.Double), DataType.Double, [4], 1.00048828125, -2.7f, 65504, 0);
        AssertFolds(Cast(TensorWriter.Float64("", [1], [0.1]), DataType.Float), DataType.Float, [1], 0.1f);
        AssertFolds(Cast(TensorWriter.Int64("", [1], [16777217]), DataType.Float), DataType.Float, [1], 16777216);
        AssertFolds(
            Fold("Cast", [singles], new AttributeProto { Name = "to", S = ByteString.CopyFromUtf8("INT32") }),
            DataType.Int32, [4], 1, -2, 65504, 0);
        Assert.Null(Cast(singles, DataType.Int8));
        Assert.Null(Cast(singles, DataType.Uint8));
        Assert.Null(Cast(TensorWriter.Float32("", [1], [float.NaN]), DataType.Int64));
        Assert.Null(Cast(singles, DataType.String));
        Assert.Null(Cast(singles, DataType.Float8E4M3Fn));
        Assert.Null(Fold("Cast", [singles]));
    }

    [Fact]
    public void DequantizeLinear_PerTensorPerAxisAndBlocked_FollowTheFormula()
    {
        TensorProto x = TensorWriter.Raw("", DataType.Int8, [2, 4], [1, 2, 3, 4, 255, 254, 253, 252]);
        TensorProto scalar = TensorWriter.Float32("", [], [0.5f]);
        TensorProto zero = TensorWriter.Raw("", DataType.Int8, [], [1]);
        AssertFolds(Fold("DequantizeLinear", [x, scalar]), DataType.Float, [2, 4], 0.5, 1, 1.5, 2, -0.5, -1, -1.5, -2);
        AssertFolds(
            Fold("DequantizeLinear", [x, scalar, zero]), DataType.Float, [2, 4], 0, 0.5, 1, 1.5, -1, -1.5, -2, -2.5);

        TensorProto rows = TensorWriter.Float32("", [2], [1f, 10]);
        TensorProto columns = TensorWriter.Float32("", [4], [1f, 2, 4, 8]);
        AssertFolds(
            Fold("DequantizeLinear", [x, rows], TestModels.Int("axis", 0)), DataType.Float, [2, 4], 1, 2, 3, 4, -10,
            -20, -30, -40);
        AssertFolds(Fold("DequantizeLinear", [x, columns]), DataType.Float, [2, 4], 1, 4, 12, 32, -1, -4, -12, -32);
        AssertFolds(
            Fold("DequantizeLinear", [x, columns], TestModels.Int("axis", -1)), DataType.Float, [2, 4], 1, 4, 12, 32,
            -1, -4, -12, -32);

        TensorProto blocks = TensorWriter.Float32("", [2, 2], [1f, 2, 4, 8]);
        TensorProto blockZeros = TensorWriter.Raw("", DataType.Int8, [2, 2], [0, 1, 0, 1]);
        AttributeProto[] blocked = [TestModels.Int("axis", 1), TestModels.Int("block_size", 3)];
        AssertFolds(
            Fold("DequantizeLinear", [x, blocks, blockZeros], blocked), DataType.Float, [2, 4], 1, 2, 3, 6, -4, -8,
            -12, -40);
        AttributeProto[] down = [TestModels.Int("axis", 0), TestModels.Int("block_size", 2)];
        AssertFolds(
            Fold("DequantizeLinear", [x, TensorWriter.Float32("", [1, 4], [1f, 2, 4, 8])], down), DataType.Float,
            [2, 4], 1, 4, 12, 32, -1, -4, -12, -32);
    }

    [Fact]
    public void DequantizeLinear_OtherTypes_KeepTheScalesTypeOrAreLeftAlone()
    {
        TensorProto nibbles = TensorWriter.Raw("", DataType.Int4, [3], [0xF1, 0x08]);
        TensorProto half = TensorWriter.Float16("", [], (ReadOnlySpan<float>)[0.1f]);
        double scale = 0.0999755859375;
        AssertFolds(Fold("DequantizeLinear", [nibbles, half]), DataType.Float16, [3], scale, -scale, -8 * scale);
        AssertFolds(
            Fold("DequantizeLinear", [nibbles, half], TestModels.Int("output_dtype", (long)DataType.Float)),
            DataType.Float, [3], scale, -scale, -8 * scale);

        TensorProto columns = TensorWriter.Float32("", [2], [1f, 2]);
        TensorProto zero = TensorWriter.Raw("", DataType.Int4, [], [1]);
        Assert.Null(Fold("DequantizeLinear", [nibbles, columns], TestModels.Int("axis", 0)));
        Assert.Null(Fold("DequantizeLinear", [nibbles, columns]));
        Assert.Null(Fold("DequantizeLinear", [nibbles, columns, zero], TestModels.Int("axis", 0)));
        Assert.Null(Fold("DequantizeLinear", [nibbles, half], TestModels.Int("output_dtype", (long)DataType.Int8)));
        Assert.Null(Fold("DequantizeLinear", [nibbles]));
    }

    private static DenseTensor? Cast(TensorProto x, DataType to) => Fold("Cast", [x], TestModels.Int("to", (long)to));

    /// <summary>
    /// Puts one node over initializers into a model and folds it; null where the folder leaves it alone.
    /// </summary>
    private static DenseTensor? Fold(string type, TensorProto[] inputs, params AttributeProto[] attributes)
    {
        GraphProto graph = TestModels.Identity().Graph;
        string[] names = [.. inputs.Select((_, i) => $"in{i}")];
        for (int i = 0; i < inputs.Length; i++)
        {
            TensorProto named = inputs[i].Clone();
            named.Name = names[i];
            graph.Initializer.Add(named);
        }

        graph.Node.Add(TestModels.Node(type, names, ["out"], attributes));
        ConstantFolder folder = ConstantFolderTests.Folder(graph);
        ConstantValue? constant = folder.Find(folder.Index.Main, "out", out _);
        return folder.Read(constant!, out _);
    }

    private static void AssertFolds(DenseTensor? result, DataType type, long[] dims, params double[] elements)
    {
        Assert.NotNull(result);
        ConstantFolderTests.AssertTensor(result, type, dims, elements);
    }
}
