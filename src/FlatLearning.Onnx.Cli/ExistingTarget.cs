namespace FlatLearning.Onnx.Cli;

/// <summary>What an output path may already be.</summary>
internal enum ExistingTarget
{
    /// <summary>Nothing.</summary>
    Refuse,

    /// <summary>A file, which is replaced.</summary>
    Replace,
}
