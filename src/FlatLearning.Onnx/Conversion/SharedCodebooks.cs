using System.Security.Cryptography;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Codebooks that are in a graph already: its weights with equal ones, above all the common tables of bands, use one
/// tensor. ONNX Runtime before 1.30 does not take a tensor of an outer graph for a constant, so graphs do not share.
/// </summary>
internal sealed class SharedCodebooks
{
    private readonly Dictionary<(GraphScope Scope, string Contents), string> _names = [];

    /// <summary>
    /// The name of an equal tensor of the same graph, or null; then the given name stands for it from now on.
    /// </summary>
    /// <param name="scope">The graph or function body that holds the weight.</param>
    /// <param name="tensor">The codebook.</param>
    /// <param name="name">Its name if it is new.</param>
    public string? FindOrAdd(GraphScope scope, ConstantTensor tensor, string name)
    {
        string contents =
            $"{tensor.ElementType} {string.Join(',', tensor.Shape)} "
                + $"{Convert.ToBase64String(SHA256.HashData(tensor.Bytes.Span))}";
        return _names.TryAdd((scope, contents), name) ? null : _names[(scope, contents)];
    }
}
