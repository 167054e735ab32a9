using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>A fitted weight as the model stores it: tensors with names, and the attributes of its nodes.</summary>
/// <param name="Attributes">Attributes of every node that uses the weight.</param>
/// <param name="InputNames">Names by input position; empty where absent, and for x and bias.</param>
/// <param name="Tensors">The tensors, to be added to the model once.</param>
internal sealed record StoredWeight(
    IReadOnlyList<DynAttribute> Attributes,
    IReadOnlyList<string> InputNames,
    IReadOnlyList<TensorProto> Tensors)
{
    /// <summary>
    /// Names the first part of a weight (its codes, or its row states) after the constant that it replaces, and the small ones briefly, since every
    /// name is stored twice and a model may have hundreds.
    /// </summary>
    public static StoredWeight Create(string name, DynWeight weight, NameAllocator names)
    {
        DynNode parts = DynWeightWriter.Write(weight);
        string[] inputNames = [.. Enum.GetValues<DynInput>().Select(_ => string.Empty)];
        List<TensorProto> tensors = [];
        foreach ((DynInput position, ConstantTensor part) in parts.Inputs.OrderBy(input => input.Key is DynInput.Codes or DynInput.RowStates ? 0 : 1).ThenBy(input => input.Key))
        {
            string owner = tensors.Count == 0 ? name : "flat";
            inputNames[(int)position] = names.Unique($"{owner}.{DynWeightReader.Name(position)}");
            tensors.Add(TensorWriter.Raw(inputNames[(int)position], (DataType)part.ElementType, part.Shape, part.Bytes.ToArray()));
        }

        return new StoredWeight(parts.Attributes, inputNames, tensors);
    }
}
