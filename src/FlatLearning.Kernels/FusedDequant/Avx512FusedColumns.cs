using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// How the columns of a group are cut into parts of four registers for
/// <see cref="Avx512FusedTile{TField, TPlanes, TLength, TRows, TTaps}"/>. A register of bytes is a strip of 16 bytes
/// of the first plane; strips that would end beyond it start earlier and share columns with the strip before, which
/// are then computed twice, with the same result.
/// </summary>
internal sealed unsafe class Avx512FusedColumns
{
    /// <summary>Registers of columns of a part.</summary>
    public const int Registers = 4;

    /// <summary>Columns of a register.</summary>
    public const int Lanes = 16;

    private readonly PackedCodes _packed;
    private readonly int _planeBytes;
    private readonly int _secondBytes;
    private readonly int _strips;
    private readonly int _stripsOfPart;

    private Avx512FusedColumns(TableCodes codes)
    {
        (_packed, Table) = (codes.Packed, codes.Table);
        CodeLayout layout = _packed.Layout;
        Field = CodeLayout.PlaneWidth(layout.Bits, 0);
        _planeBytes = Field * layout.GroupWidth / 8;
        _secondBytes = layout.BytesPerRow - _planeBytes;
        _strips = (_planeBytes + Lanes - 1) / Lanes;
        _stripsOfPart = Registers * Field / 8;
        PartsOfGroup = (_strips + _stripsOfPart - 1) / _stripsOfPart;
    }

    /// <summary>The codebook.</summary>
    public CodeTable Table { get; }

    /// <summary>Bits of a field of the first plane.</summary>
    public int Field { get; }

    /// <summary>Parts of a group.</summary>
    public int PartsOfGroup { get; }

    /// <summary>The packed codes.</summary>
    public ReadOnlySpan<byte> Blob => _packed.Bytes.Span;

    /// <summary>How the codes lie.</summary>
    public CodeLayout Layout => _packed.Layout;

    /// <summary>The columns of codes, or null where they do not suit.</summary>
    public static Avx512FusedColumns? TryCreate(TableCodes codes)
    {
        Avx512FusedColumns columns = new(codes);

        // Strips of one plane may lie anywhere in it; with a second plane, they must not cross a boundary of either.
        bool fits = columns._secondBytes == 0
            ? columns._planeBytes >= Lanes
            : columns._planeBytes % Lanes == 0 && columns._secondBytes % Lanes == 0;
        return fits ? columns : null;
    }

    /// <summary>The codes of a part of a group, from input 0 on.</summary>
    /// <param name="blob">The address of the packed codes.</param>
    /// <param name="group">The group.</param>
    /// <param name="part">The part.</param>
    public Avx512FusedCodes Codes(byte* blob, int group, int part)
    {
        nint start = (nint)blob + (nint)_packed.Layout.Offset(group, 0);
        int first = Strip(part, 0);
        (int secondByte, int rotation) = Second(first);
        (int nextByte, int nextRotation) = Second(Strip(part, 1));
        return new Avx512FusedCodes
        {
            First = start + first,
            Second = start + secondByte,
            RowStride = _packed.Layout.BytesPerRow,
            Place1 = Strip(part, 1) - first,
            Place2 = Strip(part, 2) - first,
            Place3 = Strip(part, 3) - first,
            SecondPlace1 = nextByte - secondByte,
            Rotation0 = rotation,
            Rotation1 = nextRotation,
        };
    }

    /// <summary>The column within its group where a register of a part starts.</summary>
    public int Column(int part, int register)
    {
        int fields = 8 / Field;
        return (register % fields * _planeBytes) + Strip(part, register / fields);
    }

    // Parts that have fewer strips repeat their last.
    private int Strip(int part, int index) => Math.Min(
        Math.Min((part * _stripsOfPart) + Math.Min(index, _stripsOfPart - 1), _strips - 1) * Lanes,
        _planeBytes - Lanes);

    private (int Byte, int Rotation) Second(int strip)
    {
        if (_secondBytes == 0)
        {
            return (0, 0);
        }

        int width = _secondBytes * Field / _planeBytes;
        return (_planeBytes + (strip % _secondBytes), ((strip / _secondBytes * width) - Field) & 31);
    }
}
