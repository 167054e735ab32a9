using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Measures a machine's memory bandwidth and float32 peak: the best of several short passes with all threads at once.
/// </summary>
internal static class MachineProbe
{
    private const int Passes = 12;
    private const int PeakSteps = 2_000_000;
    private const int CachesOver = 4;
    private const long MinBytes = 256L << 20;

    /// <summary>Measures, in about a second.</summary>
    public static MachineFigures Measure(int threads)
    {
        long cache = CacheSize.LastLevel();
        return new MachineFigures(
            threads, Bandwidth(threads, Math.Max(CachesOver * cache, MinBytes)), Peak(threads), cache);
    }

    /// <summary>Bytes per second of reading a buffer far larger than the last-level cache.</summary>
    /// <param name="threads">Threads, each with its own part.</param>
    /// <param name="bytes">The buffer's size.</param>
    internal static unsafe double Bandwidth(int threads, long bytes)
    {
        nuint part = (nuint)(bytes / threads / StreamRead.Step * StreamRead.Step);
        nint[] parts = new nint[threads];
        try
        {
            // Written by the thread that reads it, so that it lies near that thread.
            double best = BestPass(threads, worker =>
            {
                if (parts[worker] == 0)
                {
                    parts[worker] = (nint)NativeMemory.Alloc(part);
                    NativeMemory.Fill((void*)parts[worker], part, 1);
                }

                return StreamRead.Sum((byte*)parts[worker], part);
            });
            return part * (double)threads / best;
        }
        finally
        {
            foreach (nint one in parts)
            {
                NativeMemory.Free((void*)one);
            }
        }
    }

    /// <summary>Float32 operations per second, two for a multiplication with addition.</summary>
    internal static double Peak(int threads)
    {
        (Func<int, float> work, int lanes) = Vector512.IsHardwareAccelerated
            ? (FusedChains<Vector512<float>, Lanes512>.Run, Lanes512.Count)
            : Vector256.IsHardwareAccelerated ? (FusedChains<Vector256<float>, Lanes256>.Run, Lanes256.Count)
            : ((Func<int, float>)FusedChains<Vector128<float>, Lanes128>.Run, Lanes128.Count);
        return 2.0 * FusedChains<Vector128<float>, Lanes128>.Chains * lanes * PeakSteps * threads
            / BestPass(threads, _ => work(PeakSteps));
    }

    /// <summary>Seconds of the fastest pass, from the first thread's start to the last one's end.</summary>
    private static double BestPass(int threads, Func<int, float> work)
    {
        double best = double.PositiveInfinity;
        long start = 0;
        // The last to arrive runs the action: all start together and are timed from there.
        using Barrier barrier = new(threads, _ =>
        {
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = start == 0 ? best : Math.Min(best, seconds);
            start = Stopwatch.GetTimestamp();
        });
        float[] results = new float[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(worker => new Thread(() =>
        {
            // One pass in which the memory is written and the code compiled, without being timed.
            results[worker] = work(worker);
            for (int pass = 0; pass <= Passes; pass++)
            {
                barrier.SignalAndWait();
                results[worker] += pass < Passes ? work(worker) : 0;
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        GC.KeepAlive(results);
        return best;
    }
}
