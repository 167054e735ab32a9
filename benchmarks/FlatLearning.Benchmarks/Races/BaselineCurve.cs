using System.Globalization;
using FlatLearning.Benchmarks.Published;

namespace FlatLearning.Benchmarks.Races;

/// <summary>
/// Error of the published recipe against its steps after the picks, from this run and perhaps from a longer recorded
/// one.
/// </summary>
internal sealed class BaselineCurve(IReadOnlyList<Checkpoint> measured, IReadOnlyList<Checkpoint> recorded)
{
    /// <summary>A prediction reaches at most so many times further than the steps done.</summary>
    private const double FurthestPrediction = 10;

    /// <summary>Reads the checkpoints from the tables that <c>published-fit</c> prints, one list per table.</summary>
    public static List<List<Checkpoint>> Read(IEnumerable<string> lines)
    {
        List<List<Checkpoint>> runs = [];
        foreach (string line in lines)
        {
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (cells is [_, "step", ..])
            {
                runs.Add([]);
            }
            else if (cells.Length == 8
                && long.TryParse(cells[1], CultureInfo.InvariantCulture, out long step)
                && runs.Count > 0)
            {
                runs[^1].Add(
                    new Checkpoint(step, Number(cells[2]), Number(cells[3]), Number(cells[5]), Number(cells[6])));
            }
        }

        return runs;
    }

    /// <summary>
    /// Steps after the picks until the error is at most <paramref name="level"/>, and how that is known; infinity where
    /// it is not.
    /// </summary>
    public (double Steps, Reach Reach) StepsTo(double level)
    {
        if (measured.FirstOrDefault(c => c.Error <= level) is { } here)
        {
            return (here.Step + 1, Reach.Measured);
        }

        if (recorded.FirstOrDefault(c => c.Error <= level) is { } there)
        {
            return (there.Step + 1, Reach.Recorded);
        }

        IReadOnlyList<Checkpoint> longest = recorded.Count > 0 ? recorded : measured;
        double steps = Extrapolate(longest, level);
        return longest.Count > 0 && steps <= FurthestPrediction * (longest[^1].Step + 1)
            ? (steps, Reach.Extrapolated)
            : (double.PositiveInfinity, Reach.Unknown);
    }

    /// <summary>Least squares of log error against log step over the second half of the checkpoints.</summary>
    private static double Extrapolate(IReadOnlyList<Checkpoint> points, double level)
    {
        (double X, double Y)[] logs = [
            .. points.Skip(points.Count / 2).Select(c => (Math.Log(c.Step + 1), Math.Log(c.Error)))];
        if (logs.Length < 2)
        {
            return double.PositiveInfinity;
        }

        (double x, double y) = (logs.Average(p => p.X), logs.Average(p => p.Y));
        double slope = logs.Sum(p => (p.X - x) * (p.Y - y)) / logs.Sum(p => (p.X - x) * (p.X - x));
        return slope < 0
            ? Math.Max(points[^1].Step + 1, Math.Exp(x + ((Math.Log(level) - y) / slope)))
            : double.PositiveInfinity;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
