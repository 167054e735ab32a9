using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A custom operator with one output, for one choice of types. Several of one name make one operator of ONNX Runtime,
/// which picks by type. Inputs behind the operands are optional and take any type, so that a wrong one is refused here,
/// with a sentence that names it.
/// </summary>
/// <param name="name">Its name in the domain.</param>
/// <param name="inputs">How many inputs it has, operands included.</param>
/// <param name="output">The type of the output.</param>
/// <param name="operands">The types of the inputs that must be there, which stand first.</param>
internal abstract class CustomOperator(
    string name, int inputs, TensorType output, params TensorType[] operands)
{
    /// <summary>Its name in the domain.</summary>
    public string Name => name;

    /// <summary>How many inputs it has.</summary>
    public int Inputs => inputs;

    /// <summary>The type of the output.</summary>
    public TensorType Output => output;

    /// <summary>The types of the inputs that must be there, which stand first.</summary>
    public IReadOnlyList<TensorType> Operands => operands;

    /// <summary>The execution provider that it runs on; null for the CPU's. Elsewhere the first operand lies in the
    /// provider's memory, and all other inputs in the CPU's.</summary>
    public virtual string? Provider => null;

    /// <summary>Makes the kernel of one node.</summary>
    /// <param name="node">The node's attributes and constant inputs; valid during the call only.</param>
    /// <exception cref="Exception">The node is not acceptable; see <see cref="KernelCallbacks"/>.</exception>
    public abstract CustomKernel CreateKernel(NodeReader node);

    /// <summary>Tells the host the output's shape while it loads a model. Says nothing unless overridden.</summary>
    /// <exception cref="Exception">There is nothing to say of this node.</exception>
    public virtual void InferShapes(ShapeInference node)
    {
    }
}
