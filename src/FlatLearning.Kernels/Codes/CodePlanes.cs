using FlatLearning.Dyn.Layout;

namespace FlatLearning.Kernels.Codes;

/// <summary>
/// Where 16 neighbouring columns of a group find their codes in one row of it (section "Packing" of
/// <c>schemas/DynMatMul.md</c>): 16 bytes of the first plane, shifted right, and where the code has two planes, 16
/// bytes of the second, rotated right, for the bits that the first lacks.
/// </summary>
internal readonly struct CodePlanes
{
    /// <summary>Columns that are read at once.</summary>
    public const int Block = 16;

    private readonly int _firstBytes;
    private readonly int _secondBytes;
    private readonly int _firstBits;

    private CodePlanes(CodeLayout layout)
    {
        _firstBits = CodeLayout.PlaneWidth(layout.Bits, 0);
        _firstBytes = _firstBits * layout.GroupWidth / 8;
        _secondBytes = layout.BytesPerRow - _firstBytes;
    }

    /// <summary>Whether there is a second plane.</summary>
    public bool HasSecond => _secondBytes > 0;

    /// <summary>The bits of an index that come from the first plane.</summary>
    public int FirstMask => (1 << _firstBits) - 1;

    /// <summary>
    /// The planes of a layout, or null where 16 neighbouring columns do not lie in 16 neighbouring bytes of each.
    /// </summary>
    public static CodePlanes? TryCreate(CodeLayout layout)
    {
        CodePlanes planes = new(layout);
        bool whole = planes._firstBytes % Block == 0 && planes._secondBytes % Block == 0;
        return whole && layout.Bits is 2 or 3 or 4 or 5 or 6 or 8 ? planes : null;
    }

    /// <summary>
    /// Byte of the row where the first plane of the 16 columns from <paramref name="column"/> on lies.
    /// </summary>
    public int FirstByte(int column) => column % _firstBytes;

    /// <summary>How far its bits are to be shifted right.</summary>
    public int FirstShift(int column) => column / _firstBytes * _firstBits;

    /// <summary>Byte of the row where the second plane lies.</summary>
    public int SecondByte(int column) => HasSecond ? _firstBytes + (column % _secondBytes) : 0;

    /// <summary>How far its bits are to be rotated right, so that they end above those of the first plane.</summary>
    public int SecondRotation(int column)
    {
        // The second plane of m bytes is m·8/g bits wide, and g = 8·firstBytes/firstBits.
        int bits = HasSecond ? _secondBytes * _firstBits / _firstBytes : 0;
        return HasSecond ? ((column / _secondBytes * bits) - _firstBits) & 31 : 0;
    }
}
