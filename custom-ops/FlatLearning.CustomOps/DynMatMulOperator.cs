using FlatLearning.CustomOps.Nodes;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.CustomOps.Api;
using FlatLearning.Kernels;
using FlatLearning.CustomOps.Operators;

namespace FlatLearning.CustomOps;

/// <summary><c>ai.flatlearning::DynMatMul</c> under one of its names, for one element type of x.</summary>
internal sealed class DynMatMulOperator(string name, TensorElementType type, Activations activations) : CustomOperator
{
    /// <summary>The element types of x and y.</summary>
    public static IReadOnlyList<TensorElementType> Types { get; } =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Double];

    /// <inheritdoc/>
    public override string Name { get; } = name;

    /// <inheritdoc/>
    public override IReadOnlyList<OperatorParameter> Inputs { get; } = [
        .. Enumerable.Range(0, DynOperator.InputCount).Select(i => Input(i, type))];

    /// <inheritdoc/>
    public override IReadOnlyList<OperatorParameter> Outputs { get; } = [
        new OperatorParameter("y", type, ParameterPresence.Required)];

    /// <inheritdoc/>
    public override CustomKernel CreateKernel(KernelInfo node)
    {
        try
        {
            NodeContents contents = NodeContents.Read(node);
            DynMatMulKernel kernel = new(contents, type, activations);
            if (kernel.Choice is { } choice)
            {
                node.LogVerbose($"{Name} node '{node.NodeName}': {choice}.");
            }

            return kernel;
        }
        catch (DynFormatException e)
        {
            throw new OperatorException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void InferShapes(ShapeInference node)
    {
        Span<long> shape = stackalloc long[2];
        if (node.GetInts(WeightSchema.Shape.Name, shape) == 2 && shape[1] > 0)
        {
            node.SetOutputLike(0, DynOperator.X, shape[1]);
        }
    }

    // All inputs but x take any type here, so that a wrong one is refused by us, with a sentence that names it.
    private static OperatorParameter Input(int position, TensorElementType type) => position == DynOperator.X
        ? new OperatorParameter(DynOperator.InputName(position), type, ParameterPresence.Required)
        : new OperatorParameter(
            DynOperator.InputName(position), TensorElementType.Undefined, ParameterPresence.Optional);
}
