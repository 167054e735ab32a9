namespace FlatLearning.Onnx.Portable;

/// <summary>The model-local functions that a model gets.</summary>
/// <param name="Bodies">Name and structure of each.</param>
/// <param name="IsComplete">Whether every node has one.</param>
/// <param name="Notes">A sentence for every node that has none.</param>
internal sealed record PortablePlan(
    IReadOnlyList<(string Name, DynStructure Structure)> Bodies, bool IsComplete, IReadOnlyList<string> Notes);
