using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Benchmarks.Published;

/// <summary>How 1 + e^-(a+b) is made from what is kept per row and per column.</summary>
internal interface IArgumentSum
{
    /// <summary>1 + e^-(a+b).</summary>
    static abstract Vector512<float> OnePlus(Vector512<float> row, Vector512<float> column);
}

/// <summary>From e^-a and e^-b: the fast way, where both are numbers of float32.</summary>
internal readonly struct ExponentialsMultiplied : IArgumentSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OnePlus(Vector512<float> row, Vector512<float> column) =>
        Vector512.FusedMultiplyAdd(row, column, Vector512<float>.One);
}

/// <summary>From -a and -b, with one exponential per element: right for any arguments.</summary>
internal readonly struct ArgumentsAdded : IArgumentSum
{
    /// <summary>Still finite, and its reciprocal is not subnormal.</summary>
    private const float Largest = 87f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OnePlus(Vector512<float> row, Vector512<float> column) =>
        Vector512<float>.One + Vector512.Exp(Vector512.Min(row + column, Vector512.Create(Largest)));
}
