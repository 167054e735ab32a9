using System.Security.Cryptography;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>Codebooks that are in the model already: weights with equal ones, above all the common tables of bands, use one tensor.</summary>
internal sealed class SharedCodebooks
{
    private readonly Dictionary<(GraphScope Root, string Contents), string> _names = [];

    /// <summary>The name of an equal tensor that every node under a root sees, or null; then the given name stands for it from now on.</summary>
    /// <param name="root">The outermost graph or function body.</param>
    /// <param name="tensor">The codebook.</param>
    /// <param name="name">Its name if it is new.</param>
    public string? FindOrAdd(GraphScope root, ConstantTensor tensor, string name)
    {
        string contents = $"{tensor.ElementType} {string.Join(',', tensor.Shape)} {Convert.ToBase64String(SHA256.HashData(tensor.Bytes.Span))}";
        return _names.TryAdd((root, contents), name) ? null : _names[(root, contents)];
    }
}
