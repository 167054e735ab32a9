using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Numerics.Lanes;

/// <summary>Four lanes.</summary>
public readonly struct Lanes128 : IFloatLanes<Vector128<float>>
{
    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref readonly float source) => Vector128.LoadUnsafe(in source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref float destination) => value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Abs(Vector128<float> a) => Vector128.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> a) => Vector128.Round(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> PowerOfTwo(Vector128<float> n) =>
        ((Vector128.ConvertToInt32Native(n) + Vector128.Create(127)) << 23).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> KeepNaN(Vector128<float> test, Vector128<float> value) =>
        Vector128.ConditionalSelect(Vector128.Equals(test, test), value, test);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadHalf(ref readonly ushort source)
    {
        ulong four = Unsafe.ReadUnaligned<ulong>(in Unsafe.As<ushort, byte>(ref Unsafe.AsRef(in source)));
        Vector128<uint> bits = Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsUInt16());
        Vector128<uint> magnitude = bits & Vector128.Create(0x7FFFu);
        Vector128<uint> sign = (bits & Vector128.Create(0x8000u)) << 16;

        // Normal numbers move their exponent from bias 15 to 127; infinity and NaN go to the top exponent instead.
        Vector128<uint> special = Vector128.GreaterThan(magnitude, Vector128.Create(0x7BFFu));
        Vector128<uint> bias =
            Vector128.ConditionalSelect(special, Vector128.Create(0xE0u << 23), Vector128.Create(0x70u << 23));
        Vector128<uint> normal = (magnitude << 13) + bias;

        // Subnormal numbers are integers times 2^-24: converted as such, they never become float subnormals.
        Vector128<uint> subnormal =
            (Vector128.ConvertToSingle(magnitude.AsInt32()) * Vector128.Create(5.9604645e-8f)).AsUInt32();
        Vector128<uint> isSubnormal = Vector128.LessThan(magnitude, Vector128.Create(0x400u));
        return (Vector128.ConditionalSelect(isSubnormal, subnormal, normal) | sign).AsSingle();
    }
}
