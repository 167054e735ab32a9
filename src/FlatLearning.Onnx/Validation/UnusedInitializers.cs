using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Google.Protobuf.Collections;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// Initializers that nothing reads. ONNX Runtime drops them before it looks for their data, so that a model runs whose
/// unused data was never copied along.
/// </summary>
internal static class UnusedInitializers
{
    /// <summary>Removes unused initializers whose external data is missing or cut short.</summary>
    /// <param name="model">The model; changed.</param>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> RemoveWithoutData(OnnxModel model)
    {
        List<string> removed = [];
        foreach (GraphScope scope in new GraphIndex(model.Proto).Scopes.Where(scope => scope.Graph is not null))
        {
            RepeatedField<TensorProto> initializers = scope.Graph!.Initializer;
            for (int i = initializers.Count - 1; i >= 0; i--)
            {
                TensorProto tensor = initializers[i];
                if (ExternalDataLocation.IsExternal(tensor) && IsUnused(scope, tensor) && LacksData(model, tensor))
                {
                    removed.Insert(0, tensor.Name);
                    initializers.RemoveAt(i);
                }
            }
        }

        return removed;
    }

    private static bool IsUnused(GraphScope scope, TensorProto tensor) =>
        scope.Values.TryGetValue(tensor.Name, out GraphValue? value)
        && ReferenceEquals(value.Initializer, tensor)
        && value is { Uses.Count: 0, IsScopeOutput: false, InnerOutputCount: 0, IsAlsoInput: false };

    private static bool LacksData(OnnxModel model, TensorProto tensor)
    {
        try
        {
            string location = ExternalDataLocation.Of(tensor, tensor.Name).Location;
            if (model.External?.TryResolve(location) is null)
            {
                // Out of the folder: that is refused, whoever reads it.
                return false;
            }

            model.Tensors.Open(tensor, TensorInfo.Of(tensor)).Dispose();
            return false;
        }
        catch (OnnxModelException)
        {
            return true;
        }
    }
}
