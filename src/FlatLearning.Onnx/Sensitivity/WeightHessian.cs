using FlatLearning.Fitting;

namespace FlatLearning.Onnx.Sensitivity;

/// <summary>An H with where it comes from.</summary>
/// <param name="Hessian">H.</param>
/// <param name="Source">identity, layernorm, synthetic or data.</param>
internal sealed record WeightHessian(Hessian Hessian, string Source)
{
    /// <summary>H = I.</summary>
    public static WeightHessian Identity { get; } = new(Hessian.Identity, "identity");
}
