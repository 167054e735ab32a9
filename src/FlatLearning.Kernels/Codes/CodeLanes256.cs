using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.Codes;

/// <summary>
/// Eight lanes: a permutation looks up 8 entries, a blend by the next bit doubles them; from 64 entries on a gather is
/// as good.
/// </summary>
internal readonly unsafe struct CodeLanes256 : ICodeLanes<Vector256<int>, Vector256<float>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(byte* source) => Avx2.ConvertToVector256Int32(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> index, Vector256<int> amounts) =>
        Avx2.ShiftRightLogicalVariable(index, amounts.AsUInt32());

    // A shift by 32 gives zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RotateRight(Vector256<int> index, Vector256<int> amounts) =>
        Avx2.ShiftRightLogicalVariable(index, amounts.AsUInt32())
            | Avx2.ShiftLeftLogicalVariable(index, (Vector256.Create(32) - amounts).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> index, int amount) =>
        Vector256.ShiftRightLogical(index, amount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Select(Vector256<int> mask, Vector256<int> ones, Vector256<int> zeros) =>
        (mask & ones) | Vector256.AndNot(zeros, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LookUp<TLength>(float* table, Vector256<int> index)
        where TLength : unmanaged, ICount => sizeof(TLength) switch
        {
            8 => Eight(table, index),
            16 => Sixteen(table, index),
            32 =>
                Avx.BlendVariable(
                    Sixteen(table, index), Sixteen(table + 16, index), Vector256.ShiftLeft(index, 27).AsSingle()),
            _ => Avx2.GatherVector256(table, index & Vector256.Create(sizeof(TLength) - 1), sizeof(float)),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Eight(float* table, Vector256<int> index) =>
        Avx2.PermuteVar8x32(Vector256.Load(table), index);

    // The sign of a lane chooses: bit 3 of the index is moved there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sixteen(float* table, Vector256<int> index) =>
        Avx.BlendVariable(Eight(table, index), Eight(table + 8, index), Vector256.ShiftLeft(index, 28).AsSingle());
}
