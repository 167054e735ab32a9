namespace FlatLearning.Kernels.Lut;

/// <summary>Strips that are summed at once: four of 4-bit codes, two of 2-bit codes, or one of 3-bit codes.</summary>
internal readonly unsafe struct Avx512StripSet
{
    private readonly int _bits;
    private readonly nint _row;
    private readonly byte* _a;
    private readonly byte* _b;
    private readonly byte* _c;
    private readonly byte* _d;

    /// <summary>Finds the strips.</summary>
    /// <param name="codes">All strips.</param>
    /// <param name="blob">The packed codes.</param>
    /// <param name="first">The first; what is missing to a full set at the end is the last strip again.</param>
    public Avx512StripSet(Avx512LutCodes codes, byte* blob, int first)
    {
        (_bits, _row) = (codes.Bits, codes.Layout.BytesPerRow);
        int last = codes.Strips - 1;
        _a = codes.Codes(blob, first);
        _b = _bits == 3 ? _a : codes.Codes(blob, Math.Min(first + 1, last));
        _c = _bits == 4 ? codes.Codes(blob, Math.Min(first + 2, last)) : _b;
        _d = _bits == 4 ? codes.Codes(blob, Math.Min(first + 3, last)) : _b;
    }

    /// <summary>
    /// Where the codes of some inputs lie as four-bit indices, 64 bytes per table: in place, or brought there.
    /// </summary>
    /// <param name="firstInput">The first input.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="target">Room for <see cref="Avx512LutIndices.Bytes"/> per table.</param>
    /// <param name="second">64 bytes more per table.</param>
    /// <param name="stride">Bytes from table to table.</param>
    public byte* Codes(int firstInput, int inputs, byte* target, out byte* second, out nint stride)
    {
        nint skip = firstInput * _row;
        second = target + (Avx512LutIndices.Bytes / 2);
        stride = Avx512LutIndices.Bytes;
        switch (_bits)
        {
            case 4 when _b == _a + Avx512LutCodes.Bytes && _d == _c + Avx512LutCodes.Bytes:
                second = _c + skip;
                stride = _row;
                return _a + skip;
            case 4:
                Avx512LutIndices.FourBits(_a + skip, _b + skip, _c + skip, _d + skip, _row, inputs, target);
                break;
            case 3:
                Avx512LutIndices.ThreeBits(_a + skip, _row, inputs, target);
                break;
            default:
                Avx512LutIndices.TwoBits(_a + skip, _b + skip, _row, inputs, target);
                break;
        }

        return target;
    }
}
