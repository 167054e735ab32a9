namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// Reads what <see cref="SideWriter"/> wrote. Beyond its end a stream is zeros; one that is read much further than its
/// end is refused.
/// </summary>
internal ref struct SideReader
{
    /// <summary>
    /// How many zero bytes a stream may have left out: the coder holds four, and a writer drops zeros that follow each
    /// other.
    /// </summary>
    private const int MaxMissing = 1 << 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private uint _low;
    private uint _high = uint.MaxValue;
    private uint _value;

    public SideReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        for (int i = 0; i < 4; i++)
        {
            _value = (_value << 8) | Next();
        }
    }

    /// <summary>Reads a symbol of six bits.</summary>
    /// <exception cref="DynFormatException">The stream ended long ago.</exception>
    public int Read(SideCoder coder)
    {
        int node = 1;
        for (int i = 0; i < SideCoder.SymbolBits; i++)
        {
            int bit = Read(coder.One(node));
            coder.Update(node, bit);
            node = (2 * node) + bit;
        }

        return node - (1 << SideCoder.SymbolBits);
    }

    private int Read(int one)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)one) >> SideCoder.ProbabilityBits);
        int bit = _value <= middle ? 1 : 0;
        if (bit != 0)
        {
            _high = middle;
        }
        else
        {
            _low = middle + 1;
        }

        while (((_low ^ _high) & 0xff000000) == 0)
        {
            _low <<= 8;
            _high = (_high << 8) | 255;
            _value = (_value << 8) | Next();
        }

        return bit;
    }

    private uint Next()
    {
        if (_position < _bytes.Length)
        {
            return _bytes[_position++];
        }

        if (_position++ > _bytes.Length + MaxMissing)
        {
            throw new DynFormatException("the entropy-coded stream ends inside its scale fields");
        }

        return 0;
    }
}
