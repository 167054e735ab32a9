using FlatLearning.Fitting;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Large tables of words, whose rows the library looks up as they are stored.</summary>
public sealed class GatherConversionTests
{
    private const int Words = 3000;
    private const int Width = 48;

    // Codes of 4 bits lose some 8 % of uniform numbers; a wrong row or order loses 100 %.
    private const double FourBitLoss = 0.2;

    [Theory]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(17)]
    [InlineData(21)]
    public void Convert_LargeTable_IsLookedUpAsItIsStored(int opset)
    {
        ConvertedModel converted = ConversionCheck.Converts(Model(opset));

        NodeProto node = Assert.Single(converted.Model.Proto.Graph.Node, node => node.Domain == "ai.flatlearning");
        Assert.Equal("DynGather", node.OpType);
        Assert.Null(Assert.Single(converted.Weights).Dense);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Convert_EveryWidth_AgreesInAllForms(int bits) => ConversionCheck.Converts(
        Model(17), options: ConversionCheck.Options with { Plan = new UniformCodesPlan { Bits = bits } }, loss: 0.6);

    [Fact]
    public void Convert_CodesOfSeveralWidths_AgreesInAllForms() => ConversionCheck.Converts(
        Model(17), options: ConversionCheck.Options with { Target = new PlanTarget(TargetKind.Bits, 3.1) }, loss: 0.3);

    [Fact]
    public void Convert_EntropyStorage_IsReadByTheLibrary()
    {
        ModelBuilder builder = Model(17);
        ConvertedModel converted = ConversionCheck.Convert(
            builder, 1, ConversionCheck.Options with { Plan = EntropyCodesPlan.Within(4) });

        Assert.False(converted.Portable);
        ConversionCheck.Near(
            "library and original", OrtRun.WithLibrary(converted.Model.Proto, builder.Feeds),
            OrtRun.Alone(builder.Proto, builder.Feeds), FourBitLoss);
    }

    [Fact]
    public void Library_ManyIndices_AgreesWithTheRestoredModel()
    {
        ModelBuilder builder = Model(17);
        ConvertedModel converted = ConversionCheck.Convert(builder, 1);
        Dictionary<string, OrtTensor> feeds = new(builder.Feeds, StringComparer.Ordinal)
        {
            ["ids"] = Indices([3, 700], i => ((i * 7919) % (2 * Words)) - Words),
        };

        ConversionCheck.Near(
            "library and restored", OrtRun.WithLibrary(converted.Model.Proto, feeds),
            OrtRun.Alone(ModelRestorer.Restore(converted.Model).Proto, feeds), ConversionCheck.RoundingTolerance);
    }

    [Theory]
    [InlineData(Words)]
    [InlineData(-Words - 1)]
    public void Library_IndexBeyondTheTable_IsRefusedWithTheNumbers(int index)
    {
        ModelProto converted = ConversionCheck.Convert(Model(17), 1).Model.Proto;
        Dictionary<string, OrtTensor> feeds = new(StringComparer.Ordinal) { ["ids"] = Indices([1], _ => index) };

        string message =
            Assert.Throws<OnnxRuntimeException>(() => OrtRun.WithLibrary(converted, feeds)).Message;

        Assert.Contains($"an index is {index}, expected {-Words} to {Words - 1}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_IndicesOfAnotherType_AreRefusedWithBoth()
    {
        ModelProto converted = ConversionCheck.Convert(Model(17), 1).Model.Proto;
        converted.Graph.Input[0].Type.TensorType.ElemType = (int)DataType.Float;
        Dictionary<string, OrtTensor> feeds =
            new(StringComparer.Ordinal) { ["ids"] = OrtTensor.Create<float>([0, 1, 2], 3) };

        string message =
            Assert.Throws<OnnxRuntimeException>(() => OrtRun.WithLibrary(converted, feeds)).Message;

        Assert.Contains("indices has element type float32, expected int64 or int32", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_TableThatTheHeadReadsToo_IsStoredOnce()
    {
        ModelBuilder builder = Model(17).Input("h", DataType.Float, 2, Width)
            .Node("Transpose", ["table"], "turned", TestModels.Ints("perm", 1, 0))
            .Node("MatMul", ["h", "turned"], "logits")
            .Output("logits");

        ConvertedModel converted = ConversionCheck.KeepsDense(builder, "table", "different forms");

        Assert.Single(converted.Model.Proto.Graph.Initializer, tensor => tensor.Name.Contains("codes"));
    }

    [Fact]
    public void Restore_GivesBackTheGather()
    {
        ModelBuilder builder = Model(17);

        ModelProto restored = ModelRestorer.Restore(ConversionCheck.Convert(builder, 1).Model).Proto;

        Assert.Equal(builder.Graph.Node, restored.Graph.Node);
    }

    private static ModelBuilder Model(int opset)
    {
        ModelBuilder builder = new ModelBuilder(opset).Weight("table", DataType.Float, Words, Width)
            .Node("Gather", ["table", "ids"], "y")
            .Output("y");
        builder.Graph.Input.Add(TestModels.Value("ids", DataType.Int64));
        builder.Graph.Input[0].Type.TensorType.Shape = null;
        builder.Feeds["ids"] = Indices([2, 9], i => i % 2 == 0 ? 331 * i % Words : -1 - i);
        return builder;
    }

    private static OrtTensor Indices(long[] shape, Func<int, long> index)
    {
        OrtTensor tensor = OrtTensor.Allocate(
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64, shape);
        for (int i = 0; i < tensor.ElementCount; i++)
        {
            tensor.AsSpan<long>()[i] = index(i);
        }

        return tensor;
    }
}
