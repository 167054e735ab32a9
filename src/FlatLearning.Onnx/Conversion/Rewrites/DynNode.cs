using FlatLearning.Dyn.Operators;
using FlatLearning.Onnx.Proto;

namespace FlatLearning.Onnx.Conversion.Rewrites;

/// <summary>Makes DynMatMul nodes; schemas/DynMatMul.md.</summary>
internal static class DynNode
{
    /// <summary>A node under the operator's plain name; <see cref="PortableFunctions"/> may number it later.</summary>
    public static NodeProto Create(RewriteContext context, string name, string x, string bias, string y)
    {
        List<string> inputs = [x, .. context.Inputs];
        inputs[(int)DynInput.Bias] = bias;
        while (inputs[^1].Length == 0)
        {
            inputs.RemoveAt(inputs.Count - 1);
        }

        NodeProto node = NodeFactory.Create(DynOperator.Name, name, inputs, y);
        node.Domain = DynOperator.Domain;
        node.Attribute.Add(Attributes(context.Weight.Attributes));
        return node;
    }

    /// <summary>The attributes, those with their default value left out.</summary>
    private static IEnumerable<AttributeProto> Attributes(DynAttributes a)
    {
        yield return NodeFactory.Int(DynAttributes.SchemaVersionName, a.SchemaVersion);
        yield return NodeFactory.Ints(DynAttributes.ShapeName, [a.Rows, a.Columns]);
        yield return NodeFactory.Int(DynAttributes.BitsName, a.Bits);
        if (a.Taps != 1)
        {
            yield return NodeFactory.Int(DynAttributes.TapsName, a.Taps);
        }

        if (a.StateDim == 0)
        {
            yield break;
        }

        yield return NodeFactory.Text(DynAttributes.MetricName, a.Metric);
        yield return NodeFactory.Int(DynAttributes.StateBitsName, a.StateBits);
        yield return NodeFactory.Int(DynAttributes.StateDimName, a.StateDim);
        yield return NodeFactory.Int(DynAttributes.HeadsName, a.Heads);
        if (a.Shifts != 0)
        {
            yield return NodeFactory.Int(DynAttributes.ShiftsName, a.Shifts);
            yield return NodeFactory.Int(DynAttributes.WidthName, a.Width);
        }
    }
}
