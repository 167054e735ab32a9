using FlatLearning.Dyn.Metrics;
using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// dyn-l1 in O((K + N) H d) per row of x: states are whole numbers below 2^s on a range that rows and columns share, so
/// sorting is counting. For each coordinate the inputs are added up by the code of their row (2^s buckets), prefix sums
/// from both ends give the sum of weighted distances from every code, and each column looks its own up. See
/// <c>docs/derivations/dyn-l1-product.md</c>.
/// </summary>
internal sealed unsafe class DistanceSums : MetricProduct
{
    // Tables of all rows of a call; they should stay in the second-level cache.
    private const int MaxTableBytes = 512 * 1024;

    // Cycles, measured on one core: adding an input to its bucket, looking one column up, and the prefix sums of one
    // level.
    private const double InputCycles = 1.3;
    private const double ColumnCycles = 1.3;
    private const double LevelCycles = 4;

    // Decoding one distance of a tile takes this part of a cycle in 512-bit registers, one product of a panel this.
    private const double TileCycles = 0.12;
    private const double PanelCycles = 0.05;

    private readonly DynL1Metric _metric;
    private readonly double[] _weights;

    /// <summary>Prepares the metric; its states are read in place.</summary>
    private DistanceSums(DynL1Metric metric)
    {
        _metric = metric;
        _weights = new double[Coordinates];
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = metric.Parameters.Values[i / metric.StateDim]
                * Math.Abs((double)metric.States.Range.Values[_weights.Length + i]);
        }
    }

    /// <summary>H · d.</summary>
    public int Coordinates => _metric.States.Coordinates;

    /// <summary>2^s.</summary>
    public int Levels => 1 << _metric.States.Bits;

    /// <inheritdoc/>
    public override int MaxBlockRows => Math.Clamp(MaxTableBytes / (Coordinates * Levels * sizeof(float)), 1, 64);

    /// <inheritdoc/>
    public override string Description =>
        $"distances by bucket and prefix sums, {Coordinates} coordinates of {_metric.States.Bits} bits";

    private long Inputs => _metric.States.Rows.Layout.Columns;

    private long Outputs => _metric.States.Columns.Layout.Columns;

    private double RowCycles =>
        Coordinates * ((InputCycles * Inputs) + (ColumnCycles * Outputs) + (LevelCycles * Levels));

    /// <summary>The cycles of one row against those of a product with a dense matrix.</summary>
    public double ShareOfDense => RowCycles / (PanelCycles * Inputs * Outputs);

    /// <inheritdoc/>
    public override long MaxRows
    {
        get
        {
            double more = RowCycles - (PanelCycles * Inputs * Outputs);
            double rows = more <= 0 ? double.MaxValue : TileCycles * Coordinates * Inputs * Outputs / more;
            if (rows > int.MaxValue)
            {
                return long.MaxValue;
            }

            long max = (long)rows;
            while (Serves(max + 1))
            {
                max++;
            }

            while (max > 0 && !Serves(max))
            {
                max--;
            }

            return max;
        }
    }

    /// <summary>The metric, or null where the weight has another or more than it and codes.</summary>
    public static DistanceSums? TryCreate(KernelRequest request) =>
        request.MetricBesideCodes is DynL1Metric metric ? new DistanceSums(metric) : null;

    /// <inheritdoc/>
    public override void AddTo(IWorkers workers, ProductEnds ends, in InputRows x, int rows, float* y)
    {
        using Scratch tables = new((long)rows * Coordinates * Levels * sizeof(float));
        fixed (byte* rowStates = _metric.States.Rows.Bytes.Span, columnStates = _metric.States.Columns.Bytes.Span)
        fixed (double* weights = _weights)
        {
            BucketTask buckets =
                new(_metric.States.Rows.Layout, rowStates, x.Floats(0), weights, (float*)tables.Pointer);
            workers.For(ref buckets, rows * Coordinates);
            LevelTask levels =
                new(ends, _metric.States.Columns.Layout, columnStates, (float*)tables.Pointer, rows, y);
            workers.For(ref levels, levels.Items);
        }
    }

    // Whether so many rows take fewer cycles than tiles and panels.
    private bool Serves(long rows) =>
        rows * RowCycles < Inputs * Outputs * ((TileCycles * Coordinates) + (PanelCycles * rows));
}
