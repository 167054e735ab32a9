namespace FlatLearning.Onnx.Operators;

/// <summary>What an operator says of a use: how it will be rewritten, or why it cannot be.</summary>
/// <param name="Use">The use; null with a reason.</param>
/// <param name="Reason">One clause; null with a use.</param>
internal readonly record struct Classification(WeightUse? Use, string? Reason)
{
    /// <summary>It can be rewritten.</summary>
    public static Classification Yes(WeightUse use) => new(use, null);

    /// <summary>It cannot.</summary>
    public static Classification No(string reason) => new(null, reason);
}
