using System.Collections.Concurrent;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Tables for independent unit Gaussian weights, from which the fit of a real weight starts. Made by
/// <c>train-tables</c> of the benchmarks, which prints them in this form; a combination not listed is trained when
/// first asked for, always to the same result.
/// </summary>
internal static partial class StartTables
{
    private const int TrainingRows = 1024;
    private const int TrainingStarts = 3;
    private const int TrainingRounds = 20;
    private static readonly ConcurrentDictionary<(int Bits, int Taps), Lazy<AdditiveTables>> Cache = new();

    /// <summary>The start for a number of bits and taps.</summary>
    public static AdditiveTables Get(int bits, int taps) =>
        Cache.GetOrAdd((bits, taps), static key => new Lazy<AdditiveTables>(() => Make(key.Bits, key.Taps))).Value;

    private static AdditiveTables Make(int bits, int taps) =>
        Trained.TryGetValue((bits, taps), out float[]? values)
            ? new AdditiveTables(bits, taps, values)
            : TableTrainer.Train(bits, taps, TrainingRows, TrainingStarts, TrainingRounds, seed: 1).Tables;
}
