using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Whether two models can be compared at all: the same inputs and outputs by name.</summary>
internal static class ModelPairing
{
    /// <summary>Checks the names; types and shapes show when the models run.</summary>
    /// <exception cref="UsageException">One has an input or output that the other lacks.</exception>
    public static void Check(ModelRunner original, ModelRunner converted)
    {
        foreach ((ModelRunner one, ModelRunner other) in new[] { (original, converted), (converted, original) })
        {
            if (Missing(one.Inputs, other.Inputs) is { } input)
            {
                throw new UsageException(Messages.InputMissingInModel(other.Name, input));
            }

            if (Missing(one.Outputs, other.Outputs) is { } output)
            {
                throw new UsageException(Messages.OutputMissing(other.Name, output));
            }
        }
    }

    private static string? Missing(
        IReadOnlyList<ValueDescription> wanted, IReadOnlyList<ValueDescription> found) =>
        wanted.Select(value => value.Name).FirstOrDefault(name => found.All(value => value.Name != name));
}
