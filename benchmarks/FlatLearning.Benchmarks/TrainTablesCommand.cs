using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting.Codes;

namespace FlatLearning.Benchmarks;

/// <summary>
/// <c>train-tables [BITS TAPS STARTS]...</c>: trains the Gaussian tables that the fits start from (StartTables.cs) and
/// prints them with their mean squared error on a fresh sample and the encoder's speed.
/// </summary>
internal static class TrainTablesCommand
{
    private const int FreshSeed = 77;

    public static int Run(string[] arguments)
    {
        for (int i = 0; i + 2 < arguments.Length; i += 3)
        {
            (int bits, int taps, int starts) = (int.Parse(
                arguments[i],
                CultureInfo.InvariantCulture), int.Parse(
                    arguments[i + 1],
                    CultureInfo.InvariantCulture), int.Parse(arguments[i + 2], CultureInfo.InvariantCulture));
            (AdditiveTables tables, _) = TableTrainer.Train(bits, taps, 2048, starts, 40, 1);
            (tables, _) = TableTrainer.Improve(tables, TableTrainer.Gaussian(16 * 16384, 2), 15);
            float[] fresh = TableTrainer.Gaussian(16 * 8192, FreshSeed);
            Stopwatch watch = Stopwatch.StartNew();
            (_, double error) = TableTrainer.Improve(tables, fresh, 2);
            double rate = 2 * fresh.Length / watch.Elapsed.TotalSeconds / 1e6;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"        // {bits} bits, {taps} taps: error {error:0.00000} on a unit Gaussian ({rate:0.00} "
                        + $"million weights/s on one core)"));
            Console.WriteLine($"        [({bits}, {taps})] = [");
            for (int t = 0; t < taps; t++)
            {
                IEnumerable<string> row = tables.Values.Skip(t << bits)
                    .Take(1 << bits)
                    .Select(v => v.ToString("0.0000", CultureInfo.InvariantCulture) + "f");
                Console.WriteLine($"            {string.Join(", ", row)},");
            }

            Console.WriteLine("        ],");
        }

        return 0;
    }
}
