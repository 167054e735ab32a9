using System.Runtime.CompilerServices;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.CustomOps.Kernels.Codes;

/// <summary>Codes to floats for one register of columns and any number of inputs: scale[k] · sum over the taps of table[t][code[k - t]].</summary>
internal static unsafe class BlockDecoder<TCodes, TFloats, TIndex, TVector, TPlanes, TLength>
    where TCodes : struct, ICodeLanes<TIndex, TVector>
    where TFloats : struct, IFloatLanes<TVector>
    where TIndex : struct
    where TVector : struct
    where TPlanes : unmanaged, ICount
    where TLength : unmanaged, ICount
{
    /// <summary>Decodes.</summary>
    /// <param name="block">The codes from the first input on; those of <paramref name="before"/> inputs lie readable before it.</param>
    /// <param name="before">min(taps - 1, inputs of the matrix before the first one).</param>
    /// <param name="table">[taps, stride].</param>
    /// <param name="stride">Floats from tap to tap.</param>
    /// <param name="taps">1 to 5.</param>
    /// <param name="scale">[inputs] or null for ones.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="target">[inputs, targetStride], of which one register per input is written.</param>
    /// <param name="targetStride">Floats from input to input.</param>
    public static void Decode(CodeBlock block, int before, float* table, int stride, int taps, float* scale, int inputs, float* target, nint targetStride)
    {
        byte* first = (byte*)block.First;
        byte* second = (byte*)block.Second;
        TIndex shift = TCodes.Broadcast(block.FirstShift);
        TIndex rotation = TCodes.Broadcast(block.SecondRotation);
        TIndex mask = TCodes.Broadcast(block.FirstMask);
        nint row = block.RowStride;
        if (taps == 1)
        {
            for (int k = 0; k < inputs; k++, first += row, second += row, target += targetStride)
            {
                TVector value = TCodes.LookUp<TLength>(table, Index(first, second, shift, rotation, mask));
                TFloats.Store(Scaled(value, scale, k), ref *target);
            }

            return;
        }

        if (taps == 2 && before > 0)
        {
            TIndex last = Index(first - row, second - row, shift, rotation, mask);
            for (int k = 0; k < inputs; k++, first += row, second += row, target += targetStride)
            {
                TIndex index = Index(first, second, shift, rotation, mask);
                TVector value = TFloats.Add(TCodes.LookUp<TLength>(table, index), TCodes.LookUp<TLength>(table + stride, last));
                TFloats.Store(Scaled(value, scale, k), ref *target);
                last = index;
            }

            return;
        }

        for (int k = 0; k < inputs; k++, first += row, second += row, target += targetStride)
        {
            TVector value = TCodes.LookUp<TLength>(table, Index(first, second, shift, rotation, mask));
            int most = Math.Min(taps - 1, before + k);
            for (int t = 1; t <= most; t++)
            {
                value = TFloats.Add(value, TCodes.LookUp<TLength>(table + (t * stride), Index(first - (t * row), second - (t * row), shift, rotation, mask)));
            }

            TFloats.Store(Scaled(value, scale, k), ref *target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TIndex Index(byte* first, byte* second, TIndex shift, TIndex rotation, TIndex mask)
    {
        TIndex index = TCodes.ShiftRight(TCodes.Widen(first), shift);
        return sizeof(TPlanes) == 1 ? index : TCodes.Select(mask, index, TCodes.RotateRight(TCodes.Widen(second), rotation));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scaled(TVector value, float* scale, int k) => scale is null ? value : TFloats.Multiply(value, TFloats.Broadcast(scale[k]));
}
