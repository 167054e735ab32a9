using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Finds, in the graph, which whole numbers an input may hold: the rows of the smallest table that it looks up (Gather,
/// OneHot and the embedding operators of com.microsoft), or else the constants that it is compared with. The input is
/// followed through operators that pass its values on unchanged, into subgraphs too.
/// </summary>
internal sealed class InputDomains
{
    // Operators whose output holds nothing but values of their first input (of any input, for Concat).
    private static readonly HashSet<string> Passing = new(StringComparer.Ordinal)
    {
        "Cast", "Identity", "Reshape", "Unsqueeze", "Squeeze", "Slice", "Flatten", "Expand", "Transpose", "Tile",
            "Split", "Concat", "Gather",
    };

    private readonly ConstantFinder _constants;
    private readonly GraphIndex _index;

    public InputDomains(OnnxModel model)
    {
        _index = new GraphIndex(model.Proto);
        _constants = new ConstantFinder(model.Tensors);
    }

    /// <summary>The domain of an integer input.</summary>
    public InputDomain Of(string input)
    {
        long limit = long.MaxValue;
        List<long> compared = [];
        HashSet<GraphValue> seen = [];
        Queue<GraphValue> waiting = new();
        Enqueue(
            _index.Main.Find(input)
                ?? _index.Main.Values.Values.FirstOrDefault(value => RawText.Shown(value.Name) == input));
        while (waiting.TryDequeue(out GraphValue? value))
        {
            foreach (ValueUse use in value.Uses)
            {
                limit = Math.Min(limit, TableRows(use));
                compared.AddRange(ComparedWith(use));
                if (Passes(use))
                {
                    foreach (string output in use.Node.Output)
                    {
                        Enqueue(use.Scope.Find(output));
                    }
                }
            }
        }

        return limit < long.MaxValue ? InputDomain.Below(limit)
            : compared.Count > 0 ? InputDomain.OneOf(compared)
            : InputDomain.Binary;

        void Enqueue(GraphValue? value)
        {
            if (value is not null && seen.Add(value))
            {
                waiting.Enqueue(value);
            }
        }
    }

    private static bool Passes(ValueUse use) =>
        NodeNames.Domain(use.Node.Domain).Length == 0
            && Passing.Contains(use.Node.OpType)
            && (use.InputIndex == 0 || use.Node.OpType == "Concat");

    /// <summary>
    /// The rows of the table in which the use looks the value up; the largest number where it does not.
    /// </summary>
    private long TableRows(ValueUse use)
    {
        NodeProto node = use.Node;
        return (node.OpType, use.InputIndex) switch
        {
            ("Gather", 1) => Rows(use, 0, node.Int("axis", 0)),
            ("OneHot", 0) => Depth(use),
            ("EmbedLayerNormalization", 0) => Rows(use, 2, 0),
            ("EmbedLayerNormalization", 1) => Rows(use, 4, 0),
            _ => long.MaxValue,
        };
    }

    private long Rows(ValueUse use, int input, long axis)
    {
        TensorProto? table = input < use.Node.Input.Count
            ? _constants.WithShape(use.Scope, use.Node.Input[input])
            : null;
        long at = table is null || axis >= 0 ? axis : axis + table.Dims.Count;
        return table is not null && at >= 0 && at < table.Dims.Count ? table.Dims[(int)at] : long.MaxValue;
    }

    private long Depth(ValueUse use) =>
        use.Node.Input.Count > 1 && _constants.Integers(use.Scope, use.Node.Input[1]) is [long depth, ..]
            ? depth
            : long.MaxValue;

    private long[] ComparedWith(ValueUse use) =>
        use.Node is { OpType: "Equal", Input.Count: 2 }
            ? _constants.Integers(use.Scope, use.Node.Input[1 - use.InputIndex]) ?? []
            : [];
}
