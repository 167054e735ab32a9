using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Planning;

/// <summary>Bits per weight over all planned weights, those that stay included.</summary>
/// <param name="model">What plans are made of.</param>
/// <param name="run">Carries them out.</param>
/// <param name="bits">The most bits per weight.</param>
internal sealed class BitsSearch(PlanModel model, PlanRun run, double bits) : ByteSearch(model, run)
{
    private readonly PlanModel _model = model;
    private readonly long _elements =
        model.Curves.All.Sum(curve => curve?.Elements ?? 0) + model.Given.Elements;

    /// <inheritdoc/>
    protected override long Limit => (long)(bits * _elements / 8);

    /// <inheritdoc/>
    protected override Allocation Plan(long bytes)
    {
        bytes -= _model.Given.Bytes;
        PlanStructures structures = _model.Structures;
        Allocator allocator = _model.Curves.Allocator;
        long common = _model.Curves.All.SelectMany(curve => curve?.Options ?? []).Max(option => option?.CommonBytes)
            ?? 0;
        Allocation plan = structures.Pruned(allocator, allocator.Within(bytes - common), bytes - common);
        if (common > 0 && structures.Of(plan).All(structure => structures.CommonBytes(structure) == 0))
        {
            // Nothing of it shares tables: their bytes are left for the weights.
            plan = structures.With(structures.Of(plan)).Within(bytes);
        }

        // So small a model may have no room for the functions of the best plan.
        return IsSmaller(plan) ? plan : BestOfOneStructure(bytes) ?? plan;
    }

    /// <inheritdoc/>
    protected override long Measure(ConvertedModel converted) =>
        converted.Weights
            .Where(weight => _model.Curves.All[weight.Candidate] is not null || weight.SkippedReason is null)
            .Sum(weight => weight.StoredBytes);

    /// <inheritdoc/>
    protected override double Reported(long bytes) => _elements == 0 ? 0 : 8.0 * bytes / _elements;

    private Allocation? BestOfOneStructure(long bytes) => _model.Structures.All
        .Select(
            structure => _model.Structures.With([structure])
                .Within(bytes - _model.Structures.CommonBytes(structure)))
        .Where(plan => plan.Bytes <= bytes && IsSmaller(plan))
        .MinBy(plan => plan.Loss);

    private bool IsSmaller(Allocation plan) => _model.Sizes.Of(plan.Choice) < _model.OriginalBytes;
}
