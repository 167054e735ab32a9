using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Validation;

/// <summary>The model says which IR and operator sets it is written for, each once.</summary>
internal static class OpsetRules
{
    public static IEnumerable<string> Check(ModelProto model)
    {
        if (model.IrVersion <= 0)
        {
            yield return Messages.NoIrVersion();
        }

        if (model.OpsetImport.Count == 0)
        {
            yield return Messages.NoOpsets();
        }

        HashSet<string> seen = [];
        foreach (OperatorSetIdProto opset in model.OpsetImport)
        {
            if (!seen.Add(NodeNames.Domain(opset.Domain)))
            {
                yield return Messages.OpsetTwice(opset.Domain);
            }

            if (opset.Version < 1)
            {
                yield return Messages.OpsetVersion(opset.Domain, opset.Version);
            }
        }
    }
}
