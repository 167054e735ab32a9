using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Operators;

/// <summary>Decides whether one reader of a constant can be rewritten, and as what.</summary>
internal sealed class UseClassifier(ModelConstants constants, ConvertOptions options)
{
    private readonly OperatorContext _context = new(constants, new RankInference(constants), options);

    /// <summary>The use as its operator rewrites it, or the reason why there is none.</summary>
    public Classification Classify(ConstantUse use)
    {
        NodeProto node = use.Node;
        if (!ConvertibleOperators.TakesWeight(use.Place))
        {
            return Classification.No(
                $"{NodeNames.Of(node)} reads it, and {NodeNames.Operator(node)} computes with the dense tensor");
        }

        if (!options.OpTypes.Contains(node.OpType))
        {
            return Classification.No($"{node.OpType} is not among --op-types");
        }

        return node.HasReferences()
            ? Classification.No($"{NodeNames.Of(node)} takes attributes from the function that it is in")
            : ConvertibleOperators.Of(node)!.Classify(use, _context);
    }
}
