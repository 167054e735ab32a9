using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Quantised;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Finds every constant of a model that is large enough, in the order of the file, and decides for each whether it is
/// converted or why it is not. Where every one of its readers is a product of ours, it is multiplied as it is stored;
/// any other one becomes a node that gives the dense tensor. Either way the dense values are gone from the file, and
/// nothing is stored twice.
/// </summary>
/// <param name="constants">The constants of the model.</param>
/// <param name="facts">What is known of their numbers.</param>
/// <param name="options">What is to be converted.</param>
internal sealed class CandidateFinder(ModelConstants constants, TensorFacts facts, ConvertOptions options)
{
    /// <summary>
    /// Products of which a model has more than this many are dense where they are small: ONNX Runtime takes some
    /// milliseconds for every function that it expands, growing with their number, and the library keeps such weights
    /// decoded in any case.
    /// </summary>
    private const int MaxSmallProducts = 128;

    private readonly UseClassifier _products = new(constants, options);
    private readonly TensorClassifier _tensors = new(constants.Index, options);
    private readonly FunctionResults _functions = new(constants.Index, options);

    /// <summary>All candidates, skipped ones with their reason.</summary>
    public IReadOnlyList<WeightCandidate> Find()
    {
        List<WeightCandidate> candidates = Examine(hasManyProducts: false);
        if (options.Format == WeightFormat.OnnxRuntime)
        {
            return candidates;
        }

        bool hasMany = options.ProductsHaveFunctions
            && candidates.Count(candidate => IsSmallProduct(candidate.Uses, candidate.Info)) > MaxSmallProducts;
        return TensorBundles.Join(hasMany ? Examine(hasManyProducts: true) : candidates);
    }

    private List<WeightCandidate> Examine(bool hasManyProducts)
    {
        List<WeightCandidate> candidates = [];
        foreach (GraphScope scope in constants.Index.Scopes)
        {
            foreach (GraphValue value in scope.Values.Values)
            {
                if (ModelConstants.Stored(value) is { } info
                    && Examine(value, info, hasManyProducts) is { } candidate)
                {
                    candidates.Add(candidate);
                }
            }
        }

        return candidates;
    }

    private WeightCandidate? Examine(GraphValue root, TensorInfo info, bool hasManyProducts)
    {
        List<ConstantUse> readings = [];
        string? blocked = Trace(root, info, [], readings);
        bool isWeight = readings.Any(
            reading => TensorReaders.Of(reading.Node)?.Inputs.Contains(reading.Place.InputIndex) == true);
        NodeProto? quantised = Quantised(info, readings);
        if ((!ElementTypes.IsFloat(info.Type) && quantised is null)
            || (info.Count < options.MinSize && !(isWeight && info.Dims.Length > 1)))
        {
            return null;
        }

        ValueUse[] readers = [.. readings.Select(reading => reading.Place)];
        WeightCandidate skipped = new(root, info, [], readers, blocked);
        if (WeightSelection.ReasonAgainst(options, root.Name, readers.Select(use => use.Node.Name), info.Count)
            is { } deselected)
        {
            return skipped with { Reason = deselected };
        }

        if (blocked is not null)
        {
            return skipped;
        }

        if (quantised is not null)
        {
            string remedy =
                QuantisedSources.IsSource(quantised) ? "; --requantize takes its values as a weight" : string.Empty;
            return skipped with
            {
                Reason = $"it is quantised already, {ElementTypes.NameOf(info.Type)} for {NodeNames.Of(quantised)}"
                    + remedy,
            };
        }

        if (readings.Count == 0)
        {
            return skipped with { Reason = "no node reads it" };
        }

        (IReadOnlyList<WeightUse>? products, string? reason) = Products(readings);
        WeightCandidate? product = products is null ? null : Shaped(skipped, products);
        bool isOneOfMany = hasManyProducts && product is not null && IsSmallProduct(product.Uses, info);
        if (product is not null && !isOneOfMany && !IsNarrow(product))
        {
            return product;
        }

        Classification tensor = root.IsOverridable
            ? Classification.No("it is an input of the model too, so that a caller may replace it")
            : _tensors.Classify(root, info, readings);
        if (tensor.Use is not TensorUse use)
        {
            return product ?? skipped with { Reason = tensor.Reason };
        }

        string? why = product is null ? reason
            : isOneOfMany ? "the model has so many small products that functions of their own would load slowly"
            : $"padded and scaled as {product.Rows} x {product.Columns} it would take more bits";
        WeightCandidate dense = Shaped(
            skipped, [use with { DenseReason = why, Numbers = facts.KindOf(constants, root) }]);
        return product is not null && !isOneOfMany && BitsOf(product) <= MatrixView.MaxShapeCost * BitsOf(dense)
            ? product
            : dense;
    }

    // The node that computes with integers as codes of a weight.
    private static NodeProto? Quantised(TensorInfo info, List<ConstantUse> readings) =>
        ElementTypes.IsInteger(info.Type)
            ? readings.SelectMany(reading => reading.Chain.Append(reading.Node)).FirstOrDefault(QuantisedSources.Has)
            : null;

    private static bool IsSmallProduct(IReadOnlyList<WeightUse> uses, TensorInfo info) =>
        uses is [not TensorUse, ..] && info.Count < TensorBundles.LargeWeight;

    // Whether it is worth to ask what the dense form would take.
    private static bool IsNarrow(WeightCandidate candidate) =>
        candidate.Reason is null && Math.Min(candidate.Rows, candidate.Columns) < TensorView.MinColumns;

    private static double BitsOf(WeightCandidate candidate) => MatrixView.BitsOf(candidate.Rows, candidate.Columns);

    /// <summary>The uses as products with the stored weight, or why they are not all such.</summary>
    private (IReadOnlyList<WeightUse>? Uses, string? Reason) Products(List<ConstantUse> readings)
    {
        List<WeightUse> uses = [];
        foreach (ConstantUse reading in readings)
        {
            (WeightUse? use, string? reason) = _products.Classify(reading);
            if (use is null)
            {
                return (null, reason);
            }

            uses.Add(use);
        }

        if (uses.Select(use => use.Form).Distinct().Skip(1).Any())
        {
            return (
                null,
                $"{NodeNames.Of(uses[0].Node)} and {NodeNames.Of(uses[^1].Node)} use it in different forms "
                    + "(transposed, reshaped or scaled), and each would need a copy of its own");
        }

        string? objection = uses.TrueForAll(use => use.Objection is not null)
            ? uses[0].Objection
            : _functions.Objection(uses);
        return objection is null ? (uses, null) : (null, objection);
    }

    private WeightCandidate Shaped(WeightCandidate candidate, IReadOnlyList<WeightUse> uses)
    {
        WeightUse use = uses[0];
        TensorInfo value = constants.InfoOf(use.Scope, use.ValueName)!;
        (long rows, long columns) = use.View.ShapeOf(value.Dims);
        if (rows > int.MaxValue || columns > int.MaxValue || rows < 1 || columns < 1)
        {
            return candidate with { Reason = $"its shape {TensorInfo.ShapeText(value.Dims)} is out of range" };
        }

        return candidate with { Uses = uses, Rows = (int)rows, Columns = (int)columns, ElementType = value.Type };
    }

    /// <summary>Follows a constant through foldable nodes to the nodes that compute with it.</summary>
    /// <returns>Why the dense values must stay, or null.</returns>
    private string? Trace(
        GraphValue value, TensorInfo stored, IReadOnlyList<NodeProto> chain, List<ConstantUse> readings)
    {
        string? reason = value.IsScopeOutput || value.InnerOutputCount > 0
            ? "it is an output of its graph, which needs the dense values"
            : null;
        foreach (ValueUse use in value.Uses)
        {
            if (use.InputIndex == 0 && constants.IsFoldable(use.Scope, use.Node))
            {
                reason ??= Trace(use.Scope.Find(use.Node.Output[0])!, stored, [.. chain, use.Node], readings);
            }
            else
            {
                readings.Add(new ConstantUse(use, chain, stored));
            }
        }

        return reason;
    }
}
