using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// Checks that a model's structure makes sense before it is converted and after it was rewritten: names, order, scopes,
/// operator sets, functions, and every tensor's type, shape and size, external data included. Operators' own rules are
/// ONNX Runtime's business.
/// </summary>
public static class ModelValidator
{
    /// <summary>Finds every violation.</summary>
    /// <returns>One sentence each, in walking order; empty where the model is sound.</returns>
    public static IReadOnlyList<string> Validate(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        GraphIndex index = new(model.Proto);
        IEnumerable<string> violations =
        [
            .. OpsetRules.Check(model.Proto),
            .. NameRules.Check(index),
            .. OrderRules.Check(index),
            .. NodeRules.Check(model.Proto, index),
            .. FunctionRules.Check(model.Proto),
            .. TensorRules.Check(model),
        ];
        return [.. violations.Select(OneLine.Of)];
    }

    /// <summary>Throws the first violation, with the model's file where it has one.</summary>
    /// <exception cref="OnnxModelException">The model is not sound.</exception>
    public static void Check(OnnxModel model)
    {
        if (Validate(model) is [var first, ..])
        {
            throw new OnnxModelException(model.Path is null ? first : Messages.InFile(model.Path, first));
        }
    }
}
