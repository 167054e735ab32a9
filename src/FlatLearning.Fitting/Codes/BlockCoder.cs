namespace FlatLearning.Fitting.Codes;

/// <summary>The room of one thread that encodes blocks of sixteen columns.</summary>
/// <param name="bits">b.</param>
/// <param name="taps">T.</param>
/// <param name="rows">K.</param>
internal sealed class BlockCoder(int bits, int taps, int rows) : CodeBlock(rows), IDisposable
{
    private readonly TrellisEncoder? _trellis = taps > 1 ? new TrellisEncoder(bits, taps) : null;

    /// <summary>Encodes the values.</summary>
    /// <param name="tables">The codebook, of this coder's bits and taps.</param>
    /// <param name="scalar">The same where there is one tap.</param>
    /// <param name="rowWeights">How much an error in each row counts, [K].</param>
    public void Encode(AdditiveTables tables, ScalarEncoder? scalar, ReadOnlySpan<float> rowWeights)
    {
        if (_trellis is not null)
        {
            _trellis.Encode(tables, Values, rowWeights, Codes);
            return;
        }

        for (int i = 0; i < Values.Length; i++)
        {
            Codes[i] = scalar!.Encode(Values[i]);
        }
    }

    public void Dispose() => _trellis?.Dispose();
}
