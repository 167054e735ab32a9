using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Bands;

/// <summary>
/// Divides bits among the places of a weight: for a price lambda of a bit, every group of columns gets the sections of
/// falling width that minimise the expected error + lambda · bits (dynamic programming over its steps of rows), and
/// lambda is that of the wanted number of bits. Equal slopes everywhere are the least error for the bits.
/// </summary>
internal sealed class BandPlanner
{
    private const int Halvings = 48;

    /// <summary>Steps of rows in all groups that threads would take longer to share out than to do.</summary>
    private const int SmallPlan = 1 << 11;

    private readonly double[] _energies;
    private readonly double[] _squares;
    private readonly double[]? _plainEnergies;
    private readonly double[]? _plainSquares;
    private readonly double _total;
    private readonly double _plainTotal;
    private readonly double[][] _errors;
    private readonly int _columns;
    private readonly int _groups;
    private readonly int _steps;
    private readonly int _rows;
    private readonly int _groupWidth;
    private readonly IWorkers _workers;

    /// <summary>Prepares plans of a weight.</summary>
    /// <param name="field">The weight.</param>
    /// <param name="errors">What every width loses there.</param>
    /// <param name="workers">The threads that plans are made on.</param>
    public BandPlanner(BandField field, BandErrors errors, IWorkers workers)
    {
        _workers = (long)field.Groups * field.Steps < SmallPlan ? ThreadWorkers.Single : workers;
        (_energies, _squares) = field.Energies(isWeighted: true);
        (_total, _plainTotal) = field.Totals;
        if (!field.IsIdentity)
        {
            (_plainEnergies, _plainSquares) = field.Energies(isWeighted: false);
        }

        (_groups, _steps, _rows, _groupWidth, _columns) =
            (field.Groups, field.Steps, field.Rows, field.GroupWidth, field.Columns);
        _errors = errors.Shares;
    }

    /// <summary>tr(Wᵀ H W).</summary>
    public double Total => _total;

    /// <summary>A price of a bit at which hardly any row gets codes.</summary>
    public double HighestPrice
    {
        get
        {
            double max = 0;
            for (int i = 0; i < _energies.Length; i++)
            {
                max = Math.Max(max, _energies[i]);
            }

            return Math.Max(max / ((double)BandField.RowStep * _groupWidth), double.Epsilon);
        }
    }

    private static int Bands => BandCodebooks.Widths.Length;

    /// <summary>The plan of least error with at most so many bits of codes.</summary>
    public BandPlan Within(double bits)
    {
        (double low, double high) = (Math.Log(HighestPrice) - 40, Math.Log(HighestPrice) + 3);
        BandPlan best = At(Math.Exp(high));
        for (int i = 0; i < Halvings; i++)
        {
            double middle = 0.5 * (low + high);
            BandPlan plan = At(Math.Exp(middle));
            if (plan.CodeBits <= bits)
            {
                (best, high) = (plan, middle);
            }
            else
            {
                low = middle;
            }
        }

        return best;
    }

    /// <summary>The plan of least weighted squared error + <paramref name="price"/> · bits.</summary>
    public BandPlan At(double price)
    {
        int[][] counts = new int[_groups][];
        _workers.For(_groups, group => counts[group] = Sections(group, price * _groupWidth));
        int[] starts = new int[(_groups + 1) * Bands];
        (long bits, double error, double plain) = (0, 0, 0);
        for (int group = 0; group < _groups; group++)
        {
            int row = 0;
            for (int band = 0, place = 0; band < Bands; place += counts[group][band++])
            {
                bool begins = counts[group][band] > 0 && starts[(group * Bands) + band] == 0;
                error += begins ? StartLoss(_squares, group, place / BandField.RowStep, band) : 0;
                plain += begins && _plainSquares is not null
                    ? StartLoss(_plainSquares, group, place / BandField.RowStep, band)
                    : 0;
            }

            for (int band = 0; band <= Bands; band++)
            {
                int end = Math.Min(_rows, row + counts[group][band]);
                for (int step = row / BandField.RowStep;
                    row < end && step < (end + BandField.RowStep - 1) / BandField.RowStep;
                    step++)
                {
                    error += Loss(_energies, _squares, group, step, band);
                    plain += _plainEnergies is null ? 0 : Loss(_plainEnergies, _plainSquares!, group, step, band);
                }

                if (band < Bands)
                {
                    starts[((group + 1) * Bands) + band] = starts[(group * Bands) + band] + end - row;
                    bits += (long)(end - row) * _groupWidth * BandCodebooks.Widths[band];
                }

                row = end;
            }
        }

        if (bits == 0)
        {
            // The format wants some codes, here of a weight that is zero or not worth any.
            int rows = Math.Min(BandField.RowStep, _rows);
            for (int group = 1; group <= _groups; group++)
            {
                starts[(group * Bands) + Bands - 1] = rows;
            }

            bits = (long)rows * _groupWidth * BandCodebooks.Widths[^1];
        }

        double relative = _total > 0 ? error / _total : 0;
        return new BandPlan(
            starts, bits, relative, _plainEnergies is null ? relative : _plainTotal > 0 ? plain / _plainTotal : 0);
    }

    /// <summary>What a step of rows loses in a band, or without codes.</summary>
    private double Loss(double[] energies, double[] squares, int group, int step, int kind)
    {
        int i = (group * _steps) + step;
        return kind < Bands
            ? squares[i]
                * _errors[kind][BandErrors.Region(
                    step * BandField.RowStep,
                    _rows,
                    Math.Min(_columns - 1, (group * _groupWidth) + (_groupWidth / 2)),
                    _columns)]
            : energies[i];
    }

    /// <summary>
    /// What the first rows of a band lose more where it begins with a step of rows in a group; later groups go on where
    /// it ends.
    /// </summary>
    private double StartLoss(double[] squares, int group, int step, int band) =>
        BandCodebooks.StartLosses[band] * squares[(group * _steps) + step]
            / Math.Min(BandField.RowStep, _rows - (step * BandField.RowStep));

    /// <summary>Rows of each band in one group, and without codes.</summary>
    private int[] Sections(int group, double price)
    {
        int kinds = Bands + 1;
        double[] cost = new double[kinds];
        double[] next = new double[kinds];
        byte[] origins = new byte[_steps * kinds];
        for (int step = 0; step < _steps; step++)
        {
            int rows = Math.Min(BandField.RowStep, _rows - (step * BandField.RowStep));
            int before = 0;
            for (int kind = 0; kind < kinds; kind++)
            {
                // A band goes on, or begins after a wider one: in the first group with a loss of its own.
                double start = group == 0 && kind < Bands ? StartLoss(_squares, group, step, kind) : 0;
                int from = step > 0 && (before == kind || cost[kind] <= cost[before] + start) ? kind : before;
                before = step > 0 && cost[kind] < cost[before] ? kind : before;
                int width = kind < Bands ? BandCodebooks.Widths[kind] : 0;
                next[kind] = (step > 0 ? cost[from] : 0) + (step == 0 || from != kind ? start : 0)
                    + Loss(_energies, _squares, group, step, kind) + (price * rows * width);
                origins[(step * kinds) + kind] = (byte)from;
            }

            next.CopyTo(cost, 0);
        }

        int last = 0;
        for (int kind = 1; kind < kinds; kind++)
        {
            last = cost[kind] < cost[last] ? kind : last;
        }

        int[] counts = new int[kinds];
        for (int step = _steps - 1; step >= 0; step--)
        {
            counts[last] += Math.Min(BandField.RowStep, _rows - (step * BandField.RowStep));
            last = origins[(step * kinds) + last];
        }

        return counts;
    }
}
