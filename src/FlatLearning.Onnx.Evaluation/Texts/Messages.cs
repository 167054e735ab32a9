using System.Globalization;

namespace FlatLearning.Onnx.Evaluation;

/// <summary>
/// Every sentence that a user can be shown by this library, by number: 05xx what conversions ask of runs, 07xx running
/// and comparing models, 08xx measuring them.
/// </summary>
internal static partial class Messages
{
    /// <summary>A whole number as users read it, without separators, whatever the culture.</summary>
    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
