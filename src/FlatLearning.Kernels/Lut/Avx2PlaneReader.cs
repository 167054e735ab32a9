using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Where 32 neighbouring columns of a row find their bits of one plane, and how they are brought down.
/// </summary>
internal readonly unsafe struct Avx2PlaneReader
{
    private const int Pieces = 4;
    private const int Piece = 8;

    private readonly int _first;
    private readonly int _second;
    private readonly int _third;
    private readonly int _fourth;
    private readonly Vector256<ulong> _shifts;
    private readonly Vector256<byte> _mask;

    /// <summary>Finds them.</summary>
    /// <param name="planeByte">The plane's first byte within the row.</param>
    /// <param name="planeBytes">m, a multiple of 8.</param>
    /// <param name="width">Bits of the plane: 1, 2 or 4.</param>
    /// <param name="column">The first column within the group.</param>
    public Avx2PlaneReader(int planeByte, int planeBytes, int width, int column)
    {
        int* starts = stackalloc int[Pieces];
        ulong* shifts = stackalloc ulong[Pieces];
        int groupWidth = planeBytes * 8 / width;
        for (int i = 0; i < Pieces; i++)
        {
            // Columns beyond the group have any code.
            int at = column + (i * Piece) < groupWidth ? column + (i * Piece) : column;
            starts[i] = planeByte + (at % planeBytes);
            shifts[i] = (ulong)(at / planeBytes * width);
        }

        (_first, _second, _third, _fourth) = (starts[0], starts[1], starts[2], starts[3]);
        _shifts = Vector256.Load(shifts);
        _mask = Vector256.Create((byte)((1 << width) - 1));
    }

    /// <summary>The bits of a row, one byte per column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Read(byte* row) => Avx2.ShiftRightLogicalVariable(Bytes(row), _shifts).AsByte() & _mask;

    // The same way for all rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<ulong> Bytes(byte* row)
    {
        if (_fourth == _first + (3 * Piece))
        {
            return Vector256.Load((ulong*)(row + _first));
        }

        if (_third == _first && _fourth == _first + Piece)
        {
            return Avx2.BroadcastVector128ToVector256((ulong*)(row + _first));
        }

        return Vector256.Create(
            *(ulong*)(row + _first), *(ulong*)(row + _second), *(ulong*)(row + _third), *(ulong*)(row + _fourth));
    }
}
