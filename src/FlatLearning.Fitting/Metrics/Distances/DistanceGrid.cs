using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// The grid of a fitted model: turns each head (distances do not change) so that its coordinates are equally wide,
/// chooses one step and the place of every coordinate's levels on either side, and brings the model into units of
/// steps. docs/decisions/0004-one-grid-per-head.md.
/// </summary>
internal sealed class DistanceGrid
{
    private const int Rotations = 24;
    private const double FactorOfSteps = 0.93;
    private const int Steps = 40;
    private readonly int _bits;

    private DistanceGrid(int coordinates, int bits) => (_bits, Offset) = (bits, new float[coordinates]);

    /// <summary>The columns' offset, whole numbers, [D].</summary>
    public float[] Offset { get; }

    /// <summary>2^s - 1.</summary>
    public int Top => (1 << _bits) - 1;

    /// <summary>
    /// Chooses the grid and changes the model to its units: rows around 0 .. 2^s - 1, columns around those plus
    /// <see cref="Offset"/>; nothing is rounded but softening.
    /// </summary>
    public static DistanceGrid Apply<TKernel>(
        DistanceModel model, int bits, double[] rowCurvature, double[] columnCurvature, Random random)
        where TKernel : struct, IDistanceKernel
    {
        DistanceGrid grid = new(model.Coordinates, bits);
        for (int h = 0; h < model.Heads; h++)
        {
            Rotate(model, h, random);
            grid.Head<TKernel>(model, h, rowCurvature, columnCurvature);
        }

        return grid;
    }

    /// <summary>
    /// A whole number that float16 holds: above 2048 the even ones, below the value, so that squares do not grow.
    /// </summary>
    private static float Whole(double value)
    {
        double whole = Math.Round(value);
        return (float)(Math.Abs(whole) > 2048 ? 2 * Math.Truncate(whole / 2) : whole);
    }

    /// <summary>Cuts states that lie outside their levels.</summary>
    public void Cut(DistanceModel model)
    {
        for (int i = 0; i < model.Rows.Length; i++)
        {
            model.Rows[i] = Math.Clamp(model.Rows[i], 0, Top);
        }

        for (int i = 0; i < model.Columns.Length; i++)
        {
            float lowest = Offset[i % Offset.Length];
            model.Columns[i] = Math.Clamp(model.Columns[i], lowest, lowest + Top);
        }
    }

    private void Head<TKernel>(DistanceModel model, int head, double[] rowCurvature, double[] columnCurvature)
        where TKernel : struct, IDistanceKernel
    {
        int d = model.StateDim;
        double[] rows = new double[d];
        double[] columns = new double[d];
        double step = BestStep(model, head, rowCurvature, columnCurvature, rows, columns);

        // The clouds may be so far apart, or the step so small, that squares leave float32's whole numbers: then the
        // step grows.
        double softening;
        while (true)
        {
            softening = TKernel.Softening > 0
                ? Math.Max(1, (double)(Half)Math.Round(Math.Min(TKernel.Softening / (step * step), 60000)))
                : 0;
            int max = DistanceMetric.MaxOffset(d, _bits, softening);
            double furthest = 0;
            for (int i = 0; i < d; i++)
            {
                furthest = Math.Max(furthest, Math.Abs(columns[i] - rows[i]));
            }

            if (furthest / step <= max)
            {
                break;
            }

            step *= 1.25;
        }

        for (int i = 0; i < d; i++)
        {
            int at = (head * d) + i;
            Offset[at] = Whole((columns[i] - rows[i]) / step);
            Move(model.Rows, model.Coordinates, at, rows[i], step);
            Move(model.Columns, model.Coordinates, at, rows[i], step);
        }

        model.Linear[head] *= TKernel.LambdaFactor(step);
        model.Softening[head] = (float)softening;
    }

    private void Move(float[] states, int stride, int coordinate, double centre, double step)
    {
        for (int i = coordinate; i < states.Length; i += stride)
        {
            states[i] = (float)(((states[i] - centre) / step) + (Top / 2.0));
        }
    }

    /// <summary>
    /// The step of least rounding error, weighted by what moving a state costs, over all coordinates of a head, and the
    /// centres of the coordinates on both sides that go with it.
    /// </summary>
    private double BestStep(
        DistanceModel model, int head, double[] rowCurvature, double[] columnCurvature, double[] rows, double[] columns)
    {
        int d = model.StateDim;
        double best = double.PositiveInfinity;
        double chosen = 1;
        foreach (double mid in (double[])[1, 0.5, 0])
        {
            double[] rowCentres = Centres(model.Rows, model, head, mid);
            double[] columnCentres = Centres(model.Columns, model, head, mid);
            double widest = Math.Max(
                Widest(model.Rows, model, head, rowCentres), Widest(model.Columns, model, head, columnCentres));
            double step = widest > 0 ? 2 * widest / Top : 1;
            for (int i = 0; i < Steps; i++, step *= FactorOfSteps)
            {
                double error = RoundingError(model.Rows, model, head, rowCurvature, rowCentres, step)
                    + RoundingError(model.Columns, model, head, columnCurvature, columnCentres, step);
                if (error < best)
                {
                    (best, chosen) = (error, step);
                    rowCentres.CopyTo(rows, 0);
                    columnCentres.CopyTo(columns, 0);
                }
            }
        }

        // Below this, steps are not told apart in float32.
        double scale = 1e-6 * Enumerable.Range(0, d).Max(i => Math.Max(Math.Abs(rows[i]), Math.Abs(columns[i])));
        return Math.Max(chosen, Math.Max(scale, 1e-12));
    }

    /// <summary>Between the mean (0) and the middle of the range (1) of each coordinate.</summary>
    private static double[] Centres(float[] states, DistanceModel model, int head, double mid)
    {
        double[] centres = new double[model.StateDim];
        for (int i = 0; i < centres.Length; i++)
        {
            (double low, double high, double sum) = (double.PositiveInfinity, double.NegativeInfinity, 0);
            int items = 0;
            for (int at = (head * model.StateDim) + i; at < states.Length; at += model.Coordinates, items++)
            {
                (low, high, sum) = (Math.Min(low, states[at]), Math.Max(high, states[at]), sum + states[at]);
            }

            centres[i] = (mid * (low + high) / 2) + ((1 - mid) * sum / items);
        }

        return centres;
    }

    private static double Widest(float[] states, DistanceModel model, int head, double[] centres)
    {
        double widest = 0;
        for (int i = 0; i < centres.Length; i++)
        {
            for (int at = (head * model.StateDim) + i; at < states.Length; at += model.Coordinates)
            {
                widest = Math.Max(widest, Math.Abs(states[at] - centres[i]));
            }
        }

        return widest;
    }

    private double RoundingError(
        float[] states, DistanceModel model, int head, double[] curvature, double[] centres, double step)
    {
        double error = 0;
        for (int i = 0; i < centres.Length; i++)
        {
            for (int at = (head * model.StateDim) + i; at < states.Length; at += model.Coordinates)
            {
                double place = ((states[at] - centres[i]) / step) + (Top / 2.0);
                double rounded = Math.Clamp(Math.Round(place), 0, Top);
                error += curvature[(at / model.Coordinates * model.Heads) + head] * (place - rounded)
                    * (place - rounded) * step * step;
            }
        }

        return error;
    }

    /// <summary>
    /// Turns both clouds by the orthogonal matrix, of some random ones and none, whose coordinates have the least
    /// eighth moment.
    /// </summary>
    private static void Rotate(DistanceModel model, int head, Random random)
    {
        int d = model.StateDim;
        if (d == 1)
        {
            return;
        }

        double[] rowMeans = Centres(model.Rows, model, head, 0);
        double[] columnMeans = Centres(model.Columns, model, head, 0);
        double[]? best = null;
        double min =
            Peak(model.Rows, model, head, rowMeans, null) + Peak(model.Columns, model, head, columnMeans, null);
        for (int trial = 0; trial < Rotations; trial++)
        {
            double[] rotation = RandomRotation.Create(d, random);
            double peak = Peak(model.Rows, model, head, rowMeans, rotation)
                + Peak(model.Columns, model, head, columnMeans, rotation);
            if (peak < min)
            {
                (min, best) = (peak, rotation);
            }
        }

        if (best is not null)
        {
            RandomRotation.Apply(best, model.Rows, model.Coordinates, head * d);
            RandomRotation.Apply(best, model.Columns, model.Coordinates, head * d);
        }
    }

    private static double Peak(float[] states, DistanceModel model, int head, double[] means, double[]? rotation)
    {
        int d = means.Length;
        double peak = 0;
        Span<double> centred = stackalloc double[d];
        for (int at = head * d; at < states.Length; at += model.Coordinates)
        {
            for (int i = 0; i < d; i++)
            {
                centred[i] = states[at + i] - means[i];
            }

            for (int i = 0; i < d; i++)
            {
                double value = rotation is null ? centred[i] : RandomRotation.Row(rotation, i, centred);
                double fourth = value * value * value * value;
                peak += fourth * fourth;
            }
        }

        return peak;
    }
}
