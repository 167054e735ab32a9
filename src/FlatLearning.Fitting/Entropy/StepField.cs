using FlatLearning.Dyn.Entropy;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// The step of every value: one for the weight, times powers of the root of two for rows that count more or less under
/// H, and for columns whose values would exceed the range of levels.
/// </summary>
internal sealed class StepField
{
    private const int ColumnsOfItem = 256;
    private readonly double[] _row;
    private readonly double[] _column;

    private StepField(float step, int[] rowHalves, int[] columnHalves)
    {
        (Step, RowHalves, ColumnHalves) = (step, rowHalves, columnHalves);
        _row = Array.ConvertAll(rowHalves, halves => (double)EntropyFields.Factor(halves));
        _column = Array.ConvertAll(columnHalves, halves => (double)EntropyFields.Factor(halves) * step);
    }

    /// <summary>The weight's step.</summary>
    public float Step { get; }

    /// <summary>Half octaves of rows.</summary>
    public int[] RowHalves { get; }

    /// <summary>Half octaves of columns.</summary>
    public int[] ColumnHalves { get; }

    /// <summary>The steps of a weight.</summary>
    /// <param name="target">W and H.</param>
    /// <param name="field">The metric's values, or null. It is scaled as the codes are, so with one all steps are the
    /// weight's.</param>
    /// <param name="step">The step of H = I.</param>
    /// <param name="maxSteps">The largest magnitude in steps.</param>
    /// <param name="maxHalves">The most that a row or column may differ.</param>
    public static StepField Of(MetricTarget target, double[]? field, double step, double maxSteps, int maxHalves)
    {
        (int rows, int columns) = (target.Rows, target.Columns);
        int[] rowHalves = new int[rows];
        int[] columnHalves = new int[columns];
        for (int k = 0; k < rows && !target.Hessian.IsIdentity && field is null; k++)
        {
            // Importance h asks for a step of h^(-1/2): that is -log2 h half octaves.
            double h = target.Hessian.At(k);
            rowHalves[k] = h > 0 ? (int)Math.Round(Math.Clamp(-Math.Log2(h), -maxHalves, maxHalves)) : maxHalves;
        }

        float stored = (float)Math.Clamp(step, 1.2e-38, 1e36);
        double[] largest = new double[columns];
        target.Workers.ForRanges(columns, ColumnsOfItem, (begin, end) =>
        {
            for (int k = 0; k < rows; k++)
            {
                float factor = EntropyFields.Factor(rowHalves[k]);
                ReadOnlySpan<float> line = target.Values.Span.Slice(k * columns, columns);
                for (int n = begin; n < end; n++)
                {
                    double value = Math.Abs(line[n] - (field is null ? 0 : field[(k * columns) + n])) / factor;
                    largest[n] = Math.Max(largest[n], value);
                }
            }
        });

        // The farthest value must be in reach of the coarsest column; with a metric, of the weight's own step.
        double reach = maxSteps * (field is null ? EntropyFields.Factor(maxHalves) : 1);
        stored = (float)Math.Max(stored, largest.Max() / reach);

        for (int n = 0; n < columns; n++)
        {
            double excess = largest[n] / (stored * maxSteps);
            columnHalves[n] = excess > 1 ? (int)Math.Min(maxHalves, Math.Ceiling(2 * Math.Log2(excess))) : 0;
        }

        return new StepField(stored, rowHalves, columnHalves);
    }

    /// <summary>(w - metric) in units of each value's step, row-major [K, N].</summary>
    public float[] Normalise(MetricTarget target, double[]? field)
    {
        float[] x = new float[target.Values.Length];
        target.Workers.For(target.Rows, k =>
        {
            int first = k * target.Columns;
            ReadOnlySpan<float> line = target.Values.Span.Slice(first, target.Columns);
            for (int n = 0; n < line.Length; n++)
            {
                double value = (line[n] - (field is null ? 0 : field[first + n])) / (_row[k] * _column[n]);
                x[first + n] = (float)Math.Clamp(value, -EntropyModel.MaxLevel, EntropyModel.MaxLevel);
            }
        });
        return x;
    }

    /// <summary>Relative errors of levels, plain and weighted.</summary>
    public (double Plain, double Weighted) Errors(MetricTarget target, double[]? field, sbyte[] levels)
    {
        double[] decoded = new double[levels.Length];
        target.Workers.For(target.Rows, k =>
        {
            int first = k * target.Columns;
            for (int n = 0; n < target.Columns; n++)
            {
                decoded[first + n] =
                    (levels[first + n] * _row[k] * _column[n]) + (field is null ? 0 : field[first + n]);
            }
        });
        return TargetErrors.Relative(target, decoded);
    }
}
