using System.Globalization;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class ByteText
{
    /// <summary>Bytes with a decimal unit: 512 B, 12.3 kB, 4.56 MB.</summary>
    public static string Format(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
