using FlatLearning.Onnx.Tests.Support;
using FlatLearning.Packages.Tests.Support;

namespace FlatLearning.Packages.Tests.Arm64;

/// <summary>The library for Linux on 64-bit Arm, built here and run by an emulator.</summary>
[Trait("Set", "Long")]
[Collection(BuildsCollection.Name)]
public sealed class LinuxArm64Tests
{
    // The two machines add in different orders. A sum of n products in float32 is off by at most n * 2^-24 of the sum
    // of their magnitudes; the longest of these networks chains 17 products of at most 400 terms each.
    private const double Tolerance = 17 * 400 * (1.0 / (1 << 24));

    private static readonly CHost ThisMachine = new("x64", "x86_64-linux-gnu", []);

    /// <summary>Every kind of part that a weight can have: codes, bands, entropy-coded codes, metrics.</summary>
    [CrossTheory]
    [InlineData("char-transformer/char_transformer.onnx", "--code-bits 4")]
    [InlineData("lenet5/lenet5.onnx", "--bits 3.5")]
    [InlineData("lenet5/lenet5.onnx", "--storage entropy --code-bits 3")]
    [InlineData("lenet5/lenet5.onnx", "--method dyn-l1 --include fc2")]
    [InlineData("lenet5/lenet5.onnx", "--method dyn-l2 --include fc2")]
    public void Library_ConvertedModelOnArm64_AgreesWithX64(string model, string options)
    {
        using TemporaryFolder folder = new();
        string converted = Path.Combine(folder.Path, "model.flat.onnx");
        Tool.Convert(model, converted, options.Split(' '));
        Sample sample = model.StartsWith("char", StringComparison.Ordinal)
            ? Sample.Indices(37, 2, 32)
            : Sample.Floats(3, 1, 28, 28);
        string library =
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libflat_custom_ops.so");

        float[] expected = ThisMachine.Run(converted, library, sample);
        float[] actual = ArmMachine.Host.Run(converted, ArmMachine.Library, sample);

        double largest = expected.Max(value => Math.Abs((double)value));
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(
            expected.Zip(actual),
            pair => Assert.InRange(Math.Abs((double)pair.First - pair.Second) / largest, 0, Tolerance));
    }
}
