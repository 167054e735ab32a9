using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;

namespace FlatLearning.Onnx.Inspection;

/// <summary>Says what is in a converted model, from the file alone.</summary>
public static class ModelInspector
{
    /// <summary>Inspects a file.</summary>
    /// <exception cref="OnnxModelException">The file is no model, or one of its nodes is damaged.</exception>
    /// <exception cref="UsageException">It is no converted model.</exception>
    public static InspectionReport Inspect(string path)
    {
        OnnxModel model = OnnxModelFile.Load(path);
        GraphIndex index = new(model.Proto);
        (GraphScope Scope, NodeProto Node)[] nodes = [.. DynNodes.Find(index)];
        if (nodes.Length == 0)
        {
            throw new UsageException(Messages.NotConverted(path));
        }

        IReadOnlyDictionary<string, ConversionMetadata.Entry> metadata = ConversionMetadata.Read(model.Proto);
        List<WeightReport> weights = [];
        long stored = 0;
        double elements = 0;
        HashSet<string> storages = [];
        HashSet<(GraphScope, string)> codebooks = [];
        foreach (IGrouping<string, (GraphScope Scope, NodeProto Node)> users in nodes.GroupBy(
            item => DynNodes.Key(item.Node)))
        {
            (GraphScope scope, NodeProto node) = users.First();
            DynWeight weight = DynNodes.Read(model, scope, node);
            string name = DynNodes.WeightName(node);
            ConversionMetadata.Entry? entry =
                metadata.GetValueOrDefault(ConversionMetadata.KeyOf(DynNodes.FirstPart(node)));
            storages.Add(weight.Storage);
            string codebook = DynNodes.InputName(node, WeightInput.Codebook);
            long bytes = weight.StoredBytes
                - (codebook.Length > 0 && !codebooks.Add((scope, codebook))
                    ? weight.Terms.Sum(term => term.CodebookBytes)
                    : 0);
            stored += bytes;
            elements += (double)weight.Rows * weight.Columns;
            WeightReport report = new(
                name,
                [.. users.Select(user => user.Node.Name)],
                [.. users.Select(user => DynNodes.OperatorOf(user.Node)).Distinct()],
                [weight.Rows, weight.Columns],
                entry?.Dtype ?? "float32",
                entry?.Bytes ?? (long)weight.Rows * weight.Columns * sizeof(float),
                bytes,
                8.0 * bytes / ((double)weight.Rows * weight.Columns),
                entry?.Error,
                weight.Describe(),
                "identity",
                null)
            {
                Storage = weight.Storage,
            };
            weights.AddRange(
                TensorOperator.Is(node)
                    ? Tensors(report, scope, node, TensorRestorer.ShapesOf(weight, node))
                    : [report]);
        }

        HashSet<string> functions = [
            .. model.Proto.Functions.Where(function => function.Domain == DynOperator.Domain)
                .Select(function => function.Name)];
        return new InspectionReport(
            path,
            ModelSize.Of(model),
            Metadata(model.Proto, ConversionMetadata.VersionKey),
            Metadata(model.Proto, ConversionMetadata.OptionsKey),
            8 * stored / elements,
            weights,
            nodes.GroupBy(item => DynNodes.OperatorOf(item.Node))
                .ToDictionary(group => group.Key, group => group.Count()),
            nodes.All(item => functions.Contains(item.Node.OpType)),
            storages.Count == 1 ? storages.Single() : "mixed");
    }

    /// <summary>One entry for every tensor that a node gives; bytes and the error are those of all together.</summary>
    private static IEnumerable<WeightReport> Tensors(
        WeightReport all, GraphScope scope, NodeProto node, IReadOnlyList<long[]> shapes)
    {
        double[] counts = [.. shapes.Select(shape => shape.Aggregate(1.0, (product, dim) => product * dim))];
        for (int i = 0; i < shapes.Count; i++)
        {
            double share = counts[i] / counts.Sum();
            yield return all with
            {
                Name = node.Output[i],
                Nodes = [.. (scope.Find(node.Output[i])?.Uses ?? []).Select(use => use.Node.Name).Distinct()],
                Shape = shapes[i],
                OriginalBytes = (long)Math.Round(share * all.OriginalBytes),
                StoredBytes = (long)Math.Round(share * all.StoredBytes),
                BitsPerWeight = 8 * share * all.StoredBytes / counts[i],
            };
        }
    }

    private static string? Metadata(ModelProto model, string key) =>
        model.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value;
}
