using FlatLearning.Dyn.Terms;
using System.Globalization;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Evaluation.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>distance-product --library FILE [--k N] [--n N] [--dim N] [--threads N] [--rounds N]</c>: one row times a dyn-l1
/// matrix, against MatMul with a dense float32 matrix. The dense one has as many columns as fit into 512 MB, and its
/// time is multiplied accordingly: streaming a matrix that no cache holds takes time in proportion. The two run in
/// turns.
/// </summary>
internal static class DistanceProductCommand
{
    private const long DenseBytes = 512L << 20;
    private const int Opset = 17;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        (int k, int n, int dim) =
            (options.Number("--k", 32768), options.Number("--n", 36864), options.Number("--dim", 3));
        int denseColumns = (int)Math.Min(n, DenseBytes / sizeof(float) / k);
        using SessionOptions settings = OrtRuntime.Options(options.Number("--threads", 2));
        using InferenceSession dense = new(ShapeModel.Create("fp32", k, denseColumns, 1).ToByteArray(), settings);
        settings.RegisterCustomOpLibrary(Path.GetFullPath(options.Required("--library")));
        using InferenceSession distances = new(Model(k, n, dim).ToByteArray(), settings);
        GC.Collect();
        Dictionary<string, OrtTensor> x =
            new() { ["x"] = OrtTensor.Create([.. Enumerable.Range(0, k).Select(i => (float)Math.Sin(i))], 1, k) };
        double[] seconds =
            InterleavedTimer.Medians(options.Number("--rounds", 21), () => dense.Run(x), () => distances.Run(x));
        double whole = seconds[0] * n / denseColumns;
        Console.WriteLine(
            "| K x N | H d | dense columns measured | dense ms (all columns) | dyn-l1 ms | dense / dyn-l1 "
                + "|\n|---|---|---|---|---|---|");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {k} x {n} | {dim} | {denseColumns} | {1e3 * whole:0.0} | {1e3 * seconds[1]:0.000} | "
                    + $"{whole / seconds[1]:0} |"));
        return 0;
    }

    private static ModelProto Model(int k, int n, int dim)
    {
        Random random = new(1);
        ParameterTensor range =
            new([.. Enumerable.Repeat(-1f, dim), .. Enumerable.Repeat(1f / 128, dim)], [2, dim], ParameterType.Float32);
        MetricStates states = new(States(random, dim, k), States(random, dim, n), range);
        DynWeight weight = new(
            k, n, null, null,
            new MetricTerm(new DynL1Metric(states, new ParameterTensor([1f], [1], ParameterType.Float32))));
        ModelProto model = DynModel.Empty(DataType.Float, weight, Opset, 2);
        DynModel.AddNode(model, weight, "x", "t", "l0_", "DynMatMul", null);
        model.Graph.Initializer.Add(TensorWriter.Int64("first", [1], [0L]));
        model.Graph.Initializer.Add(TensorWriter.Int64("end", [1], [1L]));
        model.Graph.Initializer.Add(TensorWriter.Int64("axis", [1], [1L]));
        NodeProto slice = new() { OpType = "Slice", Input = { "t", "first", "end", "axis" }, Output = { "y" } };
        model.Graph.Node.Add(slice);
        model.Graph.Output.Clear();
        model.Graph.Output.Add(
            new ValueInfoProto { Name = "y",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } } });
        return model;
    }

    private static PackedCodes States(Random random, int dim, int columns)
    {
        CodeLayout layout = new(dim, columns, 8, CodeLayout.ChooseGroupWidth(columns));
        byte[] bytes = new byte[layout.ByteLength];
        random.NextBytes(bytes);
        return new PackedCodes(layout, bytes);
    }
}
