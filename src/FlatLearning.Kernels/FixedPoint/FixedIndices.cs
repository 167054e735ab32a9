using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Indices of look-ups from codes in groups of 128 columns, of which each row has whole registers: see section
/// "Packing" of <c>schemas/DynMatMul.md</c>. Each method writes [inputs, parts, 128], for codes of 2 bits
/// [inputs / 2, 128].
/// </summary>
internal static unsafe class FixedIndices
{
    private const int Row = FixedCodes.StripColumns;
    private const int Half = 32;

    // Beyond sixteen entries a byte's highest bit is set: nothing is looked up.
    private const byte Beyond = 0x70;

    /// <summary>Codes of 2 bits; an odd input at the end has code 0 beside it.</summary>
    public static void TwoBits(byte* codes, int inputs, byte* index)
    {
        Vector256<byte> pairs = Vector256.Create((byte)0x33);
        for (; inputs > 0; inputs -= 2, codes += 2 * Half, index += Row)
        {
            Vector256<byte> a = Vector256.Load(codes);
            Vector256<byte> b = inputs > 1 ? Vector256.Load(codes + Half) : Vector256<byte>.Zero;
            Nibbles((a & pairs) | Left(b & pairs, 2), index, index + (2 * Half));
            Nibbles((Right(a, 2) & pairs) | (b & Vector256.Create((byte)0xCC)), index + Half, index + (3 * Half));
        }
    }

    /// <summary>Codes of 3 bits.</summary>
    public static void ThreeBits(byte* codes, int inputs, byte* index)
    {
        Vector256<byte> low = Vector256.Create((byte)3), high = Vector256.Create((byte)4);
        Vector256<ulong> sides = Vector256.Create(0UL, 0, 1, 1);
        for (byte* end = index + (inputs * Row); index != end; index += Row, codes += 48)
        {
            Vector256<byte> a = Vector256.Load(codes);
            Vector256<byte> b = Bits(codes + Half, sides);
            ((a & low) | (Left(b, 2) & high)).Store(index);
            ((Right(a, 2) & low) | (b & high)).Store(index + Half);
            ((Right(a, 4) & low) | (Right(b, 2) & high)).Store(index + (2 * Half));
            ((Right(a, 6) & low) | (Right(b, 4) & high)).Store(index + (3 * Half));
        }
    }

    /// <summary>Codes of 4 bits.</summary>
    public static void FourBits(byte* codes, int inputs, byte* index)
    {
        for (byte* end = index + (inputs * Row); index != end; index += Row, codes += 2 * Half)
        {
            Nibbles(Vector256.Load(codes), index, index + (2 * Half));
            Nibbles(Vector256.Load(codes + Half), index + Half, index + (3 * Half));
        }
    }

    /// <summary>Codes of 5 bits.</summary>
    public static void FiveBits(byte* codes, int inputs, byte* index)
    {
        Vector256<byte> low = Vector256.Create((byte)15), top = Vector256.Create((byte)0x80);
        Vector256<ulong> sides = Vector256.Create(0UL, 0, 1, 1);
        for (byte* end = index + (inputs * 2 * Row); index != end; index += 2 * Row, codes += 80)
        {
            Vector256<byte> a = Vector256.Load(codes), b = Vector256.Load(codes + Half);
            Vector256<byte> bits = Bits(codes + (2 * Half), sides);
            Two((a & low) | (Left(bits, 7) & top), index);
            Two((b & low) | (Left(bits, 5) & top), index + Half);
            Two((Right(a, 4) & low) | (Left(bits, 3) & top), index + (2 * Half));
            Two((Right(b, 4) & low) | (Left(bits, 1) & top), index + (3 * Half));
        }
    }

    /// <summary>Codes of 6 bits.</summary>
    public static void SixBits(byte* codes, int inputs, byte* index)
    {
        Vector256<byte> low = Vector256.Create((byte)15), high = Vector256.Create((byte)0x30);
        for (byte* end = index + (inputs * 4 * Row); index != end; index += 4 * Row, codes += 96)
        {
            Vector256<byte> a = Vector256.Load(codes), b = Vector256.Load(codes + Half);
            Vector256<byte> bits = Vector256.Load(codes + (2 * Half));
            Four((a & low) | (Left(bits, 4) & high), index);
            Four((b & low) | (Left(bits, 2) & high), index + Half);
            Four((Right(a, 4) & low) | (bits & high), index + (2 * Half));
            Four((Right(b, 4) & low) | (Right(bits, 2) & high), index + (3 * Half));
        }
    }

    /// <summary>Codes of 2 bits, a byte each, of neighbouring inputs, as one index.</summary>
    public static void Join(byte* first, byte* second, byte* index) =>
        (Vector256.Load(first) | Left(Vector256.Load(second), 2)).Store(index);

    /// <summary>Codes of 6 bits, a byte each, as indices of four parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Four(Vector256<byte> code, byte* index)
    {
        (code + Vector256.Create(Beyond)).Store(index);
        ((code ^ Vector256.Create((byte)0x10)) + Vector256.Create(Beyond)).Store(index + Row);
        ((code ^ Vector256.Create((byte)0x20)) + Vector256.Create(Beyond)).Store(index + (2 * Row));
        ((code ^ Vector256.Create((byte)0x30)) + Vector256.Create(Beyond)).Store(index + (3 * Row));
    }

    /// <summary>Codes of 5 bits, a byte each, their fifth bit the highest of it, as indices of two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Two(Vector256<byte> code, byte* index)
    {
        code.Store(index);
        (code ^ Vector256.Create((byte)0x80)).Store(index + Row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Nibbles(Vector256<byte> codes, byte* low, byte* high)
    {
        Vector256<byte> mask = Vector256.Create((byte)15);
        (codes & mask).Store(low);
        (Right(codes, 4) & mask).Store(high);
    }

    // Sixteen bytes of single bits: those of columns 16 to 31 of a block are the next ones up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bits(byte* source, Vector256<ulong> sides) =>
        Avx2.ShiftRightLogicalVariable(Avx2.BroadcastVector128ToVector256(source).AsUInt64(), sides).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Left(Vector256<byte> value, int count) =>
        Vector256.ShiftLeft(value.AsUInt16(), count).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Right(Vector256<byte> value, int count) =>
        Vector256.ShiftRightLogical(value.AsUInt16(), count).AsByte();
}
