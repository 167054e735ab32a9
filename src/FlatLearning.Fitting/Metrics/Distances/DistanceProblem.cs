using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>The matrix of a fit in the two orders that it is read in, and the weight of its errors.</summary>
internal sealed class DistanceProblem
{
    /// <summary>Pads a matrix for both sides.</summary>
    /// <param name="target">X [K, N], of root mean square about 1.</param>
    /// <param name="rows">K.</param>
    /// <param name="columns">N.</param>
    /// <param name="weight">H.</param>
    /// <param name="workers">The threads of the fit.</param>
    public DistanceProblem(float[] target, int rows, int columns, Hessian weight, IWorkers workers)
    {
        (Rows, Columns, Weight, Target, Workers) = (rows, columns, weight, target, workers);
        float[] ones = new float[Math.Max(rows, columns)];
        Array.Fill(ones, 1f);
        float[] roots = new float[rows];
        for (int k = 0; k < rows; k++)
        {
            roots[k] = (float)Math.Sqrt(weight.At(k));
        }

        RowSide = new DistanceSide(target, rows, columns, ones);
        ColumnSide =
            new DistanceSide(MatrixTranspose.Of(target, rows, columns), columns, rows, weight.IsFull ? ones : roots);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>H.</summary>
    public Hessian Weight { get; }

    /// <summary>X [K, N].</summary>
    public float[] Target { get; }

    /// <summary>The threads of the fit.</summary>
    public IWorkers Workers { get; }

    /// <summary>Rows as items, columns as partners.</summary>
    public DistanceSide RowSide { get; }

    /// <summary>
    /// Columns as items, rows as partners; a diagonal H weighs the partners, a full one is applied where it is needed.
    /// </summary>
    public DistanceSide ColumnSide { get; }
}
