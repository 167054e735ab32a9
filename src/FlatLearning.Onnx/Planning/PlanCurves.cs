using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// The curves of a model's weights as far as they are known: fits correct the estimates of coded options.
/// </summary>
internal sealed class PlanCurves
{
    private readonly WeightCurve?[] _curves;

    /// <summary>Curves as measured; null for weights that are not planned.</summary>
    public PlanCurves(IEnumerable<WeightCurve?> measured)
    {
        _curves = [.. measured];
        Sensitivity = _curves.Sum(curve => curve?.Sensitivity ?? 0);
        Allocator = Allocate();
    }

    /// <summary>One for each weight, corrected so far; null for weights that are not planned.</summary>
    public IReadOnlyList<WeightCurve?> All => _curves;

    /// <summary>Chooses among all options.</summary>
    public Allocator Allocator { get; private set; }

    /// <summary>The loss of a model whose weights are all zeros: what errors are relative to.</summary>
    public double Sensitivity { get; }

    /// <summary>Whether a choice has options whose sizes and errors are estimates.</summary>
    public bool HasEstimates(IReadOnlyList<int> choice) => Estimated(choice).Any();

    /// <summary>Learns from the fits of a choice how far its estimates were off.</summary>
    /// <param name="choice">An option for each weight.</param>
    /// <param name="fitOf">The fit of a weight with an estimate.</param>
    public void Correct(IReadOnlyList<int> choice, Func<int, FitResult> fitOf)
    {
        foreach (int i in Estimated(choice).ToArray())
        {
            FitResult fit = fitOf(i);
            _curves[i] = _curves[i]!.Corrected(choice[i], fit.Weight!.StoredBytes, fit.WeightedError);
        }

        Allocator = Allocate();
    }

    /// <summary>Learns the errors of fits.</summary>
    /// <param name="fits">A weight, its option, and the error of its fit.</param>
    public void Learn(IEnumerable<(int Weight, int Option, double Error)> fits)
    {
        foreach ((int weight, int option, double error) in fits)
        {
            _curves[weight] = _curves[weight]!.Learned(option, error);
        }

        Allocator = Allocate();
    }

    /// <summary>The loss of a choice as it was measured before any fit.</summary>
    public double EstimatedLoss(IReadOnlyList<int> choice) =>
        _curves.Select((curve, i) => curve?.EstimateOf(choice[i]) ?? 0).Sum();

    private IEnumerable<int> Estimated(IReadOnlyList<int> choice) =>
        Enumerable.Range(0, _curves.Length).Where(i => _curves[i]?.Options[choice[i]] is { IsCoded: true });

    private Allocator Allocate() => new([.. _curves.Select(curve => curve?.Items ?? [(0, 0)])]);
}
