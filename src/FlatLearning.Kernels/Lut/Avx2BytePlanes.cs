using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Lut;

/// <summary>
/// Tables of floats as four planes of bytes: a shuffle looks up one byte of 32 codes at once in 16 entries, and two
/// rounds of interleaving make 32 floats of four such bytes each. That is less work on the ports for shuffles than the
/// permutations of whole floats that 256-bit registers have, eight entries for eight codes at a time.
/// </summary>
internal static unsafe class Avx2BytePlanes
{
    /// <summary>Codes that are looked up at once.</summary>
    public const int Block = 32;

    /// <summary>Entries of a plane.</summary>
    public const int Entries = 16;

    /// <summary>Bytes of 16 entries: [plane, entry], the lowest byte first.</summary>
    public const int PartBytes = sizeof(float) * Entries;

    /// <summary>Cuts 16 floats into planes.</summary>
    /// <param name="low">Entries 0 to 7.</param>
    /// <param name="high">Entries 8 to 15.</param>
    /// <param name="planes">Receives <see cref="PartBytes"/> bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Cut(Vector256<float> low, Vector256<float> high, byte* planes)
    {
        Vector256<byte> equals = Vector256.Create(
            (byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7,
            11, 15);
        Vector256<int> order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256<int> a = Avx2.Shuffle(low.AsByte(), equals).AsInt32(),
            b = Avx2.Shuffle(high.AsByte(), equals).AsInt32();
        Avx2.PermuteVar8x32(Avx2.UnpackLow(a, b), order).AsByte().Store(planes);
        Avx2.PermuteVar8x32(Avx2.UnpackHigh(a, b), order).AsByte().Store(planes + (2 * Entries));
    }

    /// <summary>
    /// The index of codes in the first 16 entries of a table: beyond them the highest bit is set, for which a shuffle
    /// gives zero.
    /// </summary>
    /// <typeparam name="TLength">Entries of a table: 16, 32 or 64; codes are below that.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Index<TLength>(Vector256<byte> codes)
        where TLength : unmanaged, ICount => sizeof(TLength) == Entries ? codes : codes + Vector256.Create((byte)0x70);

    /// <summary>One plane of 32 codes.</summary>
    /// <typeparam name="TLength">Entries of a table: 16, 32 or 64.</typeparam>
    /// <param name="table">[length / 16, 4, 16].</param>
    /// <param name="plane">0 to 3.</param>
    /// <param name="index">See <see cref="Index{TLength}"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LookUp<TLength>(byte* table, int plane, Vector256<byte> index)
        where TLength : unmanaged, ICount
    {
        table += plane * Entries;
        Vector256<byte> value = Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table), index);

        // 0x70 + z for codes of the first part; the others are moved there, those of the first part beyond.
        if (sizeof(TLength) > Entries)
        {
            value |= Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + PartBytes), Moved(index, 0x10));
        }

        if (sizeof(TLength) > 2 * Entries)
        {
            value |= Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + (2 * PartBytes)), Moved(index, 0x20));
            value |= Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table + (3 * PartBytes)), Moved(index, 0x30));
        }

        return value;
    }

    /// <summary>Floats of the first (last) four of every eight codes of 16 bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Low(Vector256<byte> lowWords, Vector256<byte> highWords) =>
        Avx2.UnpackLow(lowWords.AsInt16(), highWords.AsInt16()).AsSingle();

    /// <inheritdoc cref="Low"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> High(Vector256<byte> lowWords, Vector256<byte> highWords) =>
        Avx2.UnpackHigh(lowWords.AsInt16(), highWords.AsInt16()).AsSingle();

    // (z ^ part) + 0x70, from z + 0x70: the same for every plane, so that it is computed once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Moved(Vector256<byte> index, byte part) =>
        ((index - Vector256.Create((byte)0x70)) ^ Vector256.Create(part)) + Vector256.Create((byte)0x70);
}
