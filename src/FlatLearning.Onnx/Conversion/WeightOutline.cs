using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Dyn.Terms;
using FlatLearning.Onnx.Portable;

namespace FlatLearning.Onnx.Conversion;

/// <summary>What a model stores for a weight, before its parts have names.</summary>
/// <param name="Parts">Attributes and constant inputs of its nodes.</param>
/// <param name="StoredBytes">Bytes of these inputs.</param>
/// <param name="Structure">What its model-local function depends on; null where it gets none.</param>
/// <param name="Reason">Why it has no form in standard operators; null where it has one or none is asked for.</param>
internal sealed record WeightOutline(DynNode Parts, long StoredBytes, DynStructure? Structure, string? Reason)
{
    /// <summary>Whether its codes are entropy coded, which no function can decode.</summary>
    public bool IsCoded { get; init; }

    /// <summary>The outline of a weight.</summary>
    /// <param name="weight">The weight; its bytes are not copied.</param>
    /// <param name="opset">The standard operator set of the model; null where functions are not asked for.</param>
    public static WeightOutline Of(DynWeight weight, int? opset)
    {
        string? reason = null;
        DynStructure? structure = opset is { } known ? DynStructure.Of(weight, known, out reason) : null;
        return new WeightOutline(DynWeightWriter.Write(weight), weight.StoredBytes, structure, reason)
        {
            IsCoded = weight.Find<EntropyCodes>() is not null,
        };
    }
}
