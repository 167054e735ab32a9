using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Numerics.Lanes;

/// <summary>Sixteen lanes.</summary>
public readonly struct Lanes512 : IFloatLanes<Vector512<float>>
{
    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref readonly float source) => Vector512.LoadUnsafe(in source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> value, ref float destination) => value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> a) => Vector512.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> a) => Vector512.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.MinNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> a) => Vector512.Round(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PowerOfTwo(Vector512<float> n) =>
        ((Vector512.ConvertToInt32Native(n) + Vector512.Create(127)) << 23).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> KeepNaN(Vector512<float> test, Vector512<float> value) =>
        Vector512.ConditionalSelect(Vector512.Equals(test, test), value, test);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadHalf(ref readonly ushort source)
    {
        Vector512<uint> bits = Vector512.WidenLower(Vector256.LoadUnsafe(in source).ToVector512Unsafe());
        Vector512<uint> magnitude = bits & Vector512.Create(0x7FFFu);
        Vector512<uint> sign = (bits & Vector512.Create(0x8000u)) << 16;

        // Normal numbers move their exponent from bias 15 to 127; infinity and NaN go to the top exponent instead.
        Vector512<uint> special = Vector512.GreaterThan(magnitude, Vector512.Create(0x7BFFu));
        Vector512<uint> bias =
            Vector512.ConditionalSelect(special, Vector512.Create(0xE0u << 23), Vector512.Create(0x70u << 23));
        Vector512<uint> normal = (magnitude << 13) + bias;

        // Subnormal numbers are integers times 2^-24: converted as such, they never become float subnormals.
        Vector512<uint> subnormal =
            (Vector512.ConvertToSingle(magnitude.AsInt32()) * Vector512.Create(5.9604645e-8f)).AsUInt32();
        Vector512<uint> isSubnormal = Vector512.LessThan(magnitude, Vector512.Create(0x400u));
        return (Vector512.ConditionalSelect(isSubnormal, subnormal, normal) | sign).AsSingle();
    }
}
