using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Codes;

/// <summary>Sixteen lanes: a permutation looks up 16 entries, a permutation of two registers 32.</summary>
internal readonly unsafe struct CodeLanes512 : ICodeLanes<Vector512<int>, Vector512<float>>
{
    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Widen(byte* source) => Avx512F.ConvertToVector512Int32(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> index, Vector512<int> amounts) =>
        Avx512F.ShiftRightLogicalVariable(index, amounts.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RotateRight(Vector512<int> index, Vector512<int> amounts) =>
        Avx512F.RotateRightVariable(index, amounts.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> ShiftRight(Vector512<int> index, int amount) =>
        Vector512.ShiftRightLogical(index, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Select(Vector512<int> mask, Vector512<int> ones, Vector512<int> zeros) =>
        Vector512.ConditionalSelect(mask, ones, zeros);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LookUp<TLength>(float* table, Vector512<int> index)
        where TLength : unmanaged, ICount
    {
        if (sizeof(TLength) <= 16)
        {
            return Avx512F.PermuteVar16x32(Vector512.Load(table), index);
        }

        if (sizeof(TLength) == 32)
        {
            return Pair(table, index);
        }

        if (sizeof(TLength) == 64)
        {
            return Quad(table, index);
        }

        Vector512<float> low = Choose(index, 64, Quad(table, index), Quad(table + 64, index));
        Vector512<float> high = Choose(index, 64, Quad(table + 128, index), Quad(table + 192, index));
        return Choose(index, 128, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quad(float* table, Vector512<int> index) =>
        Choose(index, 32, Pair(table, index), Pair(table + 32, index));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pair(float* table, Vector512<int> index) =>
        Avx512F.PermuteVar16x32x2(Vector512.Load(table), index, Vector512.Load(table + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Choose(
        Vector512<int> index, int bit, Vector512<float> without, Vector512<float> with) =>
        Vector512.ConditionalSelect(
            Vector512.Equals(index & Vector512.Create(bit), Vector512<int>.Zero).AsSingle(), without, with);
}
