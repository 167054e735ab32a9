using FlatLearning.Dyn;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>What a child process does.</summary>
internal static class Scenarios
{
    private static readonly TensorElementType[] Types =
        [TensorElementType.Float, TensorElementType.Float16, TensorElementType.Double, TensorElementType.BFloat16];

    /// <summary>Runs the scenario named by the first argument and returns what to print.</summary>
    public static string Run(string[] args) => args[0] switch
    {
        "kernels" => NativeCases.Run(),
        "codes" => CodeCases.Run(),
        "many" => CodeCases.RunMany(),
        "identical" => CodeCases.Identical(),
        "bands" => BandCases.Run(),
        "sparse" => SparseCases.Run(),
        "allocations" => CodeCases.Allocations(args[1]),
        "compute" => Compute(args[1], int.Parse(args[2])),
        "mutate" => Mutate(args[1], int.Parse(args[2]), int.Parse(args[3])),
        "churn" => Churn(int.Parse(args[1]), int.Parse(args[2])),
        "threads" => Threads(int.Parse(args[1]), int.Parse(args[2])),
        "leave" => Leave(args[1]),
        _ => throw new ArgumentException($"There is no scenario '{args[0]}'."),
    };

    /// <summary>Random weights and types of x through a version of ONNX Runtime, against the oracle.</summary>
    private static string Compute(string version, int count)
    {
        IOnnxRuntime runtime = OrtVersions.Open(version);
        for (int seed = 0; seed < count; seed++)
        {
            DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(seed));
            NodeModel model = NodeModel.Of(weight);
            model.XType = Types[seed % Types.Length];
            OrtTensor x = Inputs.Random(seed, model.XType, 3, weight.Rows);
            using IOnnxSession session = NativeHost.Open(model, runtime);
            OrtTensor y = NativeHost.Run(session, x);
            new ProductOracle(weight).Check(x, y);

            // The same with another node behind: only there must the host infer the type of y.
            // ONNX Runtime 1.17 cannot where an optional input is left out in the middle, hence the declaration.
            model.FollowedByCast = true;
            model.DeclaresY = version.StartsWith("1.17.", StringComparison.Ordinal);
            using IOnnxSession chained = NativeHost.Open(model, runtime);
            OrtTensor z = NativeHost.Run(chained, x);
            if (!z.ToDoubles().AsSpan().SequenceEqual(Array.ConvertAll(y.ToDoubles(), v => (double)(float)v)))
            {
                throw new InvalidOperationException($"Seed {seed}: the node gives another result in front of a Cast.");
            }
        }

        return $"{runtime.Version} {count}";
    }

    /// <summary>Mutated nodes: each must be refused, or compute what the reference says of it.</summary>
    private static string Mutate(string version, int first, int count)
    {
        IOnnxRuntime runtime = OrtVersions.Open(version);
        int refused = 0;
        for (int seed = first; seed < first + count; seed++)
        {
            Console.WriteLine($"seed {seed}");
            refused += MutatedNode.Run(seed, runtime) ? 0 : 1;
        }

        return $"{refused} {count - refused}";
    }

    /// <summary>
    /// Sessions one after another; prints the growth of resident memory per session, in bytes, after a warm-up.
    /// </summary>
    private static string Churn(int warmUp, int measured)
    {
        // Much to hold and little to compute: scales and bias alone are 130 KB in the library's own memory.
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 8, Columns = 8192, Bits = 4, Taps = 2 });
        NodeModel model = NodeModel.Of(weight, Inputs.Random(1, TensorElementType.Float, weight.Columns));
        OrtTensor x = Inputs.Random(2, TensorElementType.Float, 40, weight.Rows);
        long start = 0;
        for (int i = 0; i < warmUp + measured; i++)
        {
            if (i == warmUp)
            {
                start = Resident();
            }

            using InferenceSession session = NativeHost.Open(model);
            NativeHost.Run(session, x);
        }

        return $"{(Resident() - start) / measured}";
    }

    /// <summary>Threads that open and close sessions at the same time while garbage is collected.</summary>
    private static string Threads(int threads, int sessions)
    {
        Task[] tasks = [.. Enumerable.Range(0, threads).Select(t => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < sessions; i++)
                {
                    OpenAndRun(t);
                    GC.Collect();
                }
            },
            TaskCreationOptions.LongRunning))];
        Task.WaitAll(tasks);
        return "done";
    }

    /// <summary>Ends the process in different states of a session.</summary>
    private static string Leave(string how)
    {
        DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(2));
        InferenceSession session = NativeHost.Open(NodeModel.Of(weight), threads: 4);
        NativeHost.Run(session, Inputs.Random(1, TensorElementType.Float, 64, weight.Rows));
        switch (how)
        {
            case "disposed":
                session.Dispose();
                break;
            case "exit":
                Console.WriteLine("left");
                Environment.Exit(0);
                break;
            case "open":
                GC.KeepAlive(session);
                break;
            default:
                throw new ArgumentException(how);
        }

        return "left";
    }

    private static void OpenAndRun(int seed)
    {
        DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(seed));
        using InferenceSession session = NativeHost.Open(NodeModel.Of(weight));
        OrtTensor x = Inputs.Random(seed, TensorElementType.Float, 40, weight.Rows);
        NativeHost.Run(session, x);
        NativeHost.Run(session, x);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
