using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Matrices;

/// <summary>
/// The constants of a model by name: initializers, sparse ones, and Constant nodes, in every graph and function. Of a
/// name in several scopes, the first.
/// </summary>
internal sealed class ModelMatrices
{
    private readonly OnnxModel _model;
    private readonly Dictionary<string, GraphValue> _constants = new(StringComparer.Ordinal);

    public ModelMatrices(OnnxModel model)
    {
        _model = model;
        foreach (GraphValue value in new GraphIndex(model.Proto).Scopes.SelectMany(scope => scope.Values.Values))
        {
            if (value.Initializer is not null
                || value.SparseInitializer is not null
                || (value.Producer is { } producer && ConstantNode.Is(producer)))
            {
                _constants.TryAdd(value.Name, value);
            }
        }
    }

    /// <summary>
    /// Name and shape of every constant of floating-point numbers with two or more dimensions, the largest first.
    /// </summary>
    public IEnumerable<TensorInfo> All => _constants.Values
        .Select(ModelConstants.Stored)
        .OfType<TensorInfo>()
        .Where(info => ElementTypes.IsFloat(info.Type) && info.Dims.Length >= 2 && info.Count > 0)
        .OrderByDescending(info => info.Count)
        .ThenBy(info => info.Name, StringComparer.Ordinal);

    /// <summary>Reads a constant of real numbers; null where there is none of that name.</summary>
    /// <exception cref="OnnxModelException">Its elements cannot be read.</exception>
    public DenseTensor? Read(string name)
    {
        if (!_constants.TryGetValue(name, out GraphValue? value))
        {
            return null;
        }

        return value.Initializer is { } dense ? _model.Tensors.ReadDense(dense)
            : value.SparseInitializer is { } sparse ? _model.Tensors.ReadDense(sparse)
            : ConstantNode.Read(value.Producer!, _model.Tensors);
    }
}
