using System.Diagnostics;

namespace FlatLearning.Benchmarks;

/// <summary>Times several actions in turns, so that a slow moment of the machine falls on all of them.</summary>
internal static class InterleavedTimer
{
    /// <summary>
    /// Median seconds of each action over <paramref name="rounds"/> rounds, after unmeasured ones in which the JIT
    /// settles.
    /// </summary>
    public static double[] Medians(int rounds, params IReadOnlyList<Action> actions) =>
        Array.ConvertAll(Sorted(rounds, actions), times => times[times.Length / 2]);

    /// <summary>
    /// The tenth percentile of each action: on a machine that others use, short actions find a moment without them. Not
    /// the least, because the clock of a virtual machine may jump.
    /// </summary>
    public static double[] Undisturbed(int rounds, params IReadOnlyList<Action> actions) =>
        Array.ConvertAll(Sorted(rounds, actions), times => times[times.Length / 10]);

    private static double[][] Sorted(int rounds, IReadOnlyList<Action> actions)
    {
        double[][] seconds = new double[actions.Count][];
        for (int a = 0; a < actions.Count; a++)
        {
            seconds[a] = new double[rounds];
        }

        for (int warmUp = 0; warmUp < 4; warmUp++)
        {
            foreach (Action action in actions)
            {
                action();
            }

            // Methods called often enough are compiled again, fully optimised, by a background thread after 100 ms.
            Thread.Sleep(200);
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int a = 0; a < actions.Count; a++)
            {
                long start = Stopwatch.GetTimestamp();
                actions[a]();
                seconds[a][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        Array.ForEach(seconds, Array.Sort);
        return seconds;
    }
}
