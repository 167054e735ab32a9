using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Passes the inputs of a run from process to process: for each its name, element type, shape and bytes.
/// </summary>
internal static class InputFile
{
    /// <summary>Writes a file.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        using BinaryWriter writer = new(File.Create(path));
        writer.Write(inputs.Count);
        foreach ((string name, OrtTensor tensor) in inputs)
        {
            writer.Write(name);
            writer.Write((int)tensor.ElementType);
            writer.Write(tensor.Shape.Length);
            foreach (long size in tensor.Shape)
            {
                writer.Write(size);
            }

            writer.Write(tensor.ByteCount);
            writer.Write(tensor.Bytes);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyDictionary<string, OrtTensor> Read(string path)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        Dictionary<string, OrtTensor> inputs = new(StringComparer.Ordinal);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string name = reader.ReadString();
            TensorElementType type = (TensorElementType)reader.ReadInt32();
            long[] shape = new long[reader.ReadInt32()];
            foreach (ref long size in shape.AsSpan())
            {
                size = reader.ReadInt64();
            }

            OrtTensor tensor = OrtTensor.Allocate(type, shape);
            int length = reader.ReadInt32();
            reader.BaseStream.ReadExactly(tensor.Bytes[..length]);
            inputs.Add(name, tensor);
        }

        return inputs;
    }
}
