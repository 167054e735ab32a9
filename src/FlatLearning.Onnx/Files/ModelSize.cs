using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Files;

/// <summary>Bytes of a model on the disk.</summary>
public static class ModelSize
{
    /// <summary>
    /// The model's own file (or the size of its message, for one in memory) and its external tensors.
    /// </summary>
    public static long Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long own = model.FileBytes > 0 ? model.FileBytes : model.Proto.CalculateSize();
        return own + ExternalBytes(model.Proto);
    }

    /// <summary>The size that the message would have as a file, and its external tensors.</summary>
    public static long WhenSaved(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Proto.CalculateSize() + ExternalBytes(model.Proto);
    }

    private static long ExternalBytes(ModelProto model) =>
        ModelWalk.Tensors(model).Where(ExternalDataLocation.IsExternal).Sum(tensor => TensorInfo.Of(tensor).ByteLength);
}
