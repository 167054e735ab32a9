using System.Globalization;
using FlatLearning.Onnx;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Api;

/// <summary>The methods that programs call.</summary>
public sealed class FlatModelTests : IDisposable
{
    private static readonly string Original = Tool.SampleModel("lenet5/lenet5.onnx");
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Convert_SampleModel_WritesTheFileOfTheReport()
    {
        List<double> shares = [];
        ConversionReport report =
            FlatModel.Convert(Original, _folder["small.onnx"], progress: new ImmediateProgress<double>(shares.Add));

        Assert.True(report.Converted > 0, "weights are converted");
        Assert.Equal(new FileInfo(_folder["small.onnx"]).Length, report.OutputBytes);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Contains(1, shares);
    }

    [Fact]
    public void Convert_ExistingTarget_IsReplacedOnlyWhereToldTo()
    {
        File.WriteAllText(_folder["small.onnx"], "mine");
        Assert.Throws<OnnxModelException>(() => FlatModel.Convert(Original, _folder["small.onnx"]));
        Assert.Equal("mine", File.ReadAllText(_folder["small.onnx"]));

        FlatModel.Convert(Original, _folder["small.onnx"], target: ConversionTarget.Overwrite);
        Assert.Equal(
            FlatModel.Load(Original).Proto.Graph.Input, FlatModel.Load(_folder["small.onnx"]).Proto.Graph.Input);
    }

    [Fact]
    public void Convert_Cancelled_WritesNothing()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => FlatModel.Convert(Original, _folder["small.onnx"], cancellation: cancelled.Token));
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void Convert_CultureWithDecimalComma_WritesTheSameBytes()
    {
        FlatModel.Convert(Original, _folder["invariant.onnx"]);
        CultureInfo comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "minus ";
        Thread thread = new(() => FlatModel.Convert(Original, _folder["comma.onnx"])) { CurrentCulture = comma };
        thread.Start();
        thread.Join();

        Assert.Equal(File.ReadAllBytes(_folder["invariant.onnx"]), File.ReadAllBytes(_folder["comma.onnx"]));
    }

    [Fact]
    public void Restore_ConvertedModel_ComputesTheSameAsTheConverted()
    {
        FlatModel.Convert(Original, _folder["small.onnx"]);
        FlatModel.Restore(_folder["small.onnx"], _folder["plain.onnx"]);

        ComparisonReport restored = FlatModel.Compare(_folder["small.onnx"], _folder["plain.onnx"]);
        ComparisonReport original = FlatModel.Compare(Original, _folder["plain.onnx"]);

        // The decoded weights are the same numbers; only the order of the products may differ.
        Assert.InRange(restored.Outputs[0].RelativeL2!.Value, 0, 1e-5);
        Assert.InRange(original.Outputs[0].RelativeL2!.Value, 1e-5, 0.1);
    }

    public void Dispose() => _folder.Dispose();
}
