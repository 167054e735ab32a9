using System.Runtime.Intrinsics.X86;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Kernels.Codes;

namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// How the columns of a group are cut into parts of four registers for
/// <see cref="Avx512FusedTile{TField, TPlanes, TLength, TRows, TTaps}"/>. A register of bytes is a window of 16 bytes
/// of the first plane; windows that would end beyond it start earlier and share columns with the window before, which
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
    private readonly int _windows;
    private readonly int _windowsOfPart;

    private Avx512FusedColumns(PackedCodes packed, Codebook codebook)
    {
        _packed = packed;
        Table = new CodeTable(codebook);
        CodeLayout layout = _packed.Layout;
        Field = CodeLayout.PlaneWidth(layout.Bits, 0);
        _planeBytes = Field * layout.GroupWidth / 8;
        _secondBytes = layout.BytesPerRow - _planeBytes;
        _windows = (_planeBytes + Lanes - 1) / Lanes;
        _windowsOfPart = Registers * Field / 8;
        PartsOfGroup = (_windows + _windowsOfPart - 1) / _windowsOfPart;
    }

    /// <summary>The codebook.</summary>
    public CodeTable Table { get; }

    /// <summary>Bits of a field of the first plane.</summary>
    public int Field { get; }

    /// <summary>
    /// The most rows that are multiplied this way: more are multiplied faster with panels that are decoded once. Where
    /// the two took the same time for 512 x 512 weights in cache, one core: 18 to 32 rows for 2 and 4 bits, 14 and 12
    /// for 5 and 3, with several taps 8; 6 for 6 bits; 3 and 6 for 8.
    /// </summary>
    public int MaxRows => (Table.Bits, Table.Taps) switch
    {
        (2 or 4, 1) => 24,
        (2 or 4, _) => 18,
        (3 or 5, 1) => 12,
        (3 or 5, _) => 8,
        (6, 1) => 6,
        (6, _) => 4,
        (_, 1) => 3,
        _ => 6,
    };

    /// <summary>Parts of a group.</summary>
    public int PartsOfGroup { get; }

    /// <summary>The packed codes.</summary>
    public ReadOnlySpan<byte> Blob => _packed.Bytes.Span;

    /// <summary>Column groups.</summary>
    public int Groups => _packed.Layout.Groups;

    /// <summary>The columns, or null where weight or processor do not suit.</summary>
    public static Avx512FusedColumns? TryCreate(DynWeight weight) =>
        weight.Metric is null && weight.Codes is { } codes && weight.Codebook is { } codebook
            ? TryCreate(codes, codebook)
            : null;

    /// <summary>The columns of codes, or null where they or the processor do not suit.</summary>
    public static Avx512FusedColumns? TryCreate(PackedCodes codes, Codebook codebook)
    {
        if (!Avx512F.IsSupported || codebook is not { IsWindow: false, Bits: 2 or 3 or 4 or 5 or 6 or 8 })
        {
            return null;
        }

        Avx512FusedColumns columns = new(codes, codebook);

        // Windows of one plane may lie anywhere in it; with a second plane, they must not cross a boundary of either.
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
        int first = Window(part, 0);
        (int secondByte, int rotation) = Second(first);
        (int nextByte, int nextRotation) = Second(Window(part, 1));
        return new Avx512FusedCodes
        {
            First = start + first,
            Second = start + secondByte,
            RowStride = _packed.Layout.BytesPerRow,
            Place1 = Window(part, 1) - first,
            Place2 = Window(part, 2) - first,
            Place3 = Window(part, 3) - first,
            SecondPlace1 = nextByte - secondByte,
            Rotation0 = rotation,
            Rotation1 = nextRotation,
        };
    }

    /// <summary>The column within its group where a register of a part starts.</summary>
    public int Column(int part, int register)
    {
        int fields = 8 / Field;
        return (register % fields * _planeBytes) + Window(part, register / fields);
    }

    // Parts that have fewer windows repeat their last.
    private int Window(int part, int index) => Math.Min(
        Math.Min((part * _windowsOfPart) + Math.Min(index, _windowsOfPart - 1), _windows - 1) * Lanes,
        _planeBytes - Lanes);

    private (int Byte, int Rotation) Second(int window)
    {
        if (_secondBytes == 0)
        {
            return (0, 0);
        }

        int width = _secondBytes * Field / _planeBytes;
        return (_planeBytes + (window % _secondBytes), ((window / _secondBytes * width) - Field) & 31);
    }
}
