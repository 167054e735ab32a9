using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>AVX2.</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<byte>>
{
    private const int LowToHigh = FixedTables.HighUnit << 16;

    /// <inheritdoc/>
    public static int Count => 32;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Words(short value) => Vector256.Create(value).AsByte();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Table(byte* source) => Avx2.BroadcastVector128ToVector256(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LowNibbles(byte* source) => Vector256.Load(source) & Vector256.Create((byte)15);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> HighNibbles(byte* source) =>
        Vector256.ShiftRightLogical(Vector256.Load(source).AsUInt16(), 4).AsByte() & Vector256.Create((byte)15);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> LookUp(Vector256<byte> table, Vector256<byte> index) => Avx2.Shuffle(table, index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddBytes(Vector256<byte> a, Vector256<byte> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddWords(Vector256<byte> a, Vector256<byte> b) =>
        (a.AsInt16() + b.AsInt16()).AsByte();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> OddBytes(Vector256<byte> value) =>
        Vector256.ShiftRightLogical(value.AsUInt16(), 8).AsByte();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(
        Vector256<byte> low, Vector256<byte> lowOdd, Vector256<byte> high, Vector256<byte> highOdd, float unit,
        float* sums)
    {
        Vector256<short> even = Even(low, lowOdd), highEven = Even(high, highOdd);
        Vector256<short> odd = lowOdd.AsInt16(), otherOdd = highOdd.AsInt16();
        Vector256<float> factor = Vector256.Create(unit);
        Add(Avx2.UnpackLow(even, highEven), factor, sums);
        Add(Avx2.UnpackHigh(even, highEven), factor, sums + 8);
        Add(Avx2.UnpackLow(odd, otherOdd), factor, sums + 16);
        Add(Avx2.UnpackHigh(odd, otherOdd), factor, sums + 24);
    }

    /// <inheritdoc/>
    public static void Order(float* sums)
    {
        // Columns 0 2 4 6 | 16 18 20 22, then 8 to 14 | 24 to 30, then the odd ones likewise.
        Vector256<float> a = Vector256.Load(sums), b = Vector256.Load(sums + 8);
        Vector256<float> c = Vector256.Load(sums + 16), d = Vector256.Load(sums + 24);
        Vector256<float> first = Avx.UnpackLow(a, c), second = Avx.UnpackHigh(a, c);
        Vector256<float> third = Avx.UnpackLow(b, d), fourth = Avx.UnpackHigh(b, d);
        Avx.Permute2x128(first, second, 0x20).Store(sums);
        Avx.Permute2x128(third, fourth, 0x20).Store(sums + 8);
        Avx.Permute2x128(first, second, 0x31).Store(sums + 16);
        Avx.Permute2x128(third, fourth, 0x31).Store(sums + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Even(Vector256<byte> all, Vector256<byte> odd) =>
        all.AsInt16() - Vector256.ShiftLeft(odd.AsInt16(), 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<short> pairs, Vector256<float> unit, float* sums)
    {
        Vector256<int> whole = Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(LowToHigh | 1).AsInt16());
        Fma.MultiplyAdd(Avx.ConvertToVector256Single(whole), unit, Vector256.Load(sums)).Store(sums);
    }
}
