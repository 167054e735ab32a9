namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// Where a tile's sums come from and go to. A tile of the last inputs finishes them, so that y is written once.
/// </summary>
internal unsafe struct TileSums
{
    /// <summary>Sums over the inputs before, [rows, <see cref="BeforeStride"/>], or null at the first input.</summary>
    public float* Before;

    /// <summary>Floats from row to row of <see cref="Before"/>; 0 where there are none.</summary>
    public nint BeforeStride;

    /// <summary>Receives the sums, [rows, <see cref="TargetStride"/>].</summary>
    public float* Target;

    /// <summary>Floats from row to row of <see cref="Target"/>.</summary>
    public nint TargetStride;

    /// <summary>Factors of the finished sums, one per column; null where they are not finished.</summary>
    public float* Scale;

    /// <summary>What is added to the finished sums, one per column; null where <see cref="Scale"/> is.</summary>
    public float* Bias;

    /// <summary>Goes some rows down.</summary>
    public void MoveDown(int rows)
    {
        Before += rows * BeforeStride;
        Target += rows * TargetStride;
    }

    /// <summary>The sums some columns to the right.</summary>
    public readonly TileSums Right(int columns) => new()
    {
        Before = Before is null ? null : Before + columns,
        BeforeStride = BeforeStride,
        Target = Target + columns,
        TargetStride = TargetStride,
        Scale = Scale is null ? null : Scale + columns,
        Bias = Bias is null ? null : Bias + columns,
    };
}
