using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// A copy of a model, in memory only, that has intermediate values as outputs. External data is read from the model's
/// folder.
/// </summary>
internal static class ProbedModel
{
    /// <summary>Loads the copy.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="names">Values of its main graph that are no outputs yet.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="OnnxModelException">ONNX Runtime refuses it.</exception>
    public static ModelRunner Open(OnnxModel model, IEnumerable<string> names, RunnerOptions options)
    {
        OnnxModel copy = model.Clone();

        // ONNX Runtime infers the types.
        copy.Proto.Graph.Output.AddRange(names.Select(name => new ValueInfoProto { Name = name }));
        string name = model.Path ?? "(model in memory)";
        if (copy.HasDataBesideItsFile)
        {
            // A model in memory is no link, so that ONNX Runtime would not look where its file is.
            copy = OnnxModelFile.Inline(copy);
        }

        bool isExternal = ModelWalk.Tensors(copy.Proto)
            .Any(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External);
        string? folder = isExternal ? model.External?.Folder : null;
        return ModelRunner.Open(
            OnnxModelFile.ToBytes(copy), name, options with { ExternalDataFolder = folder });
    }
}
