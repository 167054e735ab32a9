namespace FlatLearning.Onnx.Files;

/// <summary>How a model is written.</summary>
public sealed record SaveOptions
{
    /// <summary>Where the elements go.</summary>
    public ExternalDataPolicy ExternalData { get; init; } = ExternalDataPolicy.KeepPlacement;

    /// <summary>What happens to a file that is already there; the side file included.</summary>
    public ExistingFile Existing { get; init; } = ExistingFile.Refuse;

    /// <summary>
    /// Bytes from which on a tensor is worth a place in the side file; smaller ones (shapes, scalars, biases) go
    /// inline, but for those that share their bytes with others.
    /// </summary>
    public long SideFileThreshold { get; init; } = 1024;

    /// <summary>
    /// Offsets of large tensors in the side file are multiples of this many bytes: a page, so that hosts can map them
    /// directly. What has fewer than 256 times as many bytes, or was not at a page in an external file before, is
    /// packed.
    /// </summary>
    public int SideFileAlignment { get; init; } = 4096;

    /// <summary>
    /// The most bytes of elements that may stay inline; leaves room under protobuf's 2^31 - 1 for nodes, names and
    /// lengths.
    /// </summary>
    public long InlineLimit { get; init; } = int.MaxValue - (64L << 20);
}
