using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;
using Dimension = FlatLearning.Onnx.Proto.TensorShapeProto.Types.Dimension;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>
/// A model put together part by part, with random weights and an input to run it on. The same calls make the same
/// model.
/// </summary>
/// <param name="opset">Version of the standard operators.</param>
/// <param name="irVersion">Version of the file format.</param>
internal sealed class ModelBuilder(int opset = 17, int irVersion = 8)
{
    private readonly Random _random = new(7);

    /// <summary>The main graph.</summary>
    public GraphProto Graph { get; } = new() { Name = "main" };

    /// <summary>The functions of the model.</summary>
    public List<FunctionProto> Functions { get; } = [];

    /// <summary>Domains beside the standard one, each with version 1.</summary>
    public List<string> Domains { get; } = [];

    /// <summary>A value for every input.</summary>
    public Dictionary<string, OrtTensor> Feeds { get; } = new(StringComparer.Ordinal);

    /// <summary>The model as a message.</summary>
    public ModelProto Proto
    {
        get
        {
            ModelProto model = new() { IrVersion = irVersion, Graph = Graph };
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
            model.OpsetImport.Add(Domains.Select(domain => new OperatorSetIdProto { Domain = domain, Version = 1 }));
            model.Functions.Add(Functions);
            return model;
        }
    }

    /// <summary>The model as the converter takes it.</summary>
    public OnnxModel Model => new(Proto);

    /// <summary>
    /// An input with a random value. Its first dimension is declared open, so that other sizes run too.
    /// </summary>
    public ModelBuilder Input(string name, DataType type, params long[] dims)
    {
        ValueInfoProto value = TestModels.Value(name, type, dims);
        if (dims.Length > 0)
        {
            value.Type.TensorType.Shape.Dim[0] = new Dimension { DimParam = $"{name}_rows" };
        }

        Graph.Input.Add(value);
        Feeds[name] = Random(type, dims);
        return this;
    }

    /// <summary>An output of unknown shape.</summary>
    public ModelBuilder Output(string name, DataType type = DataType.Float)
    {
        Graph.Output.Add(Value(name, type));
        return this;
    }

    /// <summary>An initializer with numbers between -1 and 1.</summary>
    public ModelBuilder Weight(string name, DataType type, params long[] dims)
    {
        Graph.Initializer.Add(Tensor(name, type, dims));
        return this;
    }

    /// <summary>
    /// An initializer whose neighbouring elements are alike: what a metric describes well, and without steep slopes.
    /// </summary>
    public ModelBuilder Smooth(string name, int rows, int columns)
    {
        float[] values = [
            .. Enumerable.Range(0, rows * columns)
                .Select(i => MathF.Cos((0.9f * (i / columns) / rows) - (1.3f * (i % columns) / columns)))];
        Graph.Initializer.Add(TensorWriter.Float32(name, [rows, columns], values));
        return this;
    }

    /// <summary>An initializer of 64-bit integers: a shape or axes.</summary>
    public ModelBuilder Integers(string name, params long[] values)
    {
        Graph.Initializer.Add(TensorWriter.Int64(name, [values.Length], values));
        return this;
    }

    /// <summary>A node of the standard domain.</summary>
    public ModelBuilder Node(string type, string[] inputs, string output, params AttributeProto[] attributes)
    {
        Graph.Node.Add(TestModels.Node(type, inputs, [output], attributes));
        return this;
    }

    /// <summary>A tensor with numbers between -1 and 1.</summary>
    public TensorProto Tensor(string name, DataType type, params long[] dims) =>
        TensorWriter.Raw(name, type, dims, Random(type, dims).Bytes.ToArray());

    /// <summary>A value of a known type and an unknown shape.</summary>
    public static ValueInfoProto Value(string name, DataType type) =>
        new() { Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type } } };

    /// <summary>A tensor with numbers between -1 and 1 for ONNX Runtime.</summary>
    public OrtTensor Random(DataType type, params long[] dims)
    {
        OrtTensor tensor = OrtTensor.Allocate((TensorElementType)type, dims);
        for (int i = 0; i < tensor.ElementCount; i++)
        {
            float value = (float)((2 * _random.NextDouble()) - 1);
            switch (type)
            {
                case DataType.Float:
                    tensor.AsSpan<float>()[i] = value;
                    break;
                case DataType.Double:
                    tensor.AsSpan<double>()[i] = value;
                    break;
                case DataType.Float16:
                    tensor.AsSpan<Half>()[i] = (Half)value;
                    break;
                case DataType.Bfloat16:
                    BitConverter.TryWriteBytes(
                        tensor.Bytes[(2 * i)..], (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
                    break;
                case DataType.Int8:
                    tensor.AsSpan<sbyte>()[i] = (sbyte)(127 * value);
                    break;
                default:
                    throw new NotSupportedException($"no random numbers of type {type}");
            }
        }

        return tensor;
    }
}
