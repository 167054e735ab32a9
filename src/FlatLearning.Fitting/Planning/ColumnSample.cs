using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// Some columns of a weight, evenly spread, on which codes are tried. All rows are there, since taps and feedback run
/// along them.
/// </summary>
internal sealed class ColumnSample
{
    /// <summary>The rounds have converged when one lowers the error by less than this share.</summary>
    private const double Tolerance = 3e-3;

    private readonly int[] _columns;
    private readonly double[] _importance;
    private readonly MetricTarget _target;
    private readonly float[] _values;

    /// <summary>Takes the columns.</summary>
    /// <param name="target">The whole weight and H.</param>
    /// <param name="importance">How much the square of an error in each row counts, [K].</param>
    /// <param name="weights">About how many weights to take; at least one block of columns.</param>
    public ColumnSample(MetricTarget target, double[] importance, int weights)
    {
        (_target, _importance) = (target, importance);
        int blocks = Math.Max(1, weights / target.Rows / TrellisEncoder.Lanes);
        int count = Math.Min(target.Columns, blocks * TrellisEncoder.Lanes);
        _columns = [.. Enumerable.Range(0, count).Select(i => (int)(((2L * i) + 1) * target.Columns / (2L * count)))];
        _values = Take(target.Values.Span);
    }

    /// <summary>The sampled columns as a weight of its own, under the same H.</summary>
    public MetricTarget Target => _target with { Values = _values, Columns = _columns.Length };

    /// <summary>
    /// Codes the sample under the given scales as a fit would, and returns the tables with the relative errors.
    /// </summary>
    /// <param name="start">Scales, and a metric with its field or none.</param>
    /// <param name="bits">b.</param>
    /// <param name="taps">T.</param>
    /// <param name="rounds">The most rounds of training.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    /// <param name="common">Tables that stay as they are; null for tables of the weight's own.</param>
    public (AdditiveTables Tables, double Plain, double Weighted) Code(
        CodesStart start, int bits, int taps, int rounds, CancellationToken cancellation, AdditiveTables? common = null)
    {
        CodedMatrix matrix = Encode(start, bits, taps, rounds, cancellation, common);
        (double plain, double weighted) = _target.Hessian.IsFull
            ? Errors(matrix, _target.Hessian)
            : matrix.RelativeErrors();
        return (matrix.Tables, plain, weighted);
    }

    /// <summary>The relative error under another H than the one that the codes are chosen by.</summary>
    /// <inheritdoc cref="Code"/>
    /// <param name="judge">The other H.</param>
    public double Judge(
        CodesStart start, int bits, int taps, int rounds, Hessian judge, CancellationToken cancellation) =>
        Errors(Encode(start, bits, taps, rounds, cancellation), judge).Weighted;

    private (double Plain, double Weighted) Errors(CodedMatrix matrix, Hessian weight) =>
        TargetErrors.Relative(Target with { Hessian = weight }, matrix.Decode());

    private CodedMatrix Encode(
        CodesStart start, int bits, int taps, int rounds, CancellationToken cancellation, AdditiveTables? common = null)
    {
        Scales scales = new(start.Scales.Row, [.. _columns.Select(n => start.Scales.Column[n])]);
        double[]? field = start.Field is null ? null : Take<double>(start.Field);
        AdditiveTables tables = common ?? (taps > 1
            ? StartTables.Get(bits, taps)
            : ScaleCandidates.ScalarTable(_values, _importance, scales, bits, field));
        using ScratchPool<BlockCoder> coders = new(() => new BlockCoder(bits, taps, _target.Rows));
        CodedMatrix matrix = new(_values, _importance, scales, tables, _target.Workers, field);
        double previous = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            TableStatistics statistics = new(bits, taps);
            double error = matrix.Encode(coders, 0, 1, cancellation.ThrowIfCancellationRequested, statistics);
            matrix.Tables = common ?? statistics.Solve(matrix.Tables);
            matrix.RefitScales();
            if (_columns.Length < _target.Columns)
            {
                // The sample says nothing of the rows' scales that all columns do not say better.
                matrix.Scales = new Scales(scales.Row, matrix.Scales.Column);
            }

            if (previous - error <= Tolerance * error)
            {
                break;
            }

            previous = error;
        }

        matrix.Encode(coders, 0, 1, cancellation.ThrowIfCancellationRequested);
        if (_target.Hessian.IsFull)
        {
            FeedbackCoder feedback = new(matrix, _target.Hessian, _target.Workers);
            feedback.Encode(_ => cancellation.ThrowIfCancellationRequested());
            feedback.RefitColumns();
            if (common is null)
            {
                feedback.RefitTables();
            }

            feedback.Encode(_ => cancellation.ThrowIfCancellationRequested());
        }

        return matrix;
    }

    /// <summary>The sampled columns of any matrix of the weight's shape, row-major.</summary>
    public T[] Take<T>(ReadOnlySpan<T> matrix)
    {
        T[] taken = new T[_target.Rows * _columns.Length];
        for (int k = 0; k < _target.Rows; k++)
        {
            ReadOnlySpan<T> line = matrix.Slice(k * _target.Columns, _target.Columns);
            for (int i = 0; i < _columns.Length; i++)
            {
                taken[(k * _columns.Length) + i] = line[_columns[i]];
            }
        }

        return taken;
    }
}
