namespace FlatLearning.Dyn.Entropy;

/// <summary>
/// A binary arithmetic coder of 32 bits for the small fields of a stream; see <see cref="SideReader"/>.
/// </summary>
internal sealed class SideWriter
{
    private readonly List<byte> _bytes = [];
    private uint _low;
    private uint _high = uint.MaxValue;

    /// <summary>Writes a symbol of six bits.</summary>
    public void Write(SideCoder coder, int symbol)
    {
        int node = 1;
        for (int i = SideCoder.SymbolBits - 1; i >= 0; i--)
        {
            int bit = (symbol >> i) & 1;
            Write(bit, coder.One(node));
            coder.Update(node, bit);
            node = (2 * node) + bit;
        }
    }

    /// <summary>The bytes; zeros at their end are left out.</summary>
    public byte[] Finish()
    {
        // A number inside the interval with as few bytes as possible: its top byte, or more where that is not inside.
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            uint value = (uint)Math.Min(uint.MaxValue, (((ulong)_low + (1UL << shift) - 1) >> shift) << shift);
            if (value >= _low && value <= _high)
            {
                for (int i = 24; i >= shift; i -= 8)
                {
                    _bytes.Add((byte)(value >> i));
                }

                break;
            }
        }

        int count = _bytes.Count;
        while (count > 0 && _bytes[count - 1] == 0)
        {
            count--;
        }

        return [.. _bytes.Take(count)];
    }

    private void Write(int bit, int one)
    {
        uint middle = _low + (uint)(((ulong)(_high - _low) * (uint)one) >> SideCoder.ProbabilityBits);
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
            _bytes.Add((byte)(_high >> 24));
            _low <<= 8;
            _high = (_high << 8) | 255;
        }
    }
}
