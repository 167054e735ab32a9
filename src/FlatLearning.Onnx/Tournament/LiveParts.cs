using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Tournament;

/// <summary>Finds the tensors of a restored model that hold a weight.</summary>
internal static class LiveParts
{
    /// <summary>The tensors; null where the weight is not in the main graph in the form that was fitted.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="shapes">Shapes of the initializers of the main graph.</param>
    public static IReadOnlyList<LivePart>? Of(WeightCandidate candidate, IReadOnlyDictionary<string, long[]> shapes)
    {
        if (candidate.Uses is not [TensorUse use])
        {
            return Has(candidate.Name, [candidate.Rows, candidate.Columns])
                ? [new LivePart(candidate.Name, 0, null)]
                : null;
        }

        List<LivePart> parts = [];
        int begin = 0;
        foreach (StoredTensor tensor in use.Tensors)
        {
            if (!Has(tensor.Root.Name, tensor.Info.Dims))
            {
                return null;
            }

            parts.Add(new LivePart(tensor.Root.Name, begin, (use.Seen as TensorView)?.Places(tensor.Info.Dims)));
            begin += (int)BundleView.RowsOf(tensor.Info.Count) * BundleView.Width;
        }

        return parts;

        bool Has(string name, long[] dims) =>
            shapes.TryGetValue(name, out long[]? found) && found.AsSpan().SequenceEqual(dims);
    }

    /// <summary>Shapes of the initializers of the main graph.</summary>
    public static IReadOnlyDictionary<string, long[]> Shapes(GraphProto graph)
    {
        Dictionary<string, long[]> shapes = new(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer)
        {
            shapes.TryAdd(tensor.Name, [.. tensor.Dims]);
        }

        return shapes;
    }
}
