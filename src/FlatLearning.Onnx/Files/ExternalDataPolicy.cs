namespace FlatLearning.Onnx.Files;

/// <summary>Where <see cref="OnnxModelFile.Save"/> puts the elements of tensors.</summary>
public enum ExternalDataPolicy
{
    /// <summary>
    /// Inline data stays inline, external data goes to the new side file; beyond 2 GB inline data moves to the side
    /// file too.
    /// </summary>
    KeepPlacement,

    /// <summary>Everything inline where it fits under 2 GB; otherwise as <see cref="SideFile"/>.</summary>
    InlineWhereItFits,

    /// <summary>Everything inline; beyond 2 GB saving fails.</summary>
    Inline,

    /// <summary>
    /// Every tensor of at least <see cref="SaveOptions.SideFileThreshold"/> bytes goes to the side file.
    /// </summary>
    SideFile,
}
