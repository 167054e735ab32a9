using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Quantised;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Operators.Tensors;

/// <summary>Decides whether a constant becomes a node that gives it back, and how it is seen as a matrix.</summary>
/// <param name="index">The model.</param>
/// <param name="options">What is to be converted.</param>
internal sealed class TensorClassifier(GraphIndex index, ConvertOptions options)
{
    /// <summary>
    /// The fewest elements of a weight with one dimension above 1, whatever it multiplies, that is worth a function.
    /// </summary>
    private const long MinVector = 1 << 12;

    private readonly HashSet<(string, string)> _functions =
        [.. index.Scopes.Select(scope => scope.Function).OfType<FunctionProto>()
            .Select(function => (NodeNames.Domain(function.Domain), function.Name))];

    /// <summary>The use, or why there is none.</summary>
    /// <param name="root">The constant.</param>
    /// <param name="info">Its type and shape.</param>
    /// <param name="readings">Everything that computes with it, one or more.</param>
    public Classification Classify(GraphValue root, TensorInfo info, IReadOnlyList<ConstantUse> readings)
    {
        if (info.Type is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double))
        {
            return Classification.No($"it holds {ElementTypes.NameOf(info.Type)}, expected a floating-point type");
        }

        bool isVector = info.Dims.Count(dim => dim > 1) < 2;
        if (isVector && (info.Count < MinVector || readings.Any(reading => TensorReaders.Of(reading.Node) is null)))
        {
            return Classification.No("it is a vector: a bias, or the scale of a normalisation");
        }

        foreach (ConstantUse reading in readings)
        {
            if (ReasonAgainst(reading) is { } reason)
            {
                return Classification.No(reason);
            }
        }

        ConstantUse known = readings.FirstOrDefault(reading => TensorReaders.Of(reading.Node) is not null)
            ?? readings[0];
        return Classification.Yes(new TensorUse(
            known, [new StoredTensor(root, info)], ViewOf(known, info.Dims, isVector))
        {
            IsValues = readings.Any(reading => ElementOperators.Take(reading.Scope, reading.Node)),
        });
    }

    // Blocks run along an axis of the tensor as it lies.
    private MatrixView ViewOf(ConstantUse use, long[] dims, bool isVector) =>
        options.Format == WeightFormat.OnnxRuntime
            ? TensorView.Exactly(dims, [.. Enumerable.Range(0, dims.Length - 1)])
            : isVector ? new BundleView() : ViewOf(dims, Rows(use, dims));

    private string? ReasonAgainst(ConstantUse reading)
    {
        NodeProto node = reading.Node;
        if (QuantisedSources.Has(node))
        {
            return $"{NodeNames.Of(node)} reads it with a weight that is quantised already";
        }

        TensorReader? reader = TensorReaders.Of(node);
        if (!options.OpTypes.Contains(reader?.OpType ?? TensorReaders.Other))
        {
            return reader is null
                ? $"{NodeNames.Operator(node)} is not listed in docs/weights.md, and '{TensorReaders.Other}' is not "
                    + "among --op-types"
                : $"{node.OpType} is not among --op-types";
        }

        string domain = NodeNames.Domain(node.Domain);
        if (reader is null && domain.Length > 0 && !IsOfRuntime(domain) && !_functions.Contains((domain, node.OpType)))
        {
            return $"{NodeNames.Of(node)} reads it, and what {NodeNames.Operator(node)} does with it is not known";
        }

        return reader is not null && !reader.Inputs.Contains(reading.Place.InputIndex)
            ? $"{NodeNames.Of(node)} reads it as a bias, a state or the like"
            : null;
    }

    /// <summary>
    /// The view by axes, or rows as they lie where there are so few rows or columns that padding and scales are most of
    /// what is stored.
    /// </summary>
    private static MatrixView ViewOf(long[] dims, IReadOnlyCollection<int> rowAxes)
    {
        TensorView view = TensorView.Of(dims, rowAxes);
        BundleView asItLies = new();
        return view.BitsOf(dims) > MatrixView.MaxShapeCost * asItLies.BitsOf(dims) ? asItLies : view;
    }

    /// <summary>The axes of the constant that are rows.</summary>
    private static IReadOnlyCollection<int> Rows(ConstantUse use, long[] dims)
    {
        int[]? axes = Axes(use.Chain, dims.Length);
        int[] rows = axes is not null && TensorReaders.Of(use.Node) is { } reader && !use.Node.HasReferences()
            ? [.. reader.RowsOf(use.Node, use.Place.InputIndex, dims.Length)
                .Where(axis => axis < dims.Length)
                .Select(axis => axes[axis])
                .Order()]
            : [];
        bool isMatrix = rows.Any(axis => dims[axis] > 1)
            && Enumerable.Range(0, dims.Length).Except(rows).Any(axis => dims[axis] > 1);
        return isMatrix ? rows : [.. Enumerable.Range(0, Array.FindLastIndex(dims, dim => dim > 1))];
    }

    /// <summary>
    /// The axes of the constant behind the axes of the value that the node reads; null where a Reshape or the like is
    /// in between.
    /// </summary>
    private static int[]? Axes(IReadOnlyList<NodeProto> chain, int rank)
    {
        int[] axes = [.. Enumerable.Range(0, rank)];
        foreach (NodeProto node in chain)
        {
            switch (node.OpType)
            {
                case "Identity" or "Cast":
                    break;
                case "Transpose":
                    long[] perm = node.Ints("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];
                    if (perm.Length != rank || perm.Any(axis => axis < 0 || axis >= rank))
                    {
                        return null;
                    }

                    axes = [.. perm.Select(axis => axes[axis])];
                    break;
                default:
                    return null;
            }
        }

        return axes;
    }

    // Operators of ONNX and of ONNX Runtime.
    private static bool IsOfRuntime(string domain) =>
        domain.StartsWith("ai.onnx", StringComparison.Ordinal)
        || domain.StartsWith(NodeNames.RuntimeDomain, StringComparison.Ordinal);
}
