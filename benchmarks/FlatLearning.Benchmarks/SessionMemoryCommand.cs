using System.Diagnostics;
using System.Globalization;
using FlatLearning.Onnx.Evaluation.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>session-memory --library FILE --k N --n N --layers N [--rows N] [--contenders fp32,nbits,dyn4x1] [--threads
/// N]</c>: resident memory that a session adds to a process, after it was opened from a file and after its first run,
/// for chains of products (<see cref="ShapeModel"/>). Every contender runs in a process of its own, which has opened
/// and closed another session before, so that what ONNX Runtime keeps for all sessions does not count. Ratios are to
/// the first contender, after the run.
/// </summary>
internal static class SessionMemoryCommand
{
    private const string ChildSwitch = "--child";
    private const double Megabyte = 1e6;

    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        if (options.Has(ChildSwitch))
        {
            return Child(options);
        }

        (int k, int n, int layers) =
            (options.Number("--k", 4096), options.Number("--n", 4096), options.Number("--layers", 6));
        Console.WriteLine(
            $"{layers} layers of {k} x {n} in a chain, {options.Number("--rows", 1)} rows, "
                + $"{options.Number("--threads", 2)} threads\n");
        Console.WriteLine(
            "| contender | file MB | opened MB | after a run MB | peak MB | ratio |\n|---|---|---|---|---|---|");
        double? first = null;
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("flat-session-memory-");
        try
        {
            foreach (string contender in options.Text("--contenders", "fp32,nbits,dyn4x1").Split(','))
            {
                string path = Path.Combine(scratch.FullName, "model.onnx");
                using (FileStream file = File.Create(path))
                {
                    ShapeModel.Create(contender, k, n, layers).WriteTo(file);
                }

                double[] megabytes = Measure(arguments, contender, path);
                first ??= megabytes[1];
                string row =
                    string.Join(" | ", megabytes.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture)));
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {contender} | {new FileInfo(path).Length / Megabyte:0.0} | {row} | "
                            + $"{megabytes[1] / first:0.000} |"));
            }
        }
        finally
        {
            scratch.Delete(recursive: true);
        }

        return 0;
    }

    private static double[] Measure(string[] arguments, string contender, string path)
    {
        using Process child = Process.Start(
            ChildCommand.Of("session-memory", [.. arguments, ChildSwitch, contender, "--model", path]))!;
        string answer = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? Array.ConvertAll(answer.Split(), text => double.Parse(text, CultureInfo.InvariantCulture) / Megabyte)
            : throw new InvalidOperationException($"The process of {contender} ended with status {child.ExitCode}.");
    }

    /// <summary>Answers with the bytes that a session adds: opened, after a run, and at most.</summary>
    private static int Child(Arguments options)
    {
        string contender = options.Required(ChildSwitch);
        using SessionOptions settings = ContenderOptions.Create(
            contender, options.Number("--threads", 2), options.Text("--library", string.Empty));
        new InferenceSession(ShapeModel.Create(contender, 64, 64, 1).ToByteArray(), settings).Dispose();
        int width = options.Number("--k", 4096);
        int rows = options.Number("--rows", 1);
        Dictionary<string, OrtTensor> inputs = new() { ["x"] = OrtTensor.Create(new float[rows * width], rows, width) };
        (long before, long peakBefore) = Resident();
        using InferenceSession session = new(options.Required("--model"), settings);
        long opened = Resident().Now;
        _ = session.Run(inputs);
        (long after, long peak) = Resident();
        Console.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{opened - before} {after - before} {Math.Max(peak, peakBefore) - before}"));
        return 0;
    }

    private static (long Now, long Peak) Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return (process.WorkingSet64, process.PeakWorkingSet64);
    }
}
