using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A custom operator for one type of its first input, which is also that of its only output. Several of one name make
/// one operator of ONNX Runtime, which picks by type. All other inputs are optional and take any type, so that a wrong
/// one is refused here, with a sentence that names it.
/// </summary>
/// <param name="name">Its name in the domain.</param>
/// <param name="type">The type of the first input and the output.</param>
/// <param name="inputs">How many inputs it has.</param>
internal abstract class CustomOperator(string name, TensorElementType type, int inputs)
{
    /// <summary>Its name in the domain.</summary>
    public string Name => name;

    /// <summary>The type of the first input and the output.</summary>
    public TensorElementType Type => type;

    /// <summary>How many inputs it has.</summary>
    public int Inputs => inputs;

    /// <summary>Makes the kernel of one node.</summary>
    /// <param name="node">The node's attributes and constant inputs; valid during the call only.</param>
    /// <exception cref="Exception">The node is not acceptable; see <see cref="KernelShims"/>.</exception>
    public abstract CustomKernel CreateKernel(in NodeInfo node);

    /// <summary>Tells the host the output's shape while it loads a model. Says nothing unless overridden.</summary>
    public virtual void InferShapes(in ShapeInference node)
    {
    }
}
