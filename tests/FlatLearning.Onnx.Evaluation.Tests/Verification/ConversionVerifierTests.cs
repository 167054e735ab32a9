using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Verification;

public sealed class ConversionVerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DataType.Float)]
    [InlineData(DataType.Float16)]
    [InlineData(DataType.Double)]
    public void Verify_GoodConversion_Passes(DataType type)
    {
        ConversionReport report = Convert(type);

        VerificationReport verified = ConversionVerifier.Verify(_folder["a.onnx"], report, OrtRun.Library);

        Assert.True(verified.Passed, string.Join("; ", verified.Failures));
        Assert.True(verified.LibraryRestored < verified.Tolerance, $"{verified.LibraryRestored}");
        Assert.True(verified.PortableRestored < verified.Tolerance, $"{verified.PortableRestored}");
        Assert.True(verified.LibraryPortable < verified.Tolerance, $"{verified.LibraryPortable}");
        Assert.True(verified.Outputs[0].SnrDb > 10, $"{verified.Outputs[0].SnrDb} dB");
    }

    [Theory]
    [InlineData(DataType.Float16, ConversionVerifier.HalfTolerance)]
    [InlineData(DataType.Float, ConversionVerifier.SingleTolerance)]
    public void Verify_StoredTypeIsAnother_HasTheToleranceOfTheTypeThatIsMultiplied(DataType type, double tolerance)
    {
        const int Size = 120;
        ModelBuilder builder = new ModelBuilder(19, 9).Input("x", type, 3, Size)
            .Output("y", type)
            .Weight("W", DataType.Int8, Size, Size)
            .Weight("V", DataType.Double, Size, Size);
        float[] scale = [.. Enumerable.Range(1, Size).Select(n => n / 1000f)];
        builder.Graph.Initializer.Add(
            type == DataType.Float
                ? TensorWriter.Float32("scale", [Size], scale)
                : TensorWriter.Float16("scale", [Size], scale));
        builder.Node("DequantizeLinear", ["W", "scale"], "w", TestModels.Int("axis", 1)).Node("MatMul", ["x", "w"], "a")
            .Node("Cast", ["V"], "v", TestModels.Int("to", (long)type)).Node("MatMul", ["a", "v"], "y");
        ConversionReport report = ConversionJob.Run(
            _folder.Write("a.onnx", builder.Proto),
            _folder["b.onnx"],
            new ConvertOptions { Requantize = true },
            ConversionTarget.New).Report;

        VerificationReport verified = ConversionVerifier.Verify(_folder["a.onnx"], report, OrtRun.Library);

        Assert.Equal(2, report.Converted);
        Assert.Equal(tolerance, verified.Tolerance);
        Assert.True(verified.Passed, string.Join("; ", verified.Failures));
    }

    [Fact]
    public void Verify_FunctionThatComputesSomethingElse_Fails()
    {
        ConversionReport report = Convert(DataType.Float);
        OnnxModel converted = OnnxModelFile.Load(report.Output);
        NodeProto changed = converted.Proto.Functions[0].Node.Last(node => node.OpType == "Mul");
        changed.OpType = "Add";
        OnnxModelFile.Save(converted, report.Output, new SaveOptions { Existing = ExistingFile.Replace });

        VerificationReport verified = ConversionVerifier.Verify(_folder["a.onnx"], report, OrtRun.Library);

        Assert.False(verified.Passed, "the function computes something else");
        Assert.Contains(
            verified.Failures, failure => failure.Contains("model-local functions", StringComparison.Ordinal));
        Assert.True(verified.LibraryRestored < verified.Tolerance, "the library is right");
    }

    [Fact]
    public void Verify_WithoutLibrary_NotesIt()
    {
        VerificationReport verified = ConversionVerifier.Verify(_folder["a.onnx"], Convert(DataType.Float), null);

        Assert.True(verified.Passed, string.Join("; ", verified.Failures));
        Assert.Null(verified.LibraryRestored);
        Assert.Contains(verified.Notes, note => note.Contains("library", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_WithoutFunctions_RunsWithTheLibrary()
    {
        VerificationReport verified = ConversionVerifier.Verify(
            _folder["a.onnx"], Convert(DataType.Float, new ConvertOptions { Portable = false }), OrtRun.Library);

        Assert.True(verified.Passed, string.Join("; ", verified.Failures));
        Assert.Null(verified.PortableRestored);
    }

    [Fact]
    public void Verify_WithoutLibraryAndFunctions_IsRefused() => Assert.StartsWith(
        "FLAT0509",
        Assert.Throws<UsageException>(
            () => ConversionVerifier.Verify(
                _folder["a.onnx"], Convert(DataType.Float, new ConvertOptions { Portable = false }), null)).Message,
        StringComparison.Ordinal);

    private ConversionReport Convert(DataType type, ConvertOptions? options = null)
    {
        ModelBuilder builder = new ModelBuilder(13).Input("x", type, 3, 100)
            .Output("y", type)
            .Weight("W", type, 100, 120)
            .Weight("V", type, 110, 120)
            .Weight("b", type, 110)
            .Node("MatMul", ["x", "W"], "a").Node("Gemm", ["a", "V", "b"], "y", TestModels.Int("transB", 1));
        return ConversionJob.Run(
            _folder.Write("a.onnx", builder.Proto),
            _folder["b.onnx"],
            options ?? new ConvertOptions(),
            ConversionTarget.New).Report;
    }
}
