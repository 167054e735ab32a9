using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Portable;

/// <summary>Adds the model-local functions of a converted model.</summary>
internal static class PortableFunctions
{
    public static bool Add(OnnxModel model, List<string> notes)
    {
        notes.Add($"{model.Proto.Functions.Count} functions");
        return false;
    }
}
