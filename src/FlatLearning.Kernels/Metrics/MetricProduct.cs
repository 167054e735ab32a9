using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>The metric part of a weight, applied to x without the K x N matrix. Immutable.</summary>
internal abstract unsafe class MetricProduct
{
    /// <summary>The most rows that <see cref="AddTo"/> takes at once.</summary>
    public abstract int MaxRows { get; }

    /// <summary>What was chosen and why, for the log.</summary>
    public abstract string Description { get; }

    /// <summary>Whether this way is cheaper than decoding tiles for so many rows of x.</summary>
    public abstract bool Serves(long rows);

    /// <summary>y += gamma · (x · metric), by columns.</summary>
    /// <param name="workers">Lends the host's threads.</param>
    /// <param name="weight">Its column scales are gamma.</param>
    /// <param name="x">[rows, K], multiplied by rho.</param>
    /// <param name="rows">1 to <see cref="MaxRows"/>.</param>
    /// <param name="y">[rows, N].</param>
    public abstract void AddTo(IWorkers workers, PreparedWeight weight, float* x, int rows, float* y);
}
