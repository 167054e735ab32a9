namespace FlatLearning.Onnx.Conversion;

/// <summary>What a conversion does with its target file.</summary>
public enum ConversionTarget
{
    /// <summary>Writes a new file; refuses to replace one.</summary>
    New,

    /// <summary>Replaces an existing file.</summary>
    Overwrite,

    /// <summary>Writes nothing.</summary>
    DryRun,
}
