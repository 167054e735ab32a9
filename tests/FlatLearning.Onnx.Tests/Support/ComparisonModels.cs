using System.IO.Compression;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;
using Dimension = FlatLearning.Onnx.Proto.TensorShapeProto.Types.Dimension;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>Models and input files for tests of comparisons.</summary>
internal static class ComparisonModels
{
    /// <summary>
    /// h = x W, scores = h V; x of float32 [batch, 2], both weights 2 x 2, V given, W the identity times a scale.
    /// </summary>
    public static ModelProto TwoLayers(float scale, params float[] v)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(Open("x", DataType.Float, "batch", 2));
        graph.Output.Add(Open("scores", DataType.Float, "batch", 2));
        graph.Initializer.Add(TensorWriter.Float32("W", [2, 2], [scale, 0, 0, scale]));
        graph.Initializer.Add(TensorWriter.Float32("V", [2, 2], v));
        graph.Node.Add(TestModels.Node("MatMul", ["x", "W"], ["h"]));
        graph.Node.Add(TestModels.Node("MatMul", ["h", "V"], ["scores"]));
        return TestModels.Model(graph);
    }

    /// <summary>y = op(x), x of the given type and declared dimensions: numbers, or text for open ones.</summary>
    public static ModelProto Unary(string op, DataType type, params object[] dims)
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(Open("x", type, dims));
        graph.Output.Add(Open("y", type, dims));
        graph.Node.Add(TestModels.Node(op, ["x"], ["y"]));
        return TestModels.Model(graph);
    }

    /// <summary>A value with declared dimensions: numbers, or text for open ones.</summary>
    public static ValueInfoProto Open(string name, DataType type, params object[] dims)
    {
        ValueInfoProto value = TestModels.Value(name, type);
        value.Type.TensorType.Shape.Dim.AddRange(dims.Select(dim => dim is string symbol
            ? new Dimension { DimParam = symbol }
            : new Dimension { DimValue = Convert.ToInt64(dim, System.Globalization.CultureInfo.InvariantCulture) }));
        return value;
    }

    /// <summary>Writes a model and returns its path.</summary>
    public static string Write(this TemporaryFolder folder, string name, ModelProto model)
    {
        File.WriteAllBytes(folder[name], TestModels.Bytes(model));
        return folder[name];
    }

    /// <summary>Writes an .npz archive and returns its path.</summary>
    public static string WriteNpz(
        this TemporaryFolder folder, string name, params (string Name, NpyArray Array)[] arrays)
    {
        using ZipArchive archive = ZipFile.Open(folder[name], ZipArchiveMode.Create);
        foreach ((string entry, NpyArray array) in arrays)
        {
            using Stream stream = archive.CreateEntry(entry + ".npy").Open();
            NpyFile.Write(stream, array);
        }

        return folder[name];
    }

    public static NpyArray Singles(long[] dims, params float[] values) =>
        new(DataType.Float, dims, System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());

    public static NpyArray Doubles(long[] dims, params double[] values) =>
        new(DataType.Double, dims, System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(values).ToArray());

    public static NpyArray Int64s(long[] dims, params long[] values) =>
        new(DataType.Int64, dims, System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values).ToArray());
}
