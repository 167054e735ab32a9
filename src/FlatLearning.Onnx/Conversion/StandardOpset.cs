using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion;

/// <summary>The version of the standard operators that a model imports.</summary>
internal static class StandardOpset
{
    /// <summary>
    /// The oldest version that can be converted: the first in which operators broadcast as they do today.
    /// </summary>
    public const long Oldest = 7;

    /// <summary>The version that the model imports, 1 where it says nothing.</summary>
    public static long Of(ModelProto model) =>
        model.OpsetImport.Where(import => NodeNames.Domain(import.Domain).Length == 0)
            .Select(import => import.Version)
            .DefaultIfEmpty(1)
            .Max();
}
