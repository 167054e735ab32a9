using FlatLearning.Dyn.Layout;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Portable.Metrics;

/// <summary>Unpacks state codes of any width into float32; states are few, so this is plain.</summary>
internal sealed class StateBody(OpBuilder ops, ByteTables bytes, int bits)
{
    /// <summary>Codes [D, G·g], float32, from a blob [G, D, s·g/8].</summary>
    public string Decode(string blob)
    {
        string rows = ops.Cast(ops.Transpose(blob, 1, 0, 2), DataType.Int32);

        // The last plane is the narrowest and its width divides those of all others: parts of that width are equally
        // long.
        int unit = bits & -bits;
        int parts = bits / unit;
        string[] split = parts == 1 ? [rows] : ops.Split(rows, 2, parts);
        List<string> planes = [];
        for (int lowBit = 0; lowBit < bits;)
        {
            int width = CodeLayout.PlaneWidth(bits, lowBit);
            string plane = ops.Concat(2, split[(lowBit / unit)..((lowBit + width) / unit)]);
            planes.Add(Plane(plane, width, lowBit));
            lowBit += width;
        }

        return ops.Reshape(ops.Sum(planes), 0, -1);
    }

    /// <summary>[D, G, g] of one plane [D, G, m]: the look-up gives [positions, D, G, m].</summary>
    private string Plane(string plane, int width, int lowBit)
    {
        string codes = ops.Gather(ops.Mul(bytes.Codes(width), ops.Scalar(1 << lowBit)), plane, 1);
        return ops.Reshape(ops.Transpose(codes, 1, 2, 0, 3), 0, 0, -1);
    }
}
