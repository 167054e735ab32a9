using System.Runtime.CompilerServices;

namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>All operations that the kernels' text has, without memory, branches and exchanges.</summary>
internal static class PtxOperations
{
    private static float Float(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    internal readonly struct Move : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a;
    }

    internal readonly struct AddFloat : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => Bits(Float(a) + Float(b));
    }

    internal readonly struct SubtractFloat : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => Bits(Float(a) - Float(b));
    }

    internal readonly struct MultiplyFloat : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => Bits(Float(a) * Float(b));
    }

    internal readonly struct FusedFloat : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) =>
            Bits(MathF.FusedMultiplyAdd(Float(a), Float(b), Float(c)));
    }

    internal readonly struct Add32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)(a + b);
    }

    internal readonly struct Subtract32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)(a - b);
    }

    internal readonly struct Multiply32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)(a * b);
    }

    internal readonly struct MultiplyAdd32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)((a * b) + c);
    }

    internal readonly struct Add64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a + b;
    }

    internal readonly struct Subtract64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a - b;
    }

    internal readonly struct Multiply64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a * b;
    }

    internal readonly struct MultiplyAdd64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (a * b) + c;
    }

    internal readonly struct MultiplyWideUnsigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (ulong)(uint)a * (uint)b;
    }

    internal readonly struct MultiplyWideSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (ulong)((long)(int)a * (int)b);
    }

    internal readonly struct MinSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)Math.Min((int)a, (int)b);
    }

    internal readonly struct MaxSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)Math.Max((int)a, (int)b);
    }

    internal readonly struct And : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a & b;
    }

    internal readonly struct Or : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a | b;
    }

    internal readonly struct ExclusiveOr : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a ^ b;
    }

    internal readonly struct ShiftLeft32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => b > 31 ? 0 : (uint)(a << (int)b);
    }

    internal readonly struct ShiftLeft64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => b > 63 ? 0 : a << (int)b;
    }

    internal readonly struct ShiftRightUnsigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => b > 31 ? 0 : (uint)a >> (int)b;
    }

    internal readonly struct ShiftRightSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)((int)a >> (int)Math.Min(b, 31));
    }

    internal readonly struct ShiftRightUnsigned64 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => b > 63 ? 0 : a >> (int)b;
    }

    internal readonly struct Select : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => c != 0 ? a : b;
    }

    internal readonly struct WidenSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (ulong)(int)a;
    }

    internal readonly struct Narrow32 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)a;
    }

    internal readonly struct Narrow16 : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (ushort)a;
    }

    internal readonly struct HalfToFloat : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) =>
            Bits((float)BitConverter.UInt16BitsToHalf((ushort)a));
    }

    internal readonly struct FloatToHalf : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => BitConverter.HalfToUInt16Bits((Half)Float(a));
    }

    internal readonly struct EqualSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a == b ? 1u : 0u;
    }

    internal readonly struct NotEqual : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => a != b ? 1u : 0u;
    }

    internal readonly struct LessSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (int)a < (int)b ? 1u : 0u;
    }

    internal readonly struct LessEqualSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (int)a <= (int)b ? 1u : 0u;
    }

    internal readonly struct GreaterSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (int)a > (int)b ? 1u : 0u;
    }

    internal readonly struct GreaterEqualSigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (int)a >= (int)b ? 1u : 0u;
    }

    internal readonly struct GreaterUnsigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)a > (uint)b ? 1u : 0u;
    }

    internal readonly struct LessUnsigned : IPtxOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Compute(ulong a, ulong b, ulong c) => (uint)a < (uint)b ? 1u : 0u;
    }
}
