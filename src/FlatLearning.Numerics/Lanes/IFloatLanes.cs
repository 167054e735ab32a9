namespace FlatLearning.Numerics.Lanes;

/// <summary>
/// Float arithmetic on <see cref="Count"/> lanes at once, so that a kernel is written once and compiled for 16, 8, 4
/// and 1 lanes. Implementations are empty structs; every member is inlined.
/// </summary>
/// <typeparam name="TVector">The register: Vector512, Vector256 or Vector128 of float, or float itself.</typeparam>
public interface IFloatLanes<TVector>
    where TVector : struct
{
    /// <summary>Lanes of a register.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>Reads <see cref="Count"/> floats.</summary>
    static abstract TVector Load(ref readonly float source);

    /// <summary>Writes <see cref="Count"/> floats.</summary>
    static abstract void Store(TVector value, ref float destination);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a - b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a · b + c, with one rounding where the machine has it and two elsewhere.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a / b, correctly rounded.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>The square root, correctly rounded; NaN below zero.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>|a|.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>The smaller; unspecified where either is NaN.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger; unspecified where either is NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>2^n for integer-valued n in -126 to 127.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>
    /// <paramref name="value"/> where <paramref name="test"/> is a number, <paramref name="test"/> where it is NaN.
    /// </summary>
    static abstract TVector KeepNaN(TVector test, TVector value);

    /// <summary>
    /// Reads <see cref="Count"/> IEEE binary16 numbers, given by their bits, as floats. Exact; NaN stays NaN;
    /// independent of denormal flushing.
    /// </summary>
    static abstract TVector LoadHalf(ref readonly ushort source);
}
