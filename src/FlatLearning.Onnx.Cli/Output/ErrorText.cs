using System.Globalization;

namespace FlatLearning.Onnx.Cli.Output;

/// <summary>Errors for people: five decimals, and powers of ten where these would show nothing.</summary>
internal static class ErrorText
{
    private const double Smallest = 1e-3;

    /// <summary>A relative error; a dash where there is none.</summary>
    public static string Of(double? error) => error switch
    {
        null => "-",
        0 => "0",
        < Smallest or >= 1000 => error.Value.ToString("0.00e+0", CultureInfo.InvariantCulture),
        _ => error.Value.ToString("0.00000", CultureInfo.InvariantCulture),
    };
}
