using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Bands;

/// <summary>A weight under stored scales, by places: what bands are planned from and encode.</summary>
internal sealed class BandField
{
    /// <summary>Sections begin and end at multiples of this many rows.</summary>
    public const int RowStep = 8;

    /// <summary>No code comes near to this; squares and their sums stay finite in float32.</summary>
    private const double Farthest = 1e9;

    private readonly ReadOnlyMemory<float> _w;
    private readonly double[]? _metric;
    private readonly double[] _importance;
    private readonly IWorkers _workers;

    // Measured once, for the planners of all tables.
    private (double[], double[])? _weightedEnergies;
    private (double[], double[])? _plainEnergies;

    /// <summary>Rounds the scales to bytes and sorts.</summary>
    /// <param name="target">W and H. Of a full one what counts of a row's error is what later rows, in the order of the
    /// scales, cannot make up for.</param>
    /// <param name="start">Scales with rows, and a metric with its field or none.</param>
    /// <param name="groupWidth">g.</param>
    public BandField(MetricTarget target, CodesStart start, int groupWidth)
    {
        double plain = WeightEnergy(target, Hessian.Identity);
        Totals = (target.Hessian.IsIdentity ? plain : WeightEnergy(target, target.Hessian), plain);
        IsIdentity = target.Hessian.IsIdentity;
        _workers = target.Workers;
        (Rows, Columns, GroupWidth, _w, _metric, Metric) =
            (target.Rows, target.Columns, groupWidth, target.Values, start.Field, start.Metric);
        (RowScale, ColumnScale) = BandScales.Round(start.Scales, Rows);
        RowOrder = ScaleOrder.Of(RowScale, Rows);
        ColumnOrder = ScaleOrder.Of(ColumnScale, Columns);
        Groups = (Columns + groupWidth - 1) / groupWidth;
        Ordered = target.Hessian.IsFull ? target.Hessian.Reordered(RowOrder) : null;
        FeedbackFactor? factor = Ordered?.FactorBy(_workers);
        _importance = new double[Rows];
        for (int place = 0; place < Rows; place++)
        {
            _importance[RowOrder[place]] = factor?.Diagonal[place] ?? target.Hessian.At(RowOrder[place]);
        }
    }

    /// <summary>tr(Wᵀ H W) and ||W||².</summary>
    public (double Weighted, double Plain) Totals { get; }

    /// <summary>Whether H = I.</summary>
    public bool IsIdentity { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int GroupWidth { get; }

    public int Groups { get; }

    public Dyn.Metrics.Metric? Metric { get; }

    public ParameterTensor RowScale { get; }

    public ParameterTensor ColumnScale { get; }

    public int[] RowOrder { get; }

    /// <summary>A full H in the order of the scales, else null.</summary>
    public Hessian? Ordered { get; }

    public int[] ColumnOrder { get; }

    /// <summary>Steps of rows.</summary>
    public int Steps => (Rows + RowStep - 1) / RowStep;

    /// <summary>How much a squared error of a row counts, by its place.</summary>
    public double Importance(int place) => _importance[RowOrder[place]];

    /// <summary>h · rho² of a place of rows: how much a squared error of its normalised values counts.</summary>
    public double PlaceWeight(int place)
    {
        double rho = RowScale.Values[RowOrder[place]];
        return rho * rho * Importance(place);
    }

    /// <summary>Columns that a group really has.</summary>
    public int ColumnsOf(int group) => Math.Min(GroupWidth, Columns - (group * GroupWidth));

    /// <summary>
    /// The energy that is left where there are no codes, [G, steps], and the squares of the scales, [G, steps], of
    /// which codes leave a share each; all weighted. Where values are spread evenly under the scales both are equal,
    /// but a zero between large scales has no energy and gets noise.
    /// </summary>
    /// <param name="isWeighted">Whether rows count by H, else alike.</param>
    public (double[] Energies, double[] Squares) Energies(bool isWeighted) =>
        isWeighted
            ? _weightedEnergies ??= MeasureEnergies(isWeighted: true)
            : _plainEnergies ??= MeasureEnergies(isWeighted: false);

    private (double[] Energies, double[] Squares) MeasureEnergies(bool isWeighted)
    {
        double[] energies = new double[Groups * Steps];
        double[] squares = new double[Groups * Steps];
        double[] columnSquares = new double[Groups];
        for (int n = 0; n < Columns; n++)
        {
            double scale = ColumnScale.Values[ColumnOrder[n]];
            columnSquares[n / GroupWidth] += scale * scale;
        }

        _workers.For(Steps, step =>
        {
            double[] own = new double[Groups];
            for (int place = step * RowStep; place < Math.Min(Rows, (step + 1) * RowStep); place++)
            {
                int row = RowOrder[place];
                double rho = RowScale.Values[row];
                double importance = isWeighted ? _importance[row] : 1;
                for (int n = 0; n < Columns; n++)
                {
                    double rest = Rest(row, ColumnOrder[n], rho);
                    own[n / GroupWidth] += importance * rest * rest;
                }

                for (int group = 0; group < Groups; group++)
                {
                    squares[(group * Steps) + step] += importance * rho * rho * columnSquares[group];
                }
            }

            for (int group = 0; group < Groups; group++)
            {
                energies[(group * Steps) + step] = own[group];
            }
        });
        return (energies, squares);
    }

    /// <summary>
    /// The normalised values of up to sixteen columns of a group at some places of rows; zero where a scale is, and
    /// beyond the last column.
    /// </summary>
    /// <param name="group">Which group.</param>
    /// <param name="firstLane">First column in the group.</param>
    /// <param name="firstPlace">First place of rows.</param>
    /// <param name="places">How many.</param>
    /// <param name="x">Receives [places, 16].</param>
    public void Load(int group, int firstLane, int firstPlace, int places, Span<float> x)
    {
        int count = Math.Max(0, Math.Min(TrellisEncoder.Lanes, ColumnsOf(group) - firstLane));
        x.Clear();
        for (int i = 0; i < places; i++)
        {
            int row = RowOrder[firstPlace + i];
            double rho = RowScale.Values[row];
            for (int lane = 0; lane < count; lane++)
            {
                int column = ColumnOrder[(group * GroupWidth) + firstLane + lane];
                x[(i * TrellisEncoder.Lanes) + lane] = Normalised(row, column, rho);
            }
        }
    }

    /// <summary>The normalised values of one column of a group, [K], by places of rows.</summary>
    public void LoadColumn(int group, int lane, Span<float> x)
    {
        int column = ColumnOrder[(group * GroupWidth) + lane];
        for (int i = 0; i < x.Length; i++)
        {
            int row = RowOrder[i];
            x[i] = Normalised(row, column, RowScale.Values[row]);
        }
    }

    private float Normalised(int row, int column, double rho)
    {
        double scale = rho * ColumnScale.Values[column];
        return scale > 0 ? (float)Math.Clamp(Rest(row, column, rho) / scale, -Farthest, Farthest) : 0;
    }

    private static double WeightEnergy(MetricTarget target, Hessian weight)
    {
        if (weight.IsFull)
        {
            double[] values = new double[target.Values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = target.Values.Span[i];
            }

            return weight.Energy(values, target.Columns, target.Workers);
        }

        double[] sums = new double[target.Rows];
        target.Workers.For(target.Rows, k =>
        {
            foreach (float value in target.Values.Span.Slice(k * target.Columns, target.Columns))
            {
                sums[k] += (double)value * value;
            }
        });
        double energy = 0;
        for (int k = 0; k < target.Rows; k++)
        {
            energy += weight.At(k) * sums[k];
        }

        return energy;
    }

    /// <summary>What the metric leaves of W, in W's units.</summary>
    public double Rest(int row, int column, double rho)
    {
        int i = (row * Columns) + column;
        return _w.Span[i] - (_metric is null ? 0 : _metric[i] * rho * ColumnScale.Values[column]);
    }
}
