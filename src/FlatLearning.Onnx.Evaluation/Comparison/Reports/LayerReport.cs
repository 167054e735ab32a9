namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// How far one intermediate value is from the original's of the same name; an entry of <c>layers</c>.
/// </summary>
/// <param name="Name">The value's name.</param>
/// <param name="OpType">The operator that computes it in the converted model.</param>
/// <param name="Converted">Whether that operator is one of ours.</param>
/// <param name="RelativeL2">||a - b|| / ||a||; null where not finite.</param>
/// <param name="SnrDb">10 log10(||a||^2 / ||a - b||^2); null where there is no difference or it is not finite.</param>
/// <param name="NonFiniteIntroduced">Elements that are NaN or infinite in the converted model only.</param>
public sealed record LayerReport(
    string Name, string OpType, bool Converted, double? RelativeL2, double? SnrDb, long NonFiniteIntroduced);
