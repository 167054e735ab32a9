using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Tests.Conversion;

/// <summary>Converts a generated model and runs all of its forms in ONNX Runtime.</summary>
internal static class ConversionCheck
{
    /// <summary>
    /// Relative L2 between two ways to run one set of weights in float32: the limit that the project states.
    /// </summary>
    public const double RoundingTolerance = 5e-5;

    /// <summary>
    /// Relative L2 of y between the original and its decoded weights at 8 bits: codes of 256 levels over [-1, 1] lose
    /// 0.3% of a uniform weight. Anything put in the wrong order or scaled wrongly loses 100%.
    /// </summary>
    public const double EightBitLoss = 0.02;

    /// <summary>Eight bits, so that only a wrong conversion is far from the original; small weights included.</summary>
    public static ConvertOptions Options { get; } =
        new() { Plan = new UniformCodesPlan { Bits = 8 }, MinSize = 512, Threads = 1 };

    /// <summary>
    /// Converts, and requires that one weight or more was converted, that the portable form and the library agree with
    /// the restored model to rounding, that the restored model is near the original, and that the operator sets are as
    /// before.
    /// </summary>
    public static ConvertedModel Converts(
        ModelBuilder builder, int expected = 1, ConvertOptions? options = null, double tolerance = RoundingTolerance,
        double loss = EightBitLoss)
    {
        ConvertedModel converted = Convert(builder, expected, options);
        Agrees(builder.Proto, converted, builder.Feeds, tolerance, loss);
        return converted;
    }

    /// <summary>Converts, and requires the number of converted weights and a reason for each other one.</summary>
    public static ConvertedModel Convert(ModelBuilder builder, int expected, ConvertOptions? options = null)
    {
        OnnxModel original = builder.Model;
        ModelValidator.Check(original);
        ConvertedModel converted = ModelConverter.Convert(original, options ?? Options);
        string[] skipped = [
            .. converted.Weights.Where(weight => weight.SkippedReason is not null)
                .Select(weight => $"{weight.Name}: {weight.SkippedReason}")];
        int done = converted.Weights.Count(weight => weight.SkippedReason is null);
        Assert.True(
            done == expected,
            $"{done} weights were converted, expected {expected}; skipped: {string.Join("; ", skipped)}");
        Assert.All(converted.Weights, weight => Assert.NotEqual(string.Empty, weight.SkippedReason));
        return converted;
    }

    /// <summary>Runs original, restored, portable and library form on the same inputs.</summary>
    public static void Agrees(
        ModelProto original, ConvertedModel converted, IReadOnlyDictionary<string, OrtTensor> feeds,
        double tolerance = RoundingTolerance, double loss = EightBitLoss)
    {
        Assert.Equal(Standard(original), Standard(converted.Model.Proto));
        IReadOnlyList<OrtTensor> expected = OrtRun.Alone(original, feeds);
        IReadOnlyList<OrtTensor> restored = OrtRun.Alone(ModelRestorer.Restore(converted.Model).Proto, feeds);
        Near("restored and original", restored, expected, loss);
        Near("library and restored", OrtRun.WithLibrary(converted.Model.Proto, feeds), restored, tolerance);
        Near(
            "library without optimisation and restored",
            OrtRun.WithLibraryAsWritten(converted.Model.Proto, feeds),
            restored,
            tolerance);
        Assert.True(converted.Portable, string.Join("; ", converted.Notes));
        Near("portable and restored", OrtRun.Alone(converted.Model.Proto, feeds), restored, tolerance);
    }

    /// <summary>
    /// Requires a weight to be skipped for a reason that has all the given words, and nothing else in the model to have
    /// changed.
    /// </summary>
    public static void Skips(ModelBuilder builder, string weight, params string[] words)
    {
        ConvertedModel converted = Convert(builder, 0);
        string? reason = converted.Weights.Single(report => report.Name == weight).SkippedReason;
        Assert.All(words, word => Assert.Contains(word, reason, StringComparison.Ordinal));
        Assert.Equal(builder.Proto, converted.Model.Proto);
    }

    /// <summary>
    /// Requires a weight to be stored, but to be dense when the model runs, for a reason that has all the given words;
    /// all forms of the model agree, and its nodes stay as they are.
    /// </summary>
    public static ConvertedModel KeepsDense(ModelBuilder builder, string weight, params string[] words)
    {
        ConvertedModel converted = BecomesDense(builder, weight, words);
        Agrees(builder.Proto, converted, builder.Feeds);
        return converted;
    }

    /// <summary>The same without running the model.</summary>
    public static ConvertedModel BecomesDense(ModelBuilder builder, string weight, params string[] words)
    {
        ConvertedModel converted = ModelConverter.Convert(builder.Model, Options);
        WeightReport report = converted.Weights.Single(one => one.Name == weight);
        Assert.Null(report.SkippedReason);
        Assert.All(words, word => Assert.Contains(word, report.Dense, StringComparison.Ordinal));
        Assert.Contains(
            converted.Model.Proto.Graph.Node,
            node => node.OpType.StartsWith("DynWeight", StringComparison.Ordinal) && node.Output.Contains(weight));
        Assert.All(builder.Graph.Node, node => Assert.Contains(node, converted.Model.Proto.Graph.Node));
        return converted;
    }

    /// <summary>Requires outputs of one shape within a relative L2 distance; NaN fails.</summary>
    public static void Near(
        string what, IReadOnlyList<OrtTensor> actual, IReadOnlyList<OrtTensor> expected, double tolerance)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Shape.ToArray(), actual[i].Shape.ToArray());
            Assert.Equal(expected[i].ElementType, actual[i].ElementType);
            double error = PortableCheck.RelativeError(actual[i].ToDoubles(), expected[i].ToDoubles());
            Assert.True(
                error < tolerance, $"{what}, output {i}: relative L2 {error:e2}, expected less than {tolerance:e1}");
        }
    }

    private static string[] Standard(ModelProto model) =>
        [.. model.OpsetImport.Where(import => import.Domain is "" or "ai.onnx")
            .Select(import => $"{import.Domain}:{import.Version}")];
}
