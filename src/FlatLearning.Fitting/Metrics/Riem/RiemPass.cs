using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// What one run through the matrix reads and writes. Panels are [blocks, F, 16]; fields, like the target, row-major [K
/// rounded up to 4, N padded].
/// </summary>
internal unsafe struct RiemPass
{
    public RiemShape Shape;

    /// <summary>exp(-(A p + c)).</summary>
    public float* RowExponentials;

    /// <summary>exp(-B q).</summary>
    public float* ColumnExponentials;

    /// <summary>v times the change of A p + c.</summary>
    public float* RowDirection;

    /// <summary>v times the change of B q.</summary>
    public float* ColumnDirection;

    /// <summary>Sums over columns of slope · u, without v; added to.</summary>
    public float* RowGradient;

    /// <summary>Sums over rows of slope · u, without v; added to.</summary>
    public float* ColumnGradient;

    /// <summary>Sums of u per sum of sigmoids [M], then of u; or the normal equations; added to.</summary>
    public double* Linear;

    /// <summary>v [M].</summary>
    public float* V;

    /// <summary>The change of v [M].</summary>
    public float* VDirection;

    public float Beta;

    public float BetaDirection;

    public float* Target;

    public float* Field;

    /// <summary>The weight of a row's squared residuals; 0 for padding.</summary>
    public float* RowWeight;

    /// <summary>1, or 0 for padding.</summary>
    public float* ColumnMask;

    /// <summary>
    /// Room for slopes, sums of sigmoids, sums per row and per weight: <see cref="ScratchLength"/> floats, one per
    /// thread.
    /// </summary>
    public float* Scratch;

    /// <summary>Room for the normal equations, [Size(M + 2), 16]: behind <see cref="Scratch"/>.</summary>
    public readonly float* Normal =>
        Scratch + (RiemShape.Lanes * ((Shape.Features * 8) + ((Shape.Width + 2) * 4) + Shape.Width + 1));

    /// <summary>Floats of scratch that a shape needs.</summary>
    public static int ScratchLength(RiemShape shape) =>
        RiemShape.Lanes
            * ((shape.Features * 8) + ((shape.Width + 2) * 4) + shape.Width + 1 + LaneCholesky.Size(shape.Width + 2));
}
