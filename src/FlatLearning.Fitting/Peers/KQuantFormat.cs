namespace FlatLearning.Fitting.Peers;

/// <summary>
/// llama.cpp's k-quants as it makes them without an importance matrix: super-blocks of 256 weights along K (what a row
/// of its tensors is), in which sub-blocks have integer scales, and minima in some types, times one or two 16-bit
/// floats. Source: ggml, src/ggml-common.h (layouts) and src/ggml-quants.c (reference quantisation); sums are in double
/// precision here and in float32 there. llama.cpp stores a K that 256 does not divide in other types of more bits. Here
/// the last super-block of such a column holds as many sub-blocks as it needs, the last of them padded with zeros:
/// fewer bits than any file of llama.cpp, so that the comparison errs in favour of the peer.
/// </summary>
/// <param name="type">The type.</param>
internal sealed class KQuantFormat(KQuantType type) : IPeerFormat
{
    private readonly KQuantLayout _layout = KQuantLayout.Of(type);

    /// <inheritdoc/>
    public string Family => "k-quants";

    /// <inheritdoc/>
    public string Name => _layout.Name;

    /// <inheritdoc/>
    public long PlannedBytes(int rows, int columns)
    {
        (int full, int rest) = Math.DivRem(rows, KQuantLayout.SuperBlock);
        long bytes = full * _layout.Bytes(KQuantLayout.SuperBlock / _layout.SubBlock);
        return columns * (bytes + (rest > 0 ? _layout.Bytes(SubBlocks(rest)) : 0));
    }

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        ColumnBlocks blocks = new(matrix.Rows, matrix.Columns, KQuantLayout.SuperBlock);
        float[] result = new float[matrix.Values.Length];
        float[] buffer = new float[KQuantLayout.SuperBlock];
        long parameters = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int length = blocks.Gather(matrix.Values.Span, i, buffer).Length;
            int subBlocks = SubBlocks(length);
            Span<float> padded = buffer.AsSpan(0, subBlocks * _layout.SubBlock);
            padded[length..].Clear();
            if (_layout.Levels == BlockSymmetry.Asymmetric)
            {
                KQuantAffine.RoundTrip(padded, _layout);
            }
            else
            {
                KQuantSymmetric.RoundTrip(padded, _layout);
            }

            blocks.Scatter(buffer, i, result);
            parameters += padded.Length + (_layout.Numbers * (subBlocks + 1));
        }

        return new PeerResult(result, PlannedBytes(matrix.Rows, matrix.Columns), parameters, Name);
    }

    private int SubBlocks(int weights) => ((weights - 1) / _layout.SubBlock) + 1;
}
