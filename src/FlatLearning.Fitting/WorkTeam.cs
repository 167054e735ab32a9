namespace FlatLearning.Fitting;

/// <summary>
/// How many threads one fit may use. Work is cut into parts by sizes alone, so that results do not depend on the number
/// of threads.
/// </summary>
internal sealed class WorkTeam(int threads)
{
    private readonly ParallelOptions _options = new() { MaxDegreeOfParallelism = Math.Max(1, threads) };

    /// <summary>
    /// Calls <paramref name="body"/> for every part from 0 to <paramref name="parts"/> - 1, in any order.
    /// </summary>
    public void Run(int parts, Action<int> body)
    {
        if (threads <= 1 || parts <= 1)
        {
            for (int i = 0; i < parts; i++)
            {
                body(i);
            }

            return;
        }

        Parallel.For(0, parts, _options, body);
    }
}
