using System.Runtime.InteropServices;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Cli.Tests.Support;

/// <summary>Matrices as numpy.save writes them.</summary>
internal static class NpyWriter
{
    /// <summary>Writes a matrix of float32 into a folder and returns the file's path.</summary>
    public static string WriteMatrix(
        this TemporaryFolder folder, string name, int rows, int columns, Func<int, float> value)
    {
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(value)];
        NpyFile.Write(
            folder[name],
            new NpyArray(DataType.Float, [rows, columns], MemoryMarshal.AsBytes<float>(values).ToArray()));
        return folder[name];
    }

    /// <summary>A matrix of normally distributed numbers.</summary>
    public static string WriteNormal(this TemporaryFolder folder, string name, int rows, int columns)
    {
        Random random = new(3);
        return folder.WriteMatrix(
            name,
            rows,
            columns,
            _ =>
                (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                    * Math.Cos(2 * Math.PI * random.NextDouble())));
    }
}
