using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>The inputs of several models as one set: a dimension that one of them fixes is fixed for all.</summary>
internal static class JointInputs
{
    /// <summary>Joins the declarations.</summary>
    /// <exception cref="UsageException">The models have different inputs, or of different types or shapes.</exception>
    public static IReadOnlyList<ValueDescription> Of(IReadOnlyList<ModelRunner> runners)
    {
        ModelRunner first = runners[0];
        IReadOnlyList<ValueDescription> joint = first.Inputs;
        foreach (ModelRunner other in runners.Skip(1))
        {
            if (other.Inputs.FirstOrDefault(input => joint.All(known => known.Name != input.Name)) is { } unknown)
            {
                throw new UsageException(Messages.InputMissingInModel(first.Name, unknown.Name));
            }

            joint = [.. joint.Select(known => Join(known, other, first.Name))];
        }

        return joint;
    }

    private static ValueDescription Join(ValueDescription known, ModelRunner other, string firstName)
    {
        ValueDescription input = other.Inputs.FirstOrDefault(one => one.Name == known.Name)
            ?? throw new UsageException(Messages.InputMissingInModel(other.Name, known.Name));
        bool isRanked = input.Shape.Count > 0 && known.Shape.Count > 0;
        if (input.Kind != known.Kind || input.ElementType != known.ElementType || (isRanked && !Fits(input, known)))
        {
            throw new UsageException(
                Messages.BenchmarkInputsDiffer(known.Name, other.Name, input.ToString(), firstName, known.ToString()));
        }

        return !isRanked
            ? known.Shape.Count > 0 ? known : input
            : known with { Shape = [.. known.Shape.Zip(input.Shape, (a, b) => a.IsFree ? b.IsFree ? a : b : a)] };
    }

    private static bool Fits(ValueDescription a, ValueDescription b) =>
        a.Shape.Count == b.Shape.Count
            && a.Shape.Zip(b.Shape)
                .All(pair => pair.First.IsFree || pair.Second.IsFree || pair.First.Value == pair.Second.Value);
}
