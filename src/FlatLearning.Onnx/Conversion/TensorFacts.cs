using System.Runtime.CompilerServices;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// What the numbers of constants say about how they can be stored. Read once for a model and remembered with it, since
/// plans look for its weights anew for every file that they put together.
/// </summary>
internal sealed class TensorFacts
{
    private static readonly ConditionalWeakTable<OnnxModel, TensorFacts> Known = [];

    private readonly Dictionary<(int Scope, string Name), NumberKind> _kinds = [];

    private TensorFacts()
    {
    }

    /// <summary>The facts of a model.</summary>
    public static TensorFacts Of(OnnxModel original) => Known.GetValue(original, _ => new TensorFacts());

    /// <summary>The numbers of a constant of the model, or of a copy of it.</summary>
    public NumberKind KindOf(ModelConstants constants, GraphValue root)
    {
        (int, string) key = (constants.Index.NumberOf(root.Scope), root.Name);
        lock (_kinds)
        {
            if (!_kinds.TryGetValue(key, out NumberKind kind))
            {
                _kinds[key] = kind = Look(constants.Read(root.Scope, root.Name)?.ToSingles() ?? []);
            }

            return kind;
        }
    }

    private static NumberKind Look(float[] values) => UnfitWeight.IsUnfit(values) ? NumberKind.Unfit
        : ExactWeight.CodesOf(values, ExactWeight.MaxOfValues)?.Count switch
        {
            null => NumberKind.Usual,
            <= ExactWeight.MaxOfWeight => NumberKind.Few,
            _ => NumberKind.SomeHundred,
        };
}
