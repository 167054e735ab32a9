using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Terms;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Onnx.Operators;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Portable.Terms;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.Onnx.Evaluation.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Benchmarks;

/// <summary>
/// What a model of one weight costs to load without the library: seconds and peak memory of session creation, each in a
/// process of its own, the fastest of <c>--repeats</c> (3). <c>--size</c> (4096), <c>--opset</c> (17), <c>--only</c>
/// (part of a case's name), <c>--onnxruntime</c> (library or folder, of the package's version or newer).
/// </summary>
internal static class PortableLoadCommand
{
    private const string ChildSwitch = "--child";

    /// <summary>Runs the parent, or the child that loads one model.</summary>
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        if (options.Has(ChildSwitch))
        {
            return Load(options.Required(ChildSwitch), options.Number("--size", 0));
        }

        int size = options.Number("--size", 4096);
        string only = options.Text("--only", string.Empty);
        string folder = Directory.CreateTempSubdirectory("portable-load").FullName;
        try
        {
            Console.WriteLine(
                $"{size} x {size}; ONNX Runtime {options.Text("--onnxruntime", "as pinned")}; "
                    + $"{Environment.ProcessorCount} cores; opset {options.Number("--opset", 17)}");
            Console.WriteLine(
                "| representation | file MB | load s | processor s | 10^6 weights/s | peak MB | resident MB "
                    + "afterwards | relative L2 of sampled rows |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
            MeasureDense(size, options, folder);
            foreach ((string name, Func<DynWeight> create) in PortableLoadCases.Create(size))
            {
                if (name.Contains(only, StringComparison.Ordinal))
                {
                    Measure(name, create(), size, options, folder);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>The same layer as a MatMul with a float32 initializer: what loading costs at least.</summary>
    private static void MeasureDense(int size, Arguments options, string folder)
    {
        (_, Func<DynWeight> create) = PortableLoadCases.Create(size)[0];
        ModelProto model = DynModel.Empty(TensorProto.Types.DataType.Float, create(), options.Number("--opset", 17), 2);
        float[] weight = new float[size * size];
        Random random = new(1);
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] = random.NextSingle();
        }

        NodeProto node = new() { OpType = MatMulOperator.Type };
        node.Input.AddRange(["x", "w"]);
        node.Output.Add("y");
        model.Graph.Node.Add(node);
        model.Graph.Initializer.Add(TensorWriter.Float32("w", [size, size], weight));
        Print("dense float32", Loaded("dense float32", model, size, options, folder), size, string.Empty);
    }

    private static void Measure(string name, DynWeight weight, int size, Arguments options, string folder)
    {
        int opset = options.Number("--opset", 17);
        if (DynStructure.Of(weight, opset, out string? reason) is not { } structure)
        {
            Console.WriteLine($"| {name} | not portable: {reason} |");
            return;
        }

        LoadFigures figures = Loaded(name, DynModel.Create(weight, structure, opset), size, options, folder);
        string detail = structure.Terms.OfType<MetricBody>().FirstOrDefault()?.Expansion is { } expansion
            ? $" ({expansion.Terms} terms)"
            : string.Empty;
        Print(name + detail, figures, size, Error(figures.Y, weight).ToString("E1", CultureInfo.InvariantCulture));
    }

    private static LoadFigures Loaded(string name, ModelProto model, int size, Arguments options, string folder)
    {
        string path = Path.Combine(folder, "model.onnx");
        using (FileStream file = File.Create(path))
        {
            model.WriteTo(file);
        }

        // The child does not wait for anything but processors, so the fastest run is the one that shared them least.
        return Enumerable.Range(0, options.Number("--repeats", 3))
            .Select(_ => LoadOnce(name, path, size, options))
            .MinBy(figures => figures.Seconds)!;
    }

    private static LoadFigures LoadOnce(string name, string path, int size, Arguments options)
    {
        ProcessStartInfo start = ChildCommand.Of("portable-load", ChildSwitch, path, "--size", $"{size}");
        if (options.Has("--onnxruntime"))
        {
            start.Environment[OrtRuntime.EnvironmentVariable] = options.Required("--onnxruntime");
        }

        using Process child = Process.Start(start)!;
        string line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (child.ExitCode != 0 || fields.Length != 4)
        {
            throw new InvalidOperationException($"loading '{name}' ended with exit code {child.ExitCode}: {line}");
        }

        double[] numbers = Array.ConvertAll(fields, field => double.Parse(field, CultureInfo.InvariantCulture));
        return new LoadFigures(
            new FileInfo(path).Length, numbers[0], numbers[3], numbers[1], numbers[2], File.ReadAllBytes(path + ".y"));
    }

    private static void Print(string name, LoadFigures figures, int size, string error) =>
        Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {figures.FileBytes / 1e6:F1} | {figures.Seconds:F2} | {figures.ProcessorSeconds:F2} | "
            + $"{(double)size * size / figures.Seconds / 1e6:F1} | {figures.PeakMegabytes} | "
            + $"{figures.ResidentMegabytes} | {error} |"));

    private static int[] SampledRows(int size) => [0, 1, size / 2, size - 1];

    /// <summary>
    /// Child: loads, runs on unit vectors, prints seconds, peak and resident megabytes added by the session.
    /// </summary>
    private static int Load(string path, int size)
    {
        using SessionOptions settings = OrtRuntime.Options();
        TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
        Stopwatch clock = Stopwatch.StartNew();
        long before = Status("VmRSS");
        using InferenceSession session = new(path, settings);
        double seconds = clock.Elapsed.TotalSeconds;
        double processor = (Environment.CpuUsage.TotalTime - processorBefore).TotalSeconds;
        long peak = Status("VmHWM") - before;
        long resident = Status("VmRSS") - before;
        int[] rows = SampledRows(size);
        float[] x = new float[rows.Length * size];
        for (int r = 0; r < rows.Length; r++)
        {
            x[(r * size) + rows[r]] = 1;
        }

        OrtTensor y =
            session.Run(new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, rows.Length, size) })[0];
        File.WriteAllBytes(path + ".y", y.Bytes.ToArray());
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{seconds} {peak / 1000} {resident / 1000} {processor}"));
        return 0;
    }

    /// <summary>A line of /proc/self/status in kilobytes.</summary>
    private static long Status(string name) => long.Parse(
        File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static double Error(byte[] y, DynWeight weight)
    {
        ReadOnlySpan<float> actual = MemoryMarshal.Cast<byte, float>(y);
        Metric? metric = weight.Find<MetricTerm>()?.Metric;
        UniformCodes? codes = weight.Find<UniformCodes>();
        double[] q = metric?.States.DecodeColumns() ?? [];
        int d = metric?.States.Coordinates ?? 0;
        (double error, double norm) = (0, 0);
        double[] p = new double[d];
        int index = 0;
        foreach (int k in SampledRows(weight.Rows))
        {
            for (int i = 0; i < d; i++)
            {
                p[i] = metric!.States.Row(k, i);
            }

            for (int n = 0; n < weight.Columns; n++, index++)
            {
                double expected = (metric?.Evaluate(p, q.AsSpan(n * d, d)) ?? 0)
                    + (codes is null ? 0 : ReferenceDecoder.Code(codes.Codes, codes.Codebook, k, n));
                expected *= weight.RowScale!.Values[k] * (double)weight.ColumnScale!.Values[n];
                error += (actual[index] - expected) * (actual[index] - expected);
                norm += expected * expected;
            }
        }

        return Math.Sqrt(error / norm);
    }
}
