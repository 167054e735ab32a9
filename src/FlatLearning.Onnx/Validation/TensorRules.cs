using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Validation;

/// <summary>
/// Every tensor has a known type, a possible shape and exactly the elements that these need. Sizes are looked at,
/// elements are not.
/// </summary>
internal static class TensorRules
{
    public static IEnumerable<string> Check(OnnxModel model) =>
        ModelWalk.Tensors(model.Proto).Select(tensor => ViolationOf(model, tensor)).OfType<string>();

    private static string? ViolationOf(OnnxModel model, TensorProto tensor)
    {
        try
        {
            TensorInfo info = TensorInfo.Of(tensor);
            if (info.Type != DataType.String)
            {
                model.Tensors.Open(tensor, info).Dispose();
            }
            else if (tensor.StringData.Count != info.Count)
            {
                return Messages.TensorWrongCount(
                    info.Name, info.Type, info.Shape, "string_data", info.Count, tensor.StringData.Count);
            }

            return null;
        }
        catch (OnnxModelException exception)
        {
            return exception.Message;
        }
    }
}
