using FlatLearning.Fitting;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>An H with where it comes from.</summary>
/// <param name="Weight">H.</param>
/// <param name="Source">identity, layernorm, synthetic or data.</param>
internal sealed record WeightHessian(ErrorWeight Weight, string Source)
{
    /// <summary>H = I.</summary>
    public static WeightHessian Identity { get; } = new(ErrorWeight.Identity, "identity");
}
