using System.Diagnostics;

namespace FlatLearning.Fitting.Surveys;

/// <summary>
/// Shares the wall-clock time that is left out over the metrics that are left, so that on a busy machine all of them
/// end early rather than the last ones not at all. On an idle one their budgets of operations end them before.
/// Thread-safe.
/// </summary>
internal sealed class SurveyClock(double seconds, int threads)
{
    /// <summary>A fit needs some time to be worth its name; at the end the cancellation takes over.</summary>
    private const double Min = 0.05;

    private readonly long _start = Stopwatch.GetTimestamp();
    private int _left;

    /// <summary>Announces fits that will ask for their share.</summary>
    public void Expect(int fits) => Interlocked.Add(ref _left, fits);

    /// <summary>The seconds that the next fit may take.</summary>
    public double Next()
    {
        int left = Math.Max(1, Interlocked.Decrement(ref _left) + 1);
        return Math.Max(Min, (seconds - Stopwatch.GetElapsedTime(_start).TotalSeconds) * threads / left);
    }
}
