using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels;

/// <summary>
/// y = x · W + bias for one weight, prepared once. Immutable; any number of threads may run it at once. Packed codes
/// are read where they lie, so their memory must stay as long as the product is used. Running allocates no managed
/// memory.
/// </summary>
public sealed class MatMulProduct
{
    private readonly MatMulPlan _plan;
    private readonly ElementType _type;

    private MatMulProduct(MatMulPlan plan, ElementType type) => (_plan, _type) = (plan, type);

    /// <summary>K.</summary>
    public int Rows => _plan.Rows;

    /// <summary>N.</summary>
    public int Columns => _plan.Columns;

    /// <summary>
    /// How the weight is multiplied where there was a choice that a user may want to know of: a metric, or whole
    /// numbers. Null where there was none.
    /// </summary>
    public string? Choice => _plan.Choice;

    /// <summary>
    /// The kernels that multiply, with the number of rows up to which each does; the last has no limit.
    /// </summary>
    public IReadOnlyList<(string Kernel, long MaxRows)> Kernels => _plan.Kernels;

    /// <summary>Prepares a product.</summary>
    /// <param name="weight">W [K, N].</param>
    /// <param name="bias">[N], or null for none.</param>
    /// <param name="settings">Types and choices.</param>
    /// <exception cref="DynFormatException">A metric is too large to decode in memory.</exception>
    /// <exception cref="ArgumentException">
    /// <see cref="MatMulSettings.Kernel"/> names no kernel, or one that cannot multiply this weight on this processor.
    /// </exception>
    public static MatMulProduct Create(DynWeight weight, double[]? bias, MatMulSettings settings)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(settings);
        return bias is not null && bias.Length != weight.Columns
            ? throw new ArgumentException(
                $"The bias has {bias.Length} numbers, expected {weight.Columns}.", nameof(bias))
            : new MatMulProduct(MatMulPlan.Create(weight, bias, settings), settings.Type);
    }

    /// <summary>Computes rows of y.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="x">The address of [rows, K] elements, row-major. NaN and infinity spread as in a sum of
    /// products.</param>
    /// <param name="y">The address of [rows, N] elements, overwritten; must not overlap x.</param>
    /// <param name="rows">0 or more; nothing is touched for 0.</param>
    public void Run(IWorkers workers, nint x, nint y, long rows)
    {
        ArgumentNullException.ThrowIfNull(workers);
        _plan.Run(workers, _type, x, y, rows);

        // Kernels hold addresses of pinned arrays that this object keeps.
        GC.KeepAlive(this);
    }
}
