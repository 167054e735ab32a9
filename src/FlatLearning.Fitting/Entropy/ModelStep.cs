namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// One step for all weights of a model: the allocation of least squared error (each weighted by its H) for the stored bytes, since all weights then gain alike from a bit.
/// </summary>
public static class ModelStep
{
    /// <summary>Steps are tried until two differ by less than this many octaves: a hundredth of a bit.</summary>
    private const double Resolution = 0.01;

    private const double FarthestOctave = 100;

    /// <summary>The representations at the smallest step whose stored bytes together are at most <paramref name="bytes"/>; null where none is that small.</summary>
    /// <param name="curves">One for each weight.</param>
    /// <param name="bytes">Stored bytes allowed.</param>
    /// <param name="threads">Weights encoded at the same time; the result does not depend on it.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<FitResult>? WithinBytes(IReadOnlyList<StepCurve> curves, long bytes, int threads = 1, CancellationToken cancellation = default) =>
        Search(curves, fits => fits.Sum(fit => fit.Weight!.StoredBytes) <= bytes, Acceptable.AboveSomeStep, threads, cancellation);

    /// <summary>The representations at the largest step whose squared errors together are at most <paramref name="squared"/>; null where none is that exact.</summary>
    /// <param name="curves">One for each weight.</param>
    /// <param name="squared">Sum over the weights of tr(dWᵀ H dW) allowed.</param>
    /// <param name="threads">Weights encoded at the same time; the result does not depend on it.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<FitResult>? WithinError(IReadOnlyList<StepCurve> curves, double squared, int threads = 1, CancellationToken cancellation = default) =>
        Search(curves, fits => fits.Zip(curves).Sum(pair => pair.First.WeightedError * pair.Second.WeightedEnergy) <= squared, Acceptable.BelowSomeStep, threads, cancellation);

    private static FitResult[]? Search(
        IReadOnlyList<StepCurve> curves, Func<FitResult[], bool> accepts, Acceptable side, int threads, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(curves);
        double meanSquare = curves.Sum(curve => curve.WeightedEnergy) / Math.Max(1, curves.Sum(curve => curve.Count));
        double start = meanSquare > 0 ? 0.5 * Math.Log2(meanSquare) : 0;
        double direction = side == Acceptable.AboveSomeStep ? 1 : -1;

        // In octaves from the root mean square, towards what is acceptable; the farther end of a step that is not.
        FitResult[]? best = null;
        (double refused, double accepted) = (-4, 0);
        while (best is null)
        {
            FitResult[] fits = At(accepted);
            if (accepts(fits))
            {
                best = fits;
            }
            else if (accepted > FarthestOctave)
            {
                return null;
            }
            else
            {
                (refused, accepted) = (accepted, accepted + 2);
            }
        }

        for (FitResult[] fits = At(refused); accepts(fits) && refused > -FarthestOctave; fits = At(refused))
        {
            (best, accepted, refused) = (fits, refused, refused - 4);
        }

        while (accepted - refused > Resolution)
        {
            double middle = 0.5 * (accepted + refused);
            FitResult[] fits = At(middle);
            if (accepts(fits))
            {
                (accepted, best) = (middle, fits);
            }
            else
            {
                refused = middle;
            }
        }

        return best;

        FitResult[] At(double octaves)
        {
            double step = Math.Pow(2, start + (direction * octaves));
            FitResult[] fits = new FitResult[curves.Count];
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellation };
            Parallel.For(0, fits.Length, parallel, i => fits[i] = curves[i].At(step, null, cancellation));
            return fits;
        }
    }

    private enum Acceptable
    {
        AboveSomeStep,
        BelowSomeStep,
    }
}
