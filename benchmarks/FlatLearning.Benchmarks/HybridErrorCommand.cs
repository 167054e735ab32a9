using System.Diagnostics;
using System.Globalization;
using FlatLearning.Fitting;

namespace FlatLearning.Benchmarks;

/// <summary>exp</summary>
internal static class HybridErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(options.Required("--models"), options.Number("--min-size", 4096)))
        {
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            foreach (MatrixWeight weight in weights.OrderByDescending(w => w.Values.Length).Take(options.Number("--top", 1)))
            {
                string line = $"{name} {weight.Rows}x{weight.Columns}";
                List<(double B, double E)> points = [];
                foreach (int bits in new[] { 2, 3, 4 })
                {
                    FitResult r = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, new FitOptions { Method = FitMethod.Codes, Bits = bits });
                    points.Add((r.Weight!.BitsPerWeight, Math.Log2(r.Error) / 2));
                    line += string.Create(CultureInfo.InvariantCulture, $" | {r.Weight!.BitsPerWeight:0.00} {r.Error:0.00000}");
                }

                Console.WriteLine(line);
                foreach (string c in options.Text("--configs", "riem:4:2:4:4").Split(';'))
                {
                    string[] f = c.Split(':');
                    foreach (string mode in options.Text("--modes", "const").Split(';'))
                    {
                        Environment.SetEnvironmentVariable("HMODES", mode);
                        FitOptions fit = new()
                        {
                            Method = Enum.Parse<FitMethod>(f[0], true),
                            Residual = true,
                            Bits = options.Number("--bits", 3),
                            StateDim = int.Parse(f[1]),
                            Shifts = int.Parse(f[2]),
                            Heads = int.Parse(f[2]),
                            Width = int.Parse(f[3]),
                            StateBits = int.Parse(f[4]),
                            MetricSeconds = double.Parse(options.Text("--seconds", "2"), CultureInfo.InvariantCulture),
                        };
                        Stopwatch watch = Stopwatch.StartNew();
                        FitResult r = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, fit);
                        // equivalent bits: error of codes at the same bits, by linear interpolation of log error
                        double b = r.Weight!.BitsPerWeight;
                        (double B, double E) lo = b < points[1].B ? points[0] : points[1];
                        (double B, double E) hi = b < points[1].B ? points[1] : points[2];
                        double codes = lo.E + ((b - lo.B) / (hi.B - lo.B) * (hi.E - lo.E));
                        double gain = codes - (Math.Log2(r.Error) / 2);
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {c} {mode}: {b:0.00} bits, error {r.Error:0.00000}, gain {gain:+0.000;-0.000} bits, {watch.Elapsed.TotalSeconds:0.0} s  {r.Representation}"));
                    }
                }
            }
        }

        return 0;
    }
}
