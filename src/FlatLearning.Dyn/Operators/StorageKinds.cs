namespace FlatLearning.Dyn.Operators;

/// <summary>Values of the attribute <c>storage</c>.</summary>
public static class StorageKinds
{
    /// <summary>Codes in fixed width.</summary>
    public const string Packed = "packed";

    /// <summary>Codes, codebook and scales as one entropy-coded stream.</summary>
    public const string Entropy = "entropy";
}
