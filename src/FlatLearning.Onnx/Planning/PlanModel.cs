namespace FlatLearning.Onnx.Planning;

/// <summary>What plans for a model are made of.</summary>
/// <param name="OriginalBytes">The original file's size.</param>
/// <param name="Curves">What its weights may become.</param>
/// <param name="Structures">What functions that takes.</param>
/// <param name="Sizes">The size of a plan's file.</param>
/// <param name="Fits">The fits and models of plans.</param>
/// <param name="Given">Weights whatever the plan: their stored bytes and elements.</param>
internal sealed record PlanModel(
    long OriginalBytes, PlanCurves Curves, PlanStructures Structures, PlanSizes Sizes, PlanFits Fits,
    (long Bytes, long Elements) Given)
{
    /// <summary>
    /// The share of the loss that each structure of a plan for bits per weight must take away; null where it must gain
    /// what its function takes in the file, which does not count in these bits.
    /// </summary>
    public double? MinStructureGain { get; init; }
}
