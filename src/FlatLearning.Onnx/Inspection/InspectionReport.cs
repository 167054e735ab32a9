using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Inspection;

/// <summary>The answer of <c>inspect</c>; property names are the JSON keys in snake case.</summary>
/// <param name="Input">The file.</param>
/// <param name="InputBytes">Its bytes, external data included.</param>
/// <param name="Tool">Version of the tool that converted it, or null.</param>
/// <param name="Options">Options that it was converted with, or null.</param>
/// <param name="BitsPerWeight">8 · bytes stored / elements, over the converted weights.</param>
/// <param name="Weights">Every converted weight, in the order of the file.</param>
/// <param name="Operators">Nodes per operator of the domain, aliases counted under the operator's name.</param>
/// <param name="Portable">Whether every such node has a model-local function.</param>
/// <param name="Storage"><c>packed</c>, <c>entropy</c>, or <c>mixed</c>.</param>
public sealed record InspectionReport(
    string Input,
    long InputBytes,
    string? Tool,
    string? Options,
    double BitsPerWeight,
    IReadOnlyList<WeightReport> Weights,
    IReadOnlyDictionary<string, int> Operators,
    bool Portable,
    string Storage);
