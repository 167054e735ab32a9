using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.MixedBits;

/// <summary>
/// 64 codes of a row as the bytes of a register: byte c is column c of the block, its low bits the code, those above
/// without meaning.
/// </summary>
/// <typeparam name="TBits">2 to 6.</typeparam>
/// <typeparam name="TBlocks">Blocks of 64 columns of a row: 1 or 2.</typeparam>
internal static unsafe class Avx512MixedIndex<TBits, TBlocks>
    where TBits : unmanaged, ICount
    where TBlocks : unmanaged, ICount
{
    /// <summary>Index bits of the first plane, of every byte.</summary>
    public static int FirstBits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TBits) <= 3 ? 0x03030303 : 0x0F0F0F0F;
    }

    /// <summary>Floats from tap to tap of a codebook.</summary>
    public static int Levels
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TBits) == 6 ? 64 : sizeof(TBits) == 5 ? 32 : Avx512MixedBand.Entries;
    }

    /// <summary>
    /// The first plane of a row, as often as it takes to fill a register. Broadcasts from memory cost no more than
    /// loads.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> First(byte* codes) => sizeof(TBits) >= 4
        ? sizeof(TBlocks) > 1 ? Vector512.Load(codes).AsUInt64() : Avx512F.BroadcastVector256ToVector512((ulong*)codes)
        : sizeof(TBlocks) > 1
            ? Avx512F.BroadcastVector256ToVector512((ulong*)codes)
            : Avx512DQ.BroadcastVector128ToVector512((ulong*)codes);

    /// <summary>The second plane, for 2 bits the second row of a pair, in the same way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Second(byte* codes) => sizeof(TBits) is 2 or 6
        ? sizeof(TBlocks) > 1
            ? Avx512F.BroadcastVector256ToVector512((ulong*)codes)
            : Avx512DQ.BroadcastVector128ToVector512((ulong*)codes)
        : sizeof(TBlocks) > 1
            ? Avx512DQ.BroadcastVector128ToVector512((ulong*)codes)
            : Vector512.Create(*(ulong*)codes);

    /// <summary>Puts the codes together.</summary>
    /// <param name="low">See <see cref="First"/>.</param>
    /// <param name="high">See <see cref="Second"/>; unused for 4 bits.</param>
    /// <param name="mask"><see cref="FirstBits"/> everywhere.</param>
    /// <param name="first">How far the first plane is rotated right.</param>
    /// <param name="above">How far the second is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Join(
        Vector512<ulong> low,
        Vector512<ulong> high,
        Vector512<int> mask,
        Vector512<ulong> first,
        Vector512<ulong> above) =>
        Above(Avx512F.RotateRightVariable(low, first).AsInt32(), high, mask, above);

    /// <summary>The same with the first plane where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Above(
        Vector512<int> low, Vector512<ulong> high, Vector512<int> mask, Vector512<ulong> above) =>
        sizeof(TBits) == 4
            ? low
            : Vector512.ConditionalSelect(mask, low, Avx512F.RotateRightVariable(high, above).AsInt32());

    /// <summary>
    /// Looks up every fourth byte. A permutation looks at as many low bits of an index as the table needs.
    /// </summary>
    /// <param name="index">32-bit lanes, of which the lowest byte counts.</param>
    /// <param name="table">Entries 0 to 15.</param>
    /// <param name="upper">16 to 31.</param>
    /// <param name="third">32 to 47.</param>
    /// <param name="fourth">48 to 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp(
        Vector512<int> index,
        Vector512<float> table,
        Vector512<float> upper,
        Vector512<float> third,
        Vector512<float> fourth)
    {
        if (sizeof(TBits) <= 4)
        {
            return Avx512F.PermuteVar16x32(table, index);
        }

        Vector512<float> value = Avx512F.PermuteVar16x32x2(table, index, upper);
        return sizeof(TBits) == 5
            ? value
            : Vector512.ConditionalSelect(
                Vector512.Equals(index & Vector512.Create(32), Vector512<int>.Zero).AsSingle(),
                value,
                Avx512F.PermuteVar16x32x2(third, index, fourth));
    }
}
