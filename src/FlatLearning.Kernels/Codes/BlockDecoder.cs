using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Kernels.Codes;

/// <summary>
/// Codes to floats for one register of columns and any number of inputs: scale[k] · sum over the taps of
/// table[t][code[k - t]]. Each code is taken apart once: what its later tables give waits in registers for the inputs
/// to come.
/// </summary>
internal static unsafe class BlockDecoder<TCodes, TFloats, TIndex, TVector, TPlanes, TLength, TTaps>
    where TCodes : struct, ICodeLanes<TIndex, TVector>
    where TFloats : struct, IFloatLanes<TVector>
    where TIndex : struct
    where TVector : struct
    where TPlanes : unmanaged, ICount
    where TLength : unmanaged, ICount
    where TTaps : unmanaged, ICount
{
    /// <summary>Decodes.</summary>
    /// <param name="block">The codes from the first input on; those of <paramref name="before"/> inputs lie readable
    /// before it.</param>
    /// <param name="before">min(taps - 1, inputs of the matrix before the first one).</param>
    /// <param name="table">[taps, stride].</param>
    /// <param name="stride">Floats from tap to tap.</param>
    /// <param name="scale">[inputs] or null for ones.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="target">[inputs, targetStride], of which one register per input is written.</param>
    /// <param name="targetStride">Floats from input to input.</param>
    public static void Decode(
        CodeBlock block, int before, float* table, int stride, float* scale, int inputs, float* target,
        nint targetStride)
    {
        nint row = block.RowStride;
        byte* first = (byte*)block.First - (before * row);
        byte* second = (byte*)block.Second - (before * row);
        TIndex shift = TCodes.Broadcast(block.FirstShift);
        TIndex rotation = TCodes.Broadcast(block.SecondRotation);
        TIndex mask = TCodes.Broadcast(block.FirstMask);
        TVector zero = TFloats.Broadcast(0f);

        // Additions as products with one, exact, on ports that look-ups do not use.
        TVector one = TFloats.Broadcast(1f);
        TVector next1 = zero, next2 = zero, next3 = zero, next4 = zero;
        float* table1 = table + stride;
        float* table2 = table1 + stride;
        float* table3 = table2 + stride;
        float* table4 = table3 + stride;

        // Not in methods with references to what waits: those would live in memory.
        for (int k = -before; k < inputs; k++, first += row, second += row)
        {
            TIndex index = Index(first, second, shift, rotation, mask);
            TVector value = TCodes.LookUp<TLength>(table, index);
            value = sizeof(TTaps) > 1 ? TFloats.MultiplyAdd(one, value, next1) : value;
            next1 = sizeof(TTaps) > 1 ? TCodes.LookUp<TLength>(table1, index) : zero;
            next1 = sizeof(TTaps) > 2 ? TFloats.MultiplyAdd(one, next1, next2) : next1;
            next2 = sizeof(TTaps) > 2 ? TCodes.LookUp<TLength>(table2, index) : zero;
            next2 = sizeof(TTaps) > 3 ? TFloats.MultiplyAdd(one, next2, next3) : next2;
            next3 = sizeof(TTaps) > 3 ? TCodes.LookUp<TLength>(table3, index) : zero;
            next3 = sizeof(TTaps) > 4 ? TFloats.MultiplyAdd(one, next3, next4) : next3;
            next4 = sizeof(TTaps) > 4 ? TCodes.LookUp<TLength>(table4, index) : zero;
            if (sizeof(TTaps) > 1 && k < 0)
            {
                continue;
            }

            TFloats.Store(scale is null ? value : TFloats.Multiply(value, TFloats.Broadcast(scale[k])), ref *target);
            target += targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TIndex Index(byte* first, byte* second, TIndex shift, TIndex rotation, TIndex mask)
    {
        TIndex index = TCodes.ShiftRight(TCodes.Widen(first), shift);
        return sizeof(TPlanes) == 1
            ? index
            : TCodes.Select(mask, index, TCodes.RotateRight(TCodes.Widen(second), rotation));
    }
}
