using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Dyn.Layout;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// Unpacks one row of one group into one byte per column: section "Packing" of <c>schemas/DynMatMul.md</c>, vectorised.
/// </summary>
public static class CodeUnpacker
{
    /// <summary>Unpacks a row.</summary>
    /// <param name="packed">The b·g/8 bytes of one row of one group.</param>
    /// <param name="bits">b, 1 to 8.</param>
    /// <param name="codes">Receives one code per column; its length is g, a multiple of 8.</param>
    /// <exception cref="ArgumentException">The lengths do not agree with b, or b is out of range.</exception>
    public static void UnpackRow(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        if (bits is < 1 or > 8 || codes.Length % 8 != 0 || packed.Length != codes.Length / 8 * bits)
        {
            throw new ArgumentException(
                $"{packed.Length} bytes of {bits}-bit codes do not unpack into {codes.Length} columns.");
        }

        if (bits == 8)
        {
            packed.CopyTo(codes);
            return;
        }

        for (int lowBit = 0; lowBit < bits;)
        {
            int width = CodeLayout.PlaneWidth(bits, lowBit);
            int planeBytes = width * codes.Length / 8;
            UnpackPlane(packed[..planeBytes], width, lowBit, codes);
            packed = packed[planeBytes..];
            lowBit += width;
        }
    }

    /// <summary>
    /// codes[j·m + i] gets bits [w·j, w·j + w) of byte i at <paramref name="lowBit"/>, over m = plane.Length bytes. The
    /// first plane assigns, later ones add their bits; doing either twice changes nothing, so the last register of a
    /// run may overlap the one before. Every run needs m of at least its register, so reads stay in [0, m) and writes
    /// in [j·m, j·m + m).
    /// </summary>
    private static void UnpackPlane(ReadOnlySpan<byte> plane, int width, int lowBit, Span<byte> codes)
    {
        ref byte source = ref MemoryMarshal.GetReference(plane);
        ref byte target = ref MemoryMarshal.GetReference(codes);
        int m = plane.Length;
        if (Vector512.IsHardwareAccelerated && m >= 64)
        {
            for (int i = 0; i < m; i += 64)
            {
                int at = Math.Min(i, m - 64);
                Vector512<byte> bytes = Vector512.LoadUnsafe(ref source, (nuint)at);
                Vector512<byte> mask = Vector512.Create((byte)((1 << width) - 1));
                for (int shift = 0, to = at; shift < 8; shift += width, to += m)
                {
                    Vector512<byte> field = (bytes.AsUInt16() >> shift).AsByte() & mask;
                    Vector512<byte> placed = lowBit == 0
                        ? field
                        : (field.AsUInt16() << lowBit).AsByte() | Vector512.LoadUnsafe(ref target, (nuint)to);
                    placed.StoreUnsafe(ref target, (nuint)to);
                }
            }
        }
        else if (Vector256.IsHardwareAccelerated && m >= 32)
        {
            for (int i = 0; i < m; i += 32)
            {
                int at = Math.Min(i, m - 32);
                Vector256<byte> bytes = Vector256.LoadUnsafe(ref source, (nuint)at);
                Vector256<byte> mask = Vector256.Create((byte)((1 << width) - 1));
                for (int shift = 0, to = at; shift < 8; shift += width, to += m)
                {
                    Vector256<byte> field = (bytes.AsUInt16() >> shift).AsByte() & mask;
                    Vector256<byte> placed = lowBit == 0
                        ? field
                        : (field.AsUInt16() << lowBit).AsByte() | Vector256.LoadUnsafe(ref target, (nuint)to);
                    placed.StoreUnsafe(ref target, (nuint)to);
                }
            }
        }
        else if (Vector128.IsHardwareAccelerated && m >= 16)
        {
            for (int i = 0; i < m; i += 16)
            {
                int at = Math.Min(i, m - 16);
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref source, (nuint)at);
                Vector128<byte> mask = Vector128.Create((byte)((1 << width) - 1));
                for (int shift = 0, to = at; shift < 8; shift += width, to += m)
                {
                    Vector128<byte> field = (bytes.AsUInt16() >> shift).AsByte() & mask;
                    Vector128<byte> placed = lowBit == 0
                        ? field
                        : (field.AsUInt16() << lowBit).AsByte() | Vector128.LoadUnsafe(ref target, (nuint)to);
                    placed.StoreUnsafe(ref target, (nuint)to);
                }
            }
        }
        else if (m >= 8)
        {
            ulong mask = ((1UL << width) - 1) * 0x0101010101010101UL;
            for (int i = 0; i < m; i += 8)
            {
                int at = Math.Min(i, m - 8);
                ulong bytes = Unsafe.ReadUnaligned<ulong>(in Unsafe.Add(ref source, at));
                for (int shift = 0, to = at; shift < 8; shift += width, to += m)
                {
                    ref byte place = ref Unsafe.Add(ref target, to);
                    ulong placed = ((bytes >> shift) & mask) << lowBit;
                    Unsafe.WriteUnaligned(
                        ref place, lowBit == 0 ? placed : placed | Unsafe.ReadUnaligned<ulong>(in place));
                }
            }
        }
        else
        {
            int mask = (1 << width) - 1;
            for (int column = 0; column < codes.Length; column++)
            {
                int placed = ((plane[column % m] >> (column / m * width)) & mask) << lowBit;
                codes[column] = (byte)(lowBit == 0 ? placed : placed | codes[column]);
            }
        }
    }
}
