namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A custom operator for one combination of types. Several with the same name and different types make one operator of
/// ONNX Runtime, which picks by the types of the inputs; so the type of an output follows without further help.
/// </summary>
public abstract class CustomOperator
{
    /// <summary>The operator's name in its domain.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs in order.</summary>
    public abstract IReadOnlyList<OperatorParameter> Inputs { get; }

    /// <summary>Outputs in order, each with a definite type.</summary>
    public abstract IReadOnlyList<OperatorParameter> Outputs { get; }

    /// <summary>Makes the kernel of one node.</summary>
    /// <param name="node">The node's attributes and constant inputs; valid during the call only.</param>
    /// <exception cref="OperatorException">The node is not acceptable; the message becomes the session's
    /// error.</exception>
    public abstract CustomKernel CreateKernel(KernelInfo node);

    /// <summary>
    /// Tells the host output shapes while it loads a model. Says nothing unless overridden; must not fail.
    /// </summary>
    public virtual void InferShapes(ShapeInference node)
    {
    }
}
