using FlatLearning.Dyn;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

public sealed class RejectionTests
{
    private const int Mutations = 1500;

    public static TheoryData<string, object?, string> BadAttributes => new()
    {
        { "schema_version", 2L, "attribute schema_version is 2, expected 1" },
        { "schema_version", null, "attribute schema_version is missing" },
        { "shape", null, "attribute shape is missing" },
        { "shape", new[] { 17L }, "attribute shape has 1 numbers, expected 2" },
        { "shape", new[] { 17L, -1L }, "attribute shape[1] is -1" },
        { "shape", "17x40", "attribute shape is a string, expected a list of ints" },
        { "bits", 7L, "attribute bits is 7, expected 0, 2, 3, 4, 5, 6 or 8" },
        { "bits", null, "attribute bits is missing" },
        { "bits", 4.0f, "attribute bits is a float, expected an int" },
        { "bits", new[] { 4L }, "attribute bits is a list of ints, expected an int" },
        { "taps", 9L, "attribute taps is 9" },
        { "taps", new[] { 1f }, "attribute taps is a list of floats, expected an int" },
        { "metric", "cosine", "attribute metric is 'cosine'" },
        { "metric", 3L, "attribute metric is an int, expected a string" },
        { "state_bits", 8L, "attribute state_bits is 8" },
    };

    [Theory]
    [MemberData(nameof(BadAttributes))]
    public void Load_BadAttribute_SaysNodeAttributeAndExpectation(string name, object? value, string expected)
    {
        NodeModel model = Good();
        model.Attributes.Remove(name);
        if (value is not null)
        {
            model.Attributes[name] = value;
        }

        Assert.Contains($"DynMatMul node 'layer': {expected}", Refusal(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codes, "input codes is missing")]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codebook, "input codebook is missing")]
    [InlineData(DynOperator.Operands + (int)WeightInput.ColumnScale, "column_scale is required")]
    public void Load_MissingConstant_SaysWhich(int input, string expected)
    {
        NodeModel model = Good();
        model.Constants.Remove(input);
        Assert.Contains(expected, Refusal(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codes, "input codes has element type")]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codebook, "input codebook has element type")]
    [InlineData(DynOperator.Operands + (int)WeightInput.RowScale, "input row_scale has element type")]
    [InlineData(DynOperator.Operands + (int)WeightInput.ColumnScale, "input column_scale has element type")]
    [InlineData(DynOperator.Bias, "input bias is int32")]
    public void Load_ConstantOfWrongType_SaysWhich(int input, string expected)
    {
        NodeModel model = Good();
        model.Constants[input] = OrtTensor.Allocate(TensorElementType.Int32, model.Constants[input].Shape);
        Assert.Contains(expected, Refusal(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codes, "input codes has the shape")]
    [InlineData(DynOperator.Operands + (int)WeightInput.Codebook, "codebook has the shape")]
    [InlineData(DynOperator.Operands + (int)WeightInput.RowScale, "row_scale has the shape")]
    [InlineData(DynOperator.Operands + (int)WeightInput.ColumnScale, "column_scale has the shape")]
    [InlineData(DynOperator.Bias, "input bias has the shape")]
    public void Load_ConstantOfWrongShape_SaysWhich(int input, string expected)
    {
        NodeModel model = Good();
        OrtTensor old = model.Constants[input];
        model.Constants[input] = OrtTensor.Allocate(old.ElementType, 3, 5);
        Assert.Contains(expected, Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ConstantThatIsNotFinite_SaysWhich()
    {
        NodeModel model = Good();
        model.Constants[DynOperator.PositionOf(WeightInput.RowScale)].AsSpan<float>()[3] = float.NaN;
        Assert.Contains("input row_scale", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightThatIsFed_SaysThatItMustBeConstant()
    {
        NodeModel model = Good();
        model.Fed.Add(DynOperator.PositionOf(WeightInput.Codes));
        Assert.Contains("input codes is not constant", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IntegerX_IsRefused()
    {
        NodeModel model = Good();
        model.XType = TensorElementType.Int32;
        Assert.NotEmpty(Refusal(model));
    }

    [Theory]
    [InlineData(new long[] { 2, 16 }, "the last dimension of x is 16, expected K = 17")]
    [InlineData(new long[] { 0, 18 }, "the last dimension of x is 18, expected K = 17")]
    [InlineData(new long[] { }, "x has 0 dimensions")]
    public void Run_XOfWrongShape_SaysWhatWasExpected(long[] shape, string expected)
    {
        NodeModel model = Good();
        model.XShape = null;
        using InferenceSession session = NativeHost.Open(model);
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, shape);
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => NativeHost.Run(session, x));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Node_Mutated_IsRefusedOrComputedRight()
    {
        string[] counts = ChildProcess.Run("mutate", OrtVersions.Package, "0", $"{Mutations}").Split(' ');
        Assert.Equal(Mutations, int.Parse(counts[0]) + int.Parse(counts[1]));

        // Both outcomes must be common, or the mutations test nothing.
        Assert.True(int.Parse(counts[0]) > Mutations / 4, $"only {counts[0]} refused");
        Assert.True(int.Parse(counts[1]) > Mutations / 20, $"only {counts[1]} computed");
    }

    private static NodeModel Good()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Bits = 4, Taps = 2, Metric = MetricKinds.None });
        return NodeModel.Of(weight, Inputs.Random(2, TensorElementType.Float, weight.Columns));
    }

    private static string Refusal(NodeModel model) =>
        Assert.Throws<OnnxRuntimeException>(() => NativeHost.Open(model).Dispose()).Message;
}
