using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>The metric part of a weight, applied to x without the K x N matrix. Immutable.</summary>
internal abstract unsafe class MetricProduct
{
    /// <summary>The most rows for which this way is cheaper than decoding tiles; 0 where it never is.</summary>
    public abstract long MaxRows { get; }

    /// <summary>The most rows that <see cref="AddTo"/> takes at once.</summary>
    public abstract int MaxBlockRows { get; }

    /// <summary>What was chosen and why, for the log.</summary>
    public abstract string Description { get; }

    /// <summary>y += gamma · (x · metric), by columns.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="ends">gamma.</param>
    /// <param name="x">Rows multiplied by rho.</param>
    /// <param name="rows">1 to <see cref="MaxBlockRows"/>.</param>
    /// <param name="y">[rows, N].</param>
    public abstract void AddTo(IWorkers workers, ProductEnds ends, in InputRows x, int rows, float* y);
}
