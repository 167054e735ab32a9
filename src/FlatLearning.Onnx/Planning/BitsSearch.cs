using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>Bits per weight over all planned weights, those that stay included.</summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Carries them out.</param>
/// <param name="bits">The most bits per weight.</param>
internal sealed class BitsSearch(PlanModel model, PlanRun run, double bits) : ByteSearch(model, run)
{
    /// <summary>Names and structures may change a file besides.</summary>
    private const int MaxCuts = 3;

    /// <summary>Bits of a number of bytes are that number of bytes again.</summary>
    private const double Rounding = 1e-12;

    private readonly PlanModel _model = model;
    private readonly long _elements =
        model.Curves.All.Sum(curve => curve?.Elements ?? 0) + model.Given.Elements;

    /// <inheritdoc/>
    protected override long Limit => (long)((1 + Rounding) * bits * _elements / 8);

    /// <inheritdoc/>
    protected override Allocation Plan(long bytes)
    {
        bytes -= _model.Given.Bytes;
        PlanStructures structures = _model.Structures;
        Allocator allocator = _model.Curves.Allocator;
        long common = _model.Curves.All.SelectMany(curve => curve?.Options ?? []).Max(option => option?.CommonBytes)
            ?? 0;
        Allocation plan = structures.Pruned(
            allocator, allocator.Within(bytes - common), bytes - common, _model.MinStructureGain);
        if (common > 0)
        {
            // Where nothing shares tables, their bytes are left for the weights.
            Allocator alone =
                structures.With(structures.All.Where(structure => structures.CommonBytes(structure) == 0));
            Allocation without = structures.Pruned(
                alone, alone.Within(bytes), bytes, _model.MinStructureGain);
            bool isWithin = without.Bytes <= bytes;
            plan = isWithin && (without.Loss < plan.Loss || plan.Bytes > bytes - common || !IsSmaller(plan))
                ? without
                : plan;
        }

        // So small a model may have no room for the functions of the best plan.
        return IsSmaller(plan) ? plan : BestOfOneFamily(bytes) ?? plan;
    }

    /// <inheritdoc/>
    protected override bool IsOfUse(Allocation plan) => IsSmaller(plan);

    /// <inheritdoc/>
    protected override long Measure(ConvertedModel converted) =>
        converted.Weights
            .Where(weight => _model.Curves.All[weight.Candidate] is not null || weight.SkippedReason is null)
            .Sum(weight => weight.StoredBytes);

    /// <inheritdoc/>
    protected override double Reported(long bytes) => _elements == 0 ? 0 : 8.0 * bytes / _elements;

    /// <summary>
    /// The best plan of few functions whose file is smaller than the original; the smallest of these where none takes
    /// so few bytes. Null where there is none.
    /// </summary>
    private Allocation? BestOfOneFamily(long bytes)
    {
        (Allocation? best, Allocation? smallest) = (null, null);
        foreach (IReadOnlyCollection<string> family in _model.Structures.Families)
        {
            Allocator allocator = _model.Structures.With(family);
            Allocation plan = allocator.Within(bytes - _model.Structures.CommonBytes(family));
            for (int i = 0; i < MaxCuts && !IsSmaller(plan); i++)
            {
                plan = allocator.Within(plan.Bytes - (_model.Sizes.Of(plan.Choice) - _model.OriginalBytes + 1));
            }

            if (!IsSmaller(plan))
            {
                continue;
            }

            best = plan.Bytes <= bytes && !(plan.Loss >= best?.Loss) ? plan : best;
            smallest = !(plan.Bytes >= smallest?.Bytes) ? plan : smallest;
        }

        return best ?? smallest;
    }

    private bool IsSmaller(Allocation plan) => _model.Sizes.Of(plan.Choice) < _model.OriginalBytes;
}
