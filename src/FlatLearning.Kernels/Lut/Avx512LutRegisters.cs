using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>Codes of two strips in one register.</summary>
internal static unsafe class Avx512LutRegisters
{
    // Everything here must be inlined: registers that live across a call are stored and loaded in every turn of a loop.
    /// <summary>Bytes of a row of 128 3-bit codes.</summary>
    public const int ThreeBitRow = 48;

    /// <summary>Two strips in one register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Join(byte* a, byte* b) => Join(Vector256.Load(a), Vector256.Load(b));

    /// <summary>
    /// The third bits of two strips, each where the next pair of bits of the first plane begins: bit 2j of byte i of
    /// the second plane belongs to field j of byte i of the first plane, bit 2j + 1 to that of byte i + 16.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> ThirdBits(byte* a, byte* b, Vector512<ushort> shifts) =>
        Avx512BW.ShiftRightLogicalVariable(
        Join(Avx2.BroadcastVector128ToVector256(a), Avx2.BroadcastVector128ToVector256(b)).AsUInt16(), shifts)
            .AsInt16();

    /// <summary>What <see cref="ThirdBits"/> shifts by, to be kept in a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ushort> ThirdShifts() => Vector512.Create(
        (ushort)0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);

    // Not Vector512.Create, which takes its upper half from memory that it never writes, once per input.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Join(Vector256<byte> a, Vector256<byte> b) =>
        Avx512F.InsertVector256(a.ToVector512Unsafe(), b, 1);

    /// <summary>The highest bit of every four bits of the second strip, nothing in the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Sides() => Vector512.Create(Vector256<byte>.Zero, Vector256.Create((byte)0x88));

    /// <summary>
    /// Copies the last row of a group of 3-bit codes to where a second one may be read behind it, and returns that
    /// place. By registers: a call would store and load all sums for every input.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* LastOfThreeBits(byte* row, byte* place)
    {
        Vector256.Load(row).Store(place);
        Vector128.Load(row + Avx512LutCodes.Bytes).Store(place + Avx512LutCodes.Bytes);
        Vector256<byte>.Zero.Store(place + ThreeBitRow);
        Vector128<byte>.Zero.Store(place + ThreeBitRow + Avx512LutCodes.Bytes);
        return place;
    }
}
