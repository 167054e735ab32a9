using System.Runtime.InteropServices;
using FlatLearning.Dyn;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// What is done to x before a kernel and to its sums behind it: scales, bias, and the order of rows and columns.
/// Immutable; its addresses are good as long as the object is in use.
/// </summary>
internal sealed unsafe class ProductEnds
{
    private readonly float[] _columnScale;
    private readonly float[] _bias;

    /// <summary>The ends of a weight.</summary>
    /// <param name="weight">W, in the kernel's order.</param>
    /// <param name="bias">[N] in the same order, or null.</param>
    /// <param name="order">Where x and y have another order; else null.</param>
    public ProductEnds(DynWeight weight, double[]? bias, Permutation? order)
        : this(weight, weight.ColumnScale?.Values, bias, order)
    {
    }

    private ProductEnds(DynWeight weight, float[]? columnScale, double[]? bias, Permutation? order)
    {
        (Rows, Columns, RowScale, Order, WideBias) =
            (weight.Rows, weight.Columns, weight.RowScale?.Values, order, bias);
        _columnScale = GC.AllocateUninitializedArray<float>(Columns, pinned: true);
        _bias = GC.AllocateArray<float>(Columns, pinned: true);
        for (int n = 0; n < Columns; n++)
        {
            _columnScale[n] = columnScale is null ? 1 : columnScale[n];
            _bias[n] = bias is null ? 0 : (float)bias[n];
        }
    }

    private ProductEnds(ProductEnds ordered)
    {
        (Rows, Columns, RowScale, WideBias) = (ordered.Rows, ordered.Columns, ordered.RowScale, ordered.WideBias);
        (_columnScale, _bias) = (ordered._columnScale, ordered._bias);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>rho [K], or null for ones.</summary>
    public float[]? RowScale { get; }

    /// <summary>Where x and y have another order than the kernel, or null.</summary>
    public Permutation? Order { get; }

    /// <summary>[N] in double precision, or null.</summary>
    public double[]? WideBias { get; }

    /// <summary>gamma [N], ones where the weight has none.</summary>
    public float* ColumnScale => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_columnScale, 0);

    /// <summary>[N], zeros where there is none.</summary>
    public float* Bias => (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_bias, 0);

    /// <summary>The same scales and bias with rows and columns in the kernel's order.</summary>
    public ProductEnds InOrder() => Order is null ? this : new ProductEnds(this);

    /// <summary>The ends of a kernel with rows and columns as in x and y.</summary>
    /// <param name="weight">W.</param>
    /// <param name="bias">[N] or null.</param>
    /// <param name="isScaled">Whether the kernel's values are multiplied by gamma already.</param>
    public static ProductEnds Natural(DynWeight weight, double[]? bias, bool isScaled) =>
        new(weight, isScaled ? null : weight.ColumnScale?.Values, bias, null);
}
