using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Standard;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>A fitted weight as the model stores it: tensors with names, and the attributes of its nodes.</summary>
/// <param name="Attributes">Attributes of every node that uses the weight.</param>
/// <param name="InputNames">Names of the inputs of the weight, by number; empty where absent.</param>
/// <param name="Tensors">Its tensors, to be added to the model once: its own, and a codebook that the model does not
/// have yet.</param>
/// <param name="SharedBytes">Bytes of a codebook that the model has already.</param>
internal sealed record StoredWeight(
    IReadOnlyList<DynAttribute> Attributes,
    IReadOnlyList<string> InputNames,
    IReadOnlyList<TensorProto> Tensors,
    long SharedBytes)
{
    /// <summary>How ONNX Runtime's own operators read it; null for ours.</summary>
    public StandardParts? Standard { get; init; }

    /// <summary>Whether its codes are entropy coded, so that only the library can read them.</summary>
    public bool NeedsLibrary => Attributes.Any(
        attribute => attribute.Name == WeightSchema.Storage.Name && attribute.Text == StorageKinds.Entropy);

    /// <summary>
    /// Names the first part of a weight (its codes, or its row states) after the constant that it replaces, and the
    /// small ones briefly, since every name is stored twice and a model may have hundreds.
    /// </summary>
    /// <param name="name">The constant's name.</param>
    /// <param name="parts">What it stores.</param>
    /// <param name="names">Fresh names.</param>
    /// <param name="shared">From a codebook and its name if it is new: the name of an equal one in the model, or
    /// null.</param>
    public static StoredWeight Create(
        string name, DynNode parts, NameAllocator names, Func<ConstantTensor, string, string?> shared)
    {
        string[] inputNames = [.. WeightInputs.All.Select(_ => string.Empty)];
        List<TensorProto> tensors = [];
        long sharedBytes = 0;
        WeightInput[] leading = [.. WeightInputs.Leading];
        foreach ((WeightInput position, ConstantTensor part) in parts.Inputs.OrderBy(
            input => leading.Contains(input.Key) ? 0 : 1).ThenBy(input => input.Key))
        {
            string owner = tensors.Count == 0 ? name : "flat";
            string own = names.Unique($"{owner}.{position.Name()}");
            string? known = position == WeightInput.Codebook ? shared(part, own) : null;
            inputNames[(int)position] = known ?? own;
            if (known is not null)
            {
                sharedBytes = part.Bytes.Length;
                continue;
            }

            tensors.Add(TensorWriter.Raw(own, (DataType)part.ElementType, part.Shape, part.Bytes));
        }

        return new StoredWeight(parts.Attributes, inputNames, tensors, sharedBytes);
    }
}
