using System.Globalization;

namespace FlatLearning.Onnx.Evaluation.Runtime;

/// <summary>One declared dimension of an input or output.</summary>
/// <param name="Value">Its size, or -1 where the model leaves it open.</param>
/// <param name="Symbol">The name of an open dimension, or null where it has none or is not open.</param>
internal readonly record struct OrtDimension(long Value, string? Symbol)
{
    /// <summary>Whether the size is not fixed by the model.</summary>
    public bool IsFree => Value < 0;

    /// <summary>The size, the name, or a question mark.</summary>
    public override string ToString() => IsFree ? Symbol ?? "?" : Value.ToString(CultureInfo.InvariantCulture);

    internal static OrtDimension Of(int value, string? symbol) =>
        new(value, value < 0 && !string.IsNullOrEmpty(symbol) ? symbol : null);
}
