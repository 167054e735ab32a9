using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Onnx.Portable;
using FlatLearning.Onnx.Tests.Portable;
using FlatLearning.OnnxRuntime;
using Google.Protobuf;

namespace FlatLearning.Benchmarks;

/// <summary>
/// What a model of one weight costs to load without the library: seconds and peak memory of session creation, each in a process of
/// its own. <c>--size</c> (4096), <c>--opset</c> (17), <c>--only</c> (part of a case's name), <c>--onnxruntime</c> (library or folder).
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
            Console.WriteLine($"{size} x {size}; ONNX Runtime {options.Text("--onnxruntime", "as pinned")}; {Environment.ProcessorCount} cores; opset {options.Number("--opset", 17)}");
            Console.WriteLine("| representation | file MB | load s | processor s | 10^6 weights/s | peak MB | resident MB afterwards | relative L2 of sampled rows |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|");
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

    private static void Measure(string name, DynWeight weight, int size, Arguments options, string folder)
    {
        int opset = options.Number("--opset", 17);
        if (DynStructure.Of(weight, opset) is not { } structure)
        {
            Console.WriteLine($"| {name} | not portable |");
            return;
        }

        string path = Path.Combine(folder, "model.onnx");
        byte[] model = DynModel.Create(weight, structure, opset).ToByteArray();
        File.WriteAllBytes(path, model);
        ProcessStartInfo start = new(Environment.ProcessPath!, ["portable-load", ChildSwitch, path, "--size", $"{size}"]) { RedirectStandardOutput = true };
        if (options.Has("--onnxruntime"))
        {
            start.Environment[OrtLibrary.EnvironmentVariable] = options.Required("--onnxruntime");
        }

        using Process child = Process.Start(start)!;
        string line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (child.ExitCode != 0 || fields.Length != 4)
        {
            throw new InvalidOperationException($"loading '{name}' ended with exit code {child.ExitCode}: {line}");
        }

        double seconds = double.Parse(fields[0], CultureInfo.InvariantCulture);
        double error = Error(File.ReadAllBytes(path + ".y"), weight);
        string detail = structure.Expansion is { } expansion ? $" ({expansion.Terms} terms)" : string.Empty;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name}{detail} | {model.Length / 1e6:F1} | {seconds:F2} | {double.Parse(fields[3], CultureInfo.InvariantCulture):F2} | {(double)size * size / seconds / 1e6:F1} | {fields[1]} | {fields[2]} | {error:E1} |"));
    }

    private static int[] SampledRows(int size) => [0, 1, size / 2, size - 1];

    /// <summary>Child: loads, runs on unit vectors, prints seconds, peak and resident megabytes added by the session.</summary>
    private static int Load(string path, int size)
    {
        OrtEnvironment environment = OrtEnvironment.Default;
        TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
        Stopwatch clock = Stopwatch.StartNew();
        long before = Status("VmRSS");
        using InferenceSession session = InferenceSession.Open(environment, path, new SessionOptions { LogSeverity = OrtLogSeverity.Error });
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

        OrtTensor y = session.Run(new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, rows.Length, size) })[0];
        File.WriteAllBytes(path + ".y", y.Bytes.ToArray());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {peak / 1000} {resident / 1000} {processor}"));
        return 0;
    }

    /// <summary>A line of /proc/self/status in kilobytes.</summary>
    private static long Status(string name) => long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    private static double Error(byte[] y, DynWeight weight)
    {
        ReadOnlySpan<float> actual = MemoryMarshal.Cast<byte, float>(y);
        double[] q = weight.Metric?.States.DecodeColumns() ?? [];
        int d = weight.Metric?.States.Coordinates ?? 0;
        (double error, double norm) = (0, 0);
        double[] p = new double[d];
        int index = 0;
        foreach (int k in SampledRows(weight.Rows))
        {
            for (int i = 0; i < d; i++)
            {
                p[i] = weight.Metric!.States.Row(k, i);
            }

            for (int n = 0; n < weight.Columns; n++, index++)
            {
                double expected = (weight.Metric?.Evaluate(p, q.AsSpan(n * d, d)) ?? 0) + (weight.Codes is { } codes ? ReferenceDecoder.Code(codes, weight.Codebook!, k, n) : 0);
                expected *= weight.RowScale!.Values[k] * (double)weight.ColumnScale!.Values[n];
                error += (actual[index] - expected) * (actual[index] - expected);
                norm += expected * expected;
            }
        }

        return Math.Sqrt(error / norm);
    }
}
