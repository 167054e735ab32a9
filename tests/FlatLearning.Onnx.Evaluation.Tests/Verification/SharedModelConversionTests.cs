using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Verification;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tests.Conversion;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Testing;

namespace FlatLearning.Onnx.Evaluation.Tests.Verification;

/// <summary>
/// Every real model: converted at four bits and verified where it has a weight worth it, else left with a reason for
/// each weight.
/// </summary>
public sealed class SharedModelConversionTests : IDisposable
{
    /// <summary>Elements from which on a product's weight has to be converted.</summary>
    private const int WorthIt = 4096;

    private readonly TemporaryFolder _folder = new();

    /// <summary>One of each kind, all of them small.</summary>
    private static readonly string[] Quick = ["gpt_nano_sort.onnx", "dtln_1.onnx", "gtcrn_simple.onnx"];

    public static TheoryData<string> QuickModels => [.. Quick];

    public static TheoryData<string> OtherModels => SharedModels.Paths.Count == 0
        ? [""]
        : [.. SharedModels.Paths.Select(path => Path.GetFileName(path)).Except(Quick)];

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [MemberData(nameof(QuickModels))]
    public void Convert_FourBits_VerifiesOrLeavesAReason(string name) => Check(name);

    [SharedTheory]
    [Trait("Set", "Long")]
    [MemberData(nameof(OtherModels))]
    public void Convert_FourBitsOfOthers_VerifiesOrLeavesAReason(string name) => Check(name);

    private void Check(string name)
    {
        string original = SharedModels.PathOf(name);
        string output = _folder["converted.onnx"];
        ConvertOptions options = new() { Plan = new UniformCodesPlan { Bits = 4 } };

        if (LargestProduct(OnnxModelFile.Load(original)) < WorthIt)
        {
            // Small products may still be converted where that pays; what is left has its reason.
            (ConversionReport left, _) = ConversionJob.Run(original, output, options, ConversionTarget.DryRun);
            Assert.All(
                left.Weights.Where(weight => weight.Representation is null),
                weight => Assert.NotEqual(string.Empty, weight.SkippedReason ?? string.Empty));
            Assert.True(left.OutputBytes <= left.InputBytes, $"{left.OutputBytes} of {left.InputBytes} bytes");
            return;
        }

        (ConversionReport report, _) = ConversionJob.Run(original, output, options, ConversionTarget.New);
        VerificationReport verified = ConversionVerifier.Verify(original, report, OrtRun.Library);

        Assert.True(report.Converted > 0, Reasons(report));
        Assert.Equal(new FileInfo(output).Length, report.OutputBytes);
        Assert.True(report.OutputBytes < report.InputBytes, $"{report.OutputBytes} of {report.InputBytes} bytes");
        Assert.True(report.Portable, "every node has a function");
        Assert.All(report.Weights, weight => Assert.NotEqual(string.Empty, weight.SkippedReason));
        Assert.True(verified.Passed, string.Join("; ", verified.Failures));
        Assert.True(
            verified.LibraryRestored < verified.Tolerance
                && verified.PortableRestored < verified.Tolerance
                && verified.LibraryPortable < verified.Tolerance,
            name);
    }

    /// <summary>Elements of the largest constant matrix that a MatMul or Gemm multiplies with.</summary>
    private static long LargestProduct(OnnxModel model)
    {
        GraphIndex index = new(model.Proto);
        ConstantFolder folder = new(model, index);
        long largest = 0;
        foreach (GraphScope scope in index.Scopes)
        {
            foreach (NodeProto node in scope.Nodes.Where(
                node => node.OpType is "MatMul" or "Gemm" && node.Domain.Length == 0))
            {
                ConstantValue?[] operands = [.. node.Input.Take(2).Select(name => folder.Find(scope, name, out _))];
                if (operands.Count(operand => operand is not null) == 1)
                {
                    largest = Math.Max(
                        largest, folder.Read(operands.Single(operand => operand is not null)!, out _)?.Count ?? 0);
                }
            }
        }

        return largest;
    }

    private static string Reasons(ConversionReport report) =>
        string.Join("; ", report.Weights.Select(weight => $"{weight.Name}: {weight.SkippedReason}"));
}
