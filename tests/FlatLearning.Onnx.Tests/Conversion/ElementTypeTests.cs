using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Models in float16, bfloat16 and float64.</summary>
public sealed class ElementTypeTests
{
    /// <summary>
    /// Relative L2 where the weights and y are rounded to 11 bits: twice half a unit in the last place.
    /// </summary>
    public const double HalfTolerance = 1.0 / 1024;

    /// <summary>The same for the 8 bits of bfloat16.</summary>
    public const double BrainTolerance = 1.0 / 128;

    private const int K = 48;
    private const int N = 65;

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    public void Convert_Float16_Agrees(string type) =>
        ConversionCheck.Converts(Model(type, DataType.Float16), tolerance: HalfTolerance);

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    public void Convert_Float64_AgreesToSinglePrecision(string type) =>
        ConversionCheck.Converts(Model(type, DataType.Double));

    /// <summary>
    /// ONNX Runtime has no product of bfloat16 on processors, so the dense values in double precision judge both forms.
    /// </summary>
    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    public void Convert_Bfloat16_LibraryAndPortableAreRight(string type)
    {
        ModelBuilder builder = Model(type, DataType.Bfloat16);

        ConvertedModel converted = ConversionCheck.Convert(builder, 1);

        IReadOnlyList<OrtTensor> library = OrtRun.WithLibrary(converted.Model.Proto, builder.Feeds);
        IReadOnlyList<OrtTensor> portable = OrtRun.Alone(converted.Model.Proto, builder.Feeds);
        ConversionCheck.Near("library and portable", library, portable, BrainTolerance);
        double[] expected = Expected(
            builder,
            ModelRestorer.Restore(converted.Model).Proto.Graph.Initializer.Single(tensor => tensor.Dims.Count == 2));
        double error = PortableCheck.RelativeError(library[0].ToDoubles(), expected);
        Assert.True(error < BrainTolerance, $"relative L2 {error}");
    }

    [Theory]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Bfloat16)]
    [InlineData(DataType.Double)]
    public void Restore_OtherType_HasTheOriginalType(DataType type)
    {
        ModelBuilder builder = Model("MatMul", type);

        ModelProto restored = ModelRestorer.Restore(ConversionCheck.Convert(builder, 1).Model).Proto;

        Assert.Equal((int)type, Assert.Single(restored.Graph.Initializer).DataType);
    }

    private static ModelBuilder Model(string type, DataType element)
    {
        ModelBuilder builder = new ModelBuilder(16).Input("x", element, 3, K)
            .Weight("W", element, K, N)
            .Output("y", element);
        return type == "MatMul"
            ? builder.Node("MatMul", ["x", "W"], "y")
            : builder.Weight("b", element, 1, N).Node("Gemm", ["x", "W", "b"], "y");
    }

    private static double[] Expected(ModelBuilder builder, TensorProto dense)
    {
        double[] w = new Onnx.Tensors.TensorReader(null).ReadDoubles(dense);
        double[] x = builder.Feeds["x"].ToDoubles();
        TensorProto? bias = builder.Graph.Initializer.FirstOrDefault(tensor => tensor.Name == "b");
        double[]? b = bias is null ? null : new Onnx.Tensors.TensorReader(null).ReadDoubles(bias);
        double[] y = new double[3 * N];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = (b?[i % N] ?? 0) + Enumerable.Range(0, K).Sum(k => x[(i / N * K) + k] * w[(k * N) + (i % N)]);
        }

        return y;
    }
}
