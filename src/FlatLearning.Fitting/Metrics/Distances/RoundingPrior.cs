namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>
/// The error that rounding the states will add, as part of the cost. A head's step is about six standard deviations of
/// its coordinates over 2^s levels, and what moving a state costs is known: the expectation is a ridge on the states
/// about their centres. Without it heads grow and cancel each other, which is free until they are rounded.
/// docs/derivations/dyn-l2.md.
/// </summary>
internal sealed class RoundingPrior
{
    /// <summary>
    /// Step² over 12 on both sides, for a coordinate of variance 1 at one level: 2 · 6² / 12 = 6 for plain rounding, of
    /// which a third is left after the other coordinates and the other side have made up for it (0.3 to 3 measured
    /// about alike at 8 bits, 1.5 to 3 best at 4).
    /// </summary>
    private const double NoiseOfOneLevel = 2;

    private readonly double[] _energies;
    private readonly DistanceModel _model;

    /// <summary>Takes centres, and ridges from the curvature of every head.</summary>
    /// <param name="model">The model; its lambdas at this time are the ones that <paramref name="curvature"/> goes
    /// with.</param>
    /// <param name="curvature">Trace of JᵀMJ over all rows, for each head.</param>
    /// <param name="bits">s.</param>
    public RoundingPrior(DistanceModel model, ReadOnlySpan<double> curvature, int bits)
    {
        (_model, _energies) = (model, new double[model.Heads]);
        double share = NoiseOfOneLevel / Math.Pow(4, bits);
        for (int h = 0; h < _energies.Length; h++)
        {
            _energies[h] = share * curvature[h];
        }

        Lambda = model.Linear.AsSpan(0, model.Heads).ToArray();
        Rows = new SidePrior(Means(model.Rows), Ridges(model.Rows));
        Columns = new SidePrior(Means(model.Columns), Ridges(model.Columns));
    }

    /// <summary>For the rows' states.</summary>
    public SidePrior Rows { get; }

    /// <summary>For the columns' states.</summary>
    public SidePrior Columns { get; }

    private double[] Lambda { get; }

    /// <summary>
    /// The expected error of a head for a lambda of 1: what the normal equations of lambda get on their diagonal.
    /// </summary>
    public double OfUnitLambda(DistanceModel model, int head)
    {
        double lambda = Lambda[head];
        return lambda == 0 ? 0 : Of(model, head) / (lambda * lambda);
    }

    /// <summary>The expected error of the model's states with its lambdas.</summary>
    public double Energy(DistanceModel model)
    {
        double total = 0;
        for (int h = 0; h < _energies.Length; h++)
        {
            double lambda = model.Linear[h];
            total += OfUnitLambda(model, h) * lambda * lambda;
        }

        return total;
    }

    private double Of(DistanceModel model, int head) =>
        Rows.Energy(model.Rows, head, model.StateDim) + Columns.Energy(model.Columns, head, model.StateDim);

    private double[] Means(float[] states)
    {
        int coordinates = _model.Coordinates;
        double[] means = new double[coordinates];
        for (int i = 0; i < states.Length; i++)
        {
            means[i % coordinates] += states[i];
        }

        return Array.ConvertAll(means, mean => mean * coordinates / states.Length);
    }

    /// <summary>
    /// energy · variance, the variance being the mean over both sides, all items and the head's coordinates.
    /// </summary>
    private double[] Ridges(float[] states)
    {
        double[] ridges = new double[_model.Coordinates];
        double squares = 2.0 * states.Length / _model.Heads;
        for (int i = 0; i < ridges.Length; i++)
        {
            ridges[i] = _energies[i / _model.StateDim] / squares;
        }

        return ridges;
    }
}
