using FlatLearning.Dyn.Terms;
using System.Globalization;
using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Portable;
using AttributeType = FlatLearning.Onnx.Proto.AttributeProto.Types.AttributeType;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Benchmarks;

/// <summary>
/// A chain of products of random weights, K x N and N x K in turns, whose last result is cut to one column, so that
/// reading it back costs nothing. Contenders: <c>fp32</c> MatMul; <c>nbits</c> and <c>nbits-int8</c> MatMulNBits of 4
/// bits, blocks of 32, accuracy level 1 and 4; <c>dynBxT</c> DynMatMul of B bits and T taps, for example <c>dyn4x2</c>;
/// <c>intBxT</c> the same with <c>flat.activations=int8</c>; <c>bandsB</c> DynMatMul of 6 to 2 bits and 2 to 5 taps in
/// one weight, B bits on average, in groups of 64 columns, or <c>bandsBxG</c> of G; <c>bandsBxGx0</c> has one width.
/// </summary>
internal static class ShapeModel
{
    private const int BlockSize = 32;
    private const int Opset = 17;
    private const string ContribDomain = "com.microsoft";

    /// <summary>Whether a contender needs the library.</summary>
    public static bool IsOurs(string contender) =>
        contender.StartsWith("dyn", StringComparison.Ordinal) || IsBanded(contender) || IsRounded(contender);

    /// <summary>Whether a contender is one of ours with rounded activations.</summary>
    public static bool IsRounded(string contender) => contender.StartsWith("int", StringComparison.Ordinal);

    private static bool IsBanded(string contender) => contender.StartsWith("bands", StringComparison.Ordinal);

    public static ModelProto Create(string contender, int k, int n, int layers)
    {
        if (k != n && layers > 1 && layers % 2 != 0)
        {
            throw new ArgumentException(
                $"{layers} layers of {k} x {n} do not form a chain, expected one or an even number");
        }

        Random random = new(1);
        ModelProto model = DynModel.Empty(DataType.Float, Codes(random, k, 8, 2, 1), Opset, 2);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = ContribDomain, Version = 1 });
        string from = "x";
        for (int layer = 0; layer < layers; layer++)
        {
            (int rows, int columns) = layer % 2 == 0 ? (k, n) : (n, k);
            string to = $"t{layer}";
            Add(model, contender, random, rows, columns, $"l{layer}_", from, to);
            from = to;
        }

        model.Graph.Initializer.Add(TensorWriter.Int64("first", [1], [0L]));
        model.Graph.Initializer.Add(TensorWriter.Int64("end", [1], [1L]));
        model.Graph.Initializer.Add(TensorWriter.Int64("axis", [1], [1L]));
        model.Graph.Node.Add(Node("Slice", string.Empty, [from, "first", "end", "axis"], "y"));
        model.Graph.Output.Clear();
        model.Graph.Output.Add(
            new ValueInfoProto { Name = "y",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } } });
        return model;
    }

    private static void Add(
        ModelProto model, string contender, Random random, int rows, int columns, string prefix, string x, string y)
    {
        if (IsOurs(contender))
        {
            bool banded = IsBanded(contender);
            int[] numbers = Array.ConvertAll(
                contender[(banded ? 5 : 3)..].Split('x'), text => int.Parse(text, CultureInfo.InvariantCulture));
            DynWeight weight = banded
                ? BandModel.Weight(
                    random, rows, columns, numbers[0], numbers.Length > 1 ? numbers[1] : 64,
                    numbers.Length > 2 ? numbers[2] : 2)
                : Codes(random, rows, columns, numbers[0], numbers[1]);
            DynModel.AddNode(model, weight, x, y, prefix, "DynMatMul", null);
        }
        else if (contender == "fp32")
        {
            model.Graph.Initializer.Add(
                TensorWriter.Float32(
                    prefix + "w", [rows, columns], Values(random, rows * columns, 1.7 / Math.Sqrt(rows))));
            model.Graph.Node.Add(Node(MatMulOperator.Type, string.Empty, [x, prefix + "w"], y));
        }
        else
        {
            int blocks = (rows + BlockSize - 1) / BlockSize;
            byte[] codes = new byte[columns * blocks * BlockSize / 2];
            random.NextBytes(codes);
            model.Graph.Initializer.Add(TensorWriter.UInt8(prefix + "w", [columns, blocks, BlockSize / 2], codes));
            model.Graph.Initializer.Add(
                TensorWriter.Float32(
                    prefix + "s", [columns * blocks], Values(random, columns * blocks, 0.2 / Math.Sqrt(rows))));
            NodeProto node = Node("MatMulNBits", ContribDomain, [x, prefix + "w", prefix + "s"], y);
            foreach ((string name, long value) in ((string, long)[])[
                ("K", rows),
                ("N", columns),
                ("bits", 4),
                ("block_size", BlockSize),
                ("accuracy_level", contender == "nbits" ? 1 : 4)])
            {
                node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeType.Int, I = value });
            }

            model.Graph.Node.Add(node);
        }
    }

    private static DynWeight Codes(Random random, int rows, int columns, int bits, int taps)
    {
        CodeLayout layout = new(rows, columns, bits, CodeLayout.ChooseGroupWidth(columns));
        byte[] blob = new byte[layout.ByteLength];
        random.NextBytes(blob);
        double spread = 1.7 / Math.Sqrt(rows * taps);
        UniformCodes codes = new(
            new PackedCodes(layout, blob),
            new Codebook(Parameters(random, [taps, 1 << bits], spread), bits, taps));
        return new DynWeight(
            rows, columns, Parameters(random, [rows], 1), Parameters(random, [columns], 1), codes);
    }

    public static ParameterTensor Parameters(Random random, int[] shape, double spread) =>
        new(
            Values(random, shape.Aggregate(1, (count, dimension) => count * dimension), spread),
            shape,
            ParameterType.Float32);

    private static float[] Values(Random random, int count, double spread)
    {
        float[] values = new float[count];
        random.NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(spread * ((BitConverter.SingleToUInt32Bits(value) * (2.0 / uint.MaxValue)) - 1));
        }

        return values;
    }

    private static NodeProto Node(string type, string domain, string[] inputs, string output)
    {
        NodeProto node = new() { OpType = type, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }
}
