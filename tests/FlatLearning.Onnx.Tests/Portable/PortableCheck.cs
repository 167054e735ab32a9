using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Proto;
using FlatLearning.Testing;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Portable;

/// <summary>
/// Runs a weight's portable form in ONNX Runtime and compares y with x times the reference decoder's weight.
/// </summary>
internal static class PortableCheck
{
    /// <summary>Relative L2 of y: float32 rounding of a decoded weight and of a product.</summary>
    public const double CodesTolerance = 2e-6;

    /// <summary>Relative L2 of y with a metric, whose features are summed in float32 and may cancel.</summary>
    public const double MetricTolerance = 5e-5;

    private static readonly HashSet<string> DenseOperators = [
        "MatMul", "Gemm", "FusedMatMul", "FusedGemm", "Add", "Cast", "Reshape", "Shape"];

    /// <summary>
    /// Returns the relative L2 error of y; asserts that it is within the tolerance and that no decoding is left at run
    /// time.
    /// </summary>
    public static double Verify(
        string version, DynWeight weight, int opset, long[] shape, DataType type = DataType.Float, bool hasBias = false)
    {
        DynStructure structure = DynStructure.Of(weight, opset)! with { ElementType = type, HasBias = hasBias };
        Random random = new(5);
        float[] bias = [.. Enumerable.Range(0, weight.Columns).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        ModelProto model = DynModel.Create(weight, structure, opset, shape.Length, hasBias ? bias : null);
        string optimised = Path.Combine(Path.GetTempPath(), $"portable-{Guid.NewGuid():N}.onnx");
        try
        {
            using IOnnxSession session =
                OrtVersions.Open(version).Open(model.ToByteArray(), optimisedPath: optimised);
            RequireDense(ModelProto.Parser.ParseFrom(File.ReadAllBytes(optimised)));

            OrtTensor x = OrtTensor.Allocate((TensorElementType)type, shape);
            double[] values = Fill(x, random);
            OrtTensor y = session.Run(new Dictionary<string, OrtTensor> { ["x"] = x })[0];
            Assert.Equal([.. shape[..^1], weight.Columns], y.Shape.ToArray());
            double error = RelativeError(y.ToDoubles(), Product(values, weight, hasBias ? bias : null));
            double tolerance = Math.Max(Rounding(type), weight.Metric is null ? CodesTolerance : MetricTolerance);
            Assert.True(
                error < tolerance, $"{version} opset {opset}, {structure}: relative L2 {error}, at most {tolerance}");
            return error;
        }
        finally
        {
            File.Delete(optimised);
        }
    }

    /// <summary>
    /// Asserts that a graph as ONNX Runtime optimised it multiplies by dense weights and decodes nothing.
    /// </summary>
    public static void RequireDense(ModelProto model)
    {
        string[] left = [.. model.Graph.Node.Select(node => node.OpType).Where(type => !DenseOperators.Contains(type))];
        Assert.True(left.Length == 0, $"operators left after optimisation: {string.Join(", ", left)}");
        Assert.All(model.Graph.Initializer, initializer => Assert.NotEqual((int)DataType.Uint8, initializer.DataType));
    }

    /// <summary>Relative L2 distance; absolute where nothing was expected but zeros.</summary>
    public static double RelativeError(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        (double error, double norm) = (0, 0);
        for (int i = 0; i < actual.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        return Math.Sqrt(norm == 0 ? error : error / norm);
    }

    /// <summary>x W + bias in double precision.</summary>
    public static double[] Product(double[] x, DynWeight weight, float[]? bias)
    {
        double[] dense = ReferenceDecoder.Decode(weight);
        int rows = x.Length / weight.Rows;
        double[] y = new double[rows * weight.Columns];
        for (int r = 0; r < rows; r++)
        {
            for (int n = 0; n < weight.Columns; n++)
            {
                double sum = bias?[n] ?? 0;
                for (int k = 0; k < weight.Rows; k++)
                {
                    sum += x[(r * weight.Rows) + k] * dense[(k * weight.Columns) + n];
                }

                y[(r * weight.Columns) + n] = sum;
            }
        }

        return y;
    }

    /// <summary>Fills a tensor with numbers in [-1, 1] and returns them as stored.</summary>
    private static double[] Fill(OrtTensor x, Random random)
    {
        for (int i = 0; i < x.ElementCount; i++)
        {
            float value = (float)((2 * random.NextDouble()) - 1);
            switch (x.ElementType)
            {
                case TensorElementType.Float16:
                    x.AsSpan<Half>()[i] = (Half)value;
                    break;
                case TensorElementType.Double:
                    x.AsSpan<double>()[i] = value;
                    break;
                case TensorElementType.BFloat16:
                    BitConverter.TryWriteBytes(
                        x.Bytes[(2 * i)..], (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                    break;
                default:
                    x.AsSpan<float>()[i] = value;
                    break;
            }
        }

        return x.ToDoubles();
    }

    /// <summary>The rounding of y to the element type of x.</summary>
    private static double Rounding(DataType type) => type switch
    {
        DataType.Float16 => 1.0 / 2048,
        DataType.Bfloat16 => 1.0 / 256,
        _ => 0,
    };
}
