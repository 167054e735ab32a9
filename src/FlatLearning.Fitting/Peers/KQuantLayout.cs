namespace FlatLearning.Fitting.Peers;

/// <summary>
/// What a k-quant stores for 256 weights: codes, integer scales (and minima) of sub-blocks, and one or two 16-bit
/// floats they are multiplied with.
/// </summary>
/// <param name="Name">As llama.cpp writes it.</param>
/// <param name="CodeBits">Bits of a code.</param>
/// <param name="SubBlock">Weights that share an integer scale.</param>
/// <param name="ScaleBits">Bits of that scale, and of the minimum where there is one.</param>
/// <param name="Levels">Whether levels start from a minimum or lie around 0.</param>
internal sealed record KQuantLayout(string Name, int CodeBits, int SubBlock, int ScaleBits, BlockSymmetry Levels)
{
    /// <summary>Weights of a super-block.</summary>
    public const int SuperBlock = 256;

    private const int BytesOfHalf = 2;

    /// <summary>Numbers of a sub-block, and of a super-block beside those: a scale, or a scale and a minimum.</summary>
    public int Numbers => Levels == BlockSymmetry.Asymmetric ? 2 : 1;

    /// <summary>The layout of a type.</summary>
    public static KQuantLayout Of(KQuantType type) => type switch
    {
        KQuantType.Q2K => new KQuantLayout("Q2_K", 2, 16, 4, BlockSymmetry.Asymmetric),
        KQuantType.Q3K => new KQuantLayout("Q3_K", 3, 16, 6, BlockSymmetry.Symmetric),
        KQuantType.Q4K => new KQuantLayout("Q4_K", 4, 32, 6, BlockSymmetry.Asymmetric),
        KQuantType.Q5K => new KQuantLayout("Q5_K", 5, 32, 6, BlockSymmetry.Asymmetric),
        KQuantType.Q6K => new KQuantLayout("Q6_K", 6, 16, 8, BlockSymmetry.Symmetric),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "expected a k-quant"),
    };

    /// <summary>
    /// Bytes of a super-block of so many sub-blocks, 256 / <see cref="SubBlock"/> of them in a full one.
    /// </summary>
    public long Bytes(int subBlocks) =>
        StoredBits.Bytes((long)subBlocks * ((SubBlock * CodeBits) + (Numbers * ScaleBits)), 1)
            + (BytesOfHalf * Numbers);
}
