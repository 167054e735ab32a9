using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Graph.Folding;

/// <summary>Cast: to the type of the attribute <c>to</c> (a number; before opset 6 the type's name).</summary>
internal sealed class CastFold : IFoldOperator
{
    public string OpType => "Cast";

    public DenseTensor? Evaluate(FoldInputs inputs)
    {
        if (inputs[0] is not { } x || inputs.Node.Attribute("to") is not { } to)
        {
            return null;
        }

        DataType type = to.HasS ? ByName(to) : (DataType)to.I;
        if (type == DataType.Float && x.Singles is { } exact)
        {
            return new DenseTensor(type, x.Dims, exact);
        }

        return type == x.Type ? x : Rounding.To(type, x.Dims, i => x[i], x.Count);
    }

    private static DataType ByName(AttributeProto to) =>
        Enum.TryParse(to.S.ToStringUtf8(), ignoreCase: true, out DataType type) ? type : DataType.Undefined;
}
