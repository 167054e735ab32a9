using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable;

/// <summary>
/// The meaning of a node of ours in standard operators, as a model-local function: a host without the
/// custom-operator library inlines it and folds the decoding into a dense weight while it loads the model. See
/// <c>docs/decisions/0003-portable-function.md</c>.
/// </summary>
internal static class PortableFunction
{
    /// <summary>The oldest version of the standard operator set that a body can be written for.</summary>
    public const int OldestOpset = OpBuilder.OldestOpset;

    /// <summary>Models with functions need at least this IR version.</summary>
    public const int IrVersion = 8;

    /// <summary>Writes the function for a structure.</summary>
    /// <param name="structure">What the body depends on.</param>
    /// <param name="opset">The standard operator set of the model, <see cref="OldestOpset"/> or newer.</param>
    /// <param name="functionName">The operator's name or one of its aliases, see
    /// <see cref="DynOperator.NameOf"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The operator set is too old.</exception>
    public static FunctionProto Build(DynStructure structure, int opset, string functionName)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentOutOfRangeException.ThrowIfLessThan(opset, OldestOpset);
        FunctionProto function = new() { Domain = DynOperator.Domain, Name = functionName };
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
        function.Attribute.AddRange(structure.Attributes);
        function.Input.Add(Operands(structure));
        function.Input.Add(WeightInputs.All.Take((int)structure.LastInput + 1).Select(input => input.Name()));
        OpBuilder ops = new(opset);
        WeightBody weight = new(ops, structure);
        if (structure.Tensor is { } form)
        {
            function.Attribute.Add(TensorBody.AttributesOf(form, opset));
            function.Output.Add(new TensorBody(ops, structure, form).Write(weight));
        }
        else if (structure.IsGather)
        {
            function.Output.Add(
                ops.Gather(weight.Decode(), DynGatherOperator.InputName(DynGatherOperator.Indices), 0));
        }
        else
        {
            WriteProduct(ops, structure, weight.Decode());
            ops.Nodes[^1].Output[0] = "y";
            function.Output.Add("y");
        }

        function.Node.AddRange(ops.Nodes);
        return function;
    }

    private static IEnumerable<string> Operands(DynStructure structure) => structure switch
    {
        { Tensor: not null } => [],
        { IsGather: true } => [DynGatherOperator.InputName(DynGatherOperator.Indices)],
        _ => Enumerable.Range(0, DynOperator.Operands).Select(DynOperator.InputName),
    };

    /// <summary>y = x W + bias, accumulated in float32, or float64 for such x; the last node writes y.</summary>
    private static void WriteProduct(OpBuilder ops, DynStructure structure, string weight)
    {
        DataType type = structure.ElementType;
        DataType computed = type == DataType.Double ? DataType.Double : DataType.Float;
        string x = DynOperator.InputName(DynOperator.X);
        string y = ops.MatMul(
            type == computed ? x : ops.Cast(x, computed),
            computed == DataType.Double ? ops.Cast(weight, computed) : weight);
        if (structure.HasBias)
        {
            y = ops.Add(y, ops.Cast(DynOperator.InputName(DynOperator.Bias), computed));
        }

        if (type != computed)
        {
            ops.Cast(y, type);
        }
    }
}
