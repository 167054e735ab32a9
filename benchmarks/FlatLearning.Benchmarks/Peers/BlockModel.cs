using FlatLearning.Fitting.Peers;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Benchmarks.Peers;

/// <summary>
/// A model whose MatMul and Gemm weights are in ONNX Runtime's blocks, as the tool of its Python package would write
/// it: MatMulNBits in place of MatMul, and of a Gemm that is a product and a sum (alpha and beta 1, A not transposed),
/// with the sum behind it. The same model with dense weights in the same places is there to be compared with.
/// </summary>
internal sealed class BlockModel
{
    /// <summary>Products in float32: rounded activations would measure something else.</summary>
    private const int AccuracyLevel = 1;

    private const string MicrosoftDomain = "com.microsoft";

    private readonly Dictionary<(string Name, bool Transposed), string> _written = [];

    /// <summary>Values between a weight and its nodes, which go where nobody else reads them.</summary>
    private readonly HashSet<string> _chains = new(StringComparer.Ordinal);

    private readonly OnnxModel _model;
    private readonly NameAllocator _names;
    private readonly OrtBlockFormat _format;
    private readonly PeerStorage _storage;

    private BlockModel(OnnxModel model, OrtBlockFormat format, PeerStorage storage) =>
        (_model, _names, _format, _storage) = (model, new NameAllocator(model.Proto), format, storage);

    /// <summary>Nodes that were replaced.</summary>
    public int Nodes { get; private set; }

    /// <summary>Weights, each of which may serve several nodes.</summary>
    public int Weights => _written.Count;

    /// <summary>Elements of these weights.</summary>
    public long Elements { get; private set; }

    /// <summary>What the format counts for them.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Writes a model.</summary>
    /// <param name="path">The original.</param>
    /// <param name="target">The file to write; replaced if there.</param>
    /// <param name="format">The blocks.</param>
    /// <param name="storage">As blocks, or dense.</param>
    /// <param name="minSize">Elements from which on a weight is replaced.</param>
    public static BlockModel Write(string path, string target, OrtBlockFormat format, PeerStorage storage, int minSize)
    {
        OnnxModel model = OnnxModelFile.Load(path).Clone();
        BlockModel result = new(model, format, storage);
        Dictionary<(string, bool), MatrixWeight> weights = ModelWeights.Load(path, minSize)
            .ToDictionary(weight => (weight.Name, weight.Transposed));
        (Dictionary<string, TensorProto> constants, Dictionary<string, NodeProto> producers) =
            ModelWeights.Constants(model.Proto);
        foreach (GraphProto graph in ModelWalk.Graphs(model.Proto).ToArray())
        {
            foreach (NodeProto node in graph.Node.ToArray())
            {
                if (IsProduct(node)
                    && weights.TryGetValue(ModelWeights.Source(constants, producers, node), out MatrixWeight? weight))
                {
                    result.Replace(graph, node, weight);
                }
            }
        }

        if (storage == PeerStorage.Blocks
            && result.Nodes > 0
            && model.Proto.OpsetImport.All(import => import.Domain != MicrosoftDomain))
        {
            model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = MicrosoftDomain, Version = 1 });
        }

        UnusedRemover.Remove(
            model.Proto,
            result._written.Keys.Select(key => key.Name).Concat(result._chains).ToHashSet(StringComparer.Ordinal));
        OnnxModelFile.Save(model, target, new SaveOptions { Existing = ExistingFile.Replace });
        return result;
    }

    private static bool IsProduct(NodeProto node) => ConvertibleOperators.ProductOf(node) is not null
        && node.Attribute.All(attribute => attribute.Name == "transB"
            || (attribute.Name == "transA" && attribute.I == 0)
            || (attribute.Name is "alpha" or "beta" && attribute.F == 1));

    private void Replace(GraphProto graph, NodeProto node, MatrixWeight weight)
    {
        string name = Stored(weight);
        bool adds = node.Input.Count > 2 && node.Input[2].Length > 0;
        string output = adds ? _names.Unique(node.Output[0] + "_product") : node.Output[0];
        string[] inputs = _storage == PeerStorage.Dense ? [node.Input[0], name]
            : _format.Symmetry == BlockSymmetry.Asymmetric
                ? [node.Input[0], name, name + "_scales", name + "_zero_points"]
            : [node.Input[0], name, name + "_scales"];
        NodeProto product = NodeFactory.Create(
            _storage == PeerStorage.Dense ? MatMulOperator.Type : "MatMulNBits",
            _names.Unique(node.Name + "_peer"),
            inputs,
            output);
        if (_storage == PeerStorage.Blocks)
        {
            product.Domain = MicrosoftDomain;
            foreach ((string key, long value) in ((string, long)[])[
                ("K", weight.Rows),
                ("N", weight.Columns),
                ("bits", _format.Bits),
                ("block_size", _format.BlockSize),
                ("accuracy_level", AccuracyLevel)])
            {
                product.Attribute.Add(NodeFactory.Int(key, value));
            }
        }

        _chains.Add(node.Input[1]);
        int place = graph.Node.IndexOf(node);
        graph.Node[place] = product;
        if (adds)
        {
            graph.Node.Insert(
                place + 1,
                NodeFactory.Create("Add", _names.Unique(node.Name + "_sum"), [output, node.Input[2]], node.Output[0]));
        }

        Nodes++;
    }

    /// <summary>Writes a weight, once; the first of its names, from which the others follow.</summary>
    private string Stored(MatrixWeight weight)
    {
        if (_written.TryGetValue((weight.Name, weight.Transposed), out string? name))
        {
            return name;
        }

        name = _names.Unique(weight.Name + (weight.Transposed ? "_peer_transposed" : "_peer"));
        _written.Add((weight.Name, weight.Transposed), name);
        OrtBlocks blocks = OrtBlocks.Of(weight.Values, weight.Rows, weight.Columns, _format);
        Elements += weight.Values.Length;
        StoredBytes += blocks.StoredBytes;
        IList<TensorProto> initializers = _model.Proto.Graph.Initializer;
        if (_storage == PeerStorage.Dense)
        {
            initializers.Add(TensorWriter.Float32(name, [weight.Rows, weight.Columns], blocks.Dequantise()));
            return name;
        }

        initializers.Add(
            TensorWriter.UInt8(
                name,
                [weight.Columns, blocks.BlocksPerColumn, _format.BlockSize * _format.Bits / 8],
                blocks.Codes.ToArray()));
        initializers.Add(TensorWriter.Float32(name + "_scales", [blocks.Scales.Length], blocks.Scales.Span));
        if (blocks.ZeroPoints is { } zeroPoints)
        {
            initializers.Add(TensorWriter.UInt8(name + "_zero_points", [zeroPoints.Length], zeroPoints.ToArray()));
        }

        return name;
    }
}
