using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>Reads memory from one end to the other as fast as it comes.</summary>
internal static unsafe class StreamRead
{
    /// <summary>Bytes read at a step; lengths are multiples of it.</summary>
    public const int Step = 8 * 32;

    /// <summary>A number that depends on every byte, so that no read can be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(byte* source, nuint length)
    {
        // Two sums are enough: the additions are far faster than the memory.
        (Vector256<ulong> a, Vector256<ulong> b) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
        for (nuint i = 0; i < length; i += Step)
        {
            ulong* at = (ulong*)(source + i);
            a += Vector256.Load(at) ^ Vector256.Load(at + 4) ^ Vector256.Load(at + 8) ^ Vector256.Load(at + 12);
            b += Vector256.Load(at + 16) ^ Vector256.Load(at + 20) ^ Vector256.Load(at + 24) ^ Vector256.Load(at + 28);
        }

        return Vector256.Sum(a + b);
    }
}
