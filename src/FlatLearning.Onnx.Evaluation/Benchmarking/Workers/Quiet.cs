using System.Diagnostics;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Waits until this process uses no processor time: ONNX Runtime's threads spin for a while after a run, and the next
/// model's runs would have to share the processors with them.
/// </summary>
internal static class Quiet
{
    private const double IdleShare = 0.05;
    private const int QuietLooks = 2;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Waits, and gives up after two seconds.</summary>
    /// <returns>How long it took.</returns>
    public static TimeSpan Wait()
    {
        Stopwatch clock = Stopwatch.StartNew();
        int quiet = 0;
        while (quiet < QuietLooks && clock.Elapsed < Patience)
        {
            (TimeSpan used, TimeSpan begin) = (Environment.CpuUsage.TotalTime, clock.Elapsed);
            Thread.Sleep(Look);
            double share = (Environment.CpuUsage.TotalTime - used) / (clock.Elapsed - begin);
            quiet = share < IdleShare ? quiet + 1 : 0;
        }

        return clock.Elapsed;
    }
}
