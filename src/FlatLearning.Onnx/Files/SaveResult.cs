namespace FlatLearning.Onnx.Files;

/// <summary>What <see cref="OnnxModelFile.Save"/> wrote.</summary>
/// <param name="ModelBytes">Bytes of the .onnx file.</param>
/// <param name="SideFileBytes">Bytes of the external data file, alignment included; 0 where there is none.</param>
public readonly record struct SaveResult(long ModelBytes, long SideFileBytes)
{
    /// <summary>All bytes on the disk.</summary>
    public long TotalBytes => ModelBytes + SideFileBytes;

    /// <summary>
    /// A file beside the model that has the name of its external data and nothing to do with it; null where there is
    /// none.
    /// </summary>
    public string? LeftBeside { get; init; }
}
