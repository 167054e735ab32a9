namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Trains additive tables for independent unit Gaussian weights: encode, solve for the tables, repeat, from several
/// random starts. Its results are kept in <see cref="StartTables"/>; combinations not kept there are trained on first
/// use.
/// </summary>
internal static class TableTrainer
{
    private const int Lanes = TrellisEncoder.Lanes;

    /// <summary>
    /// Noise put on the tables after the first rounds, in root mean square errors; it falls to nothing. Lowers the
    /// end's error by several percent.
    /// </summary>
    private const double Annealing = 1.5;

    /// <summary>The best of several starts.</summary>
    /// <param name="bits">b.</param>
    /// <param name="taps">T.</param>
    /// <param name="rows">Rows of the sixteen sample columns.</param>
    /// <param name="starts">How many random starts.</param>
    /// <param name="rounds">Rounds of encoding per start.</param>
    /// <param name="seed">Start of the random numbers.</param>
    public static (AdditiveTables Tables, double Error) Train(
        int bits, int taps, int rows, int starts, int rounds, int seed)
    {
        float[] x = Gaussian(rows * Lanes, seed);
        (AdditiveTables? best, double bestError) = (null, double.PositiveInfinity);
        for (int start = 0; start < starts; start++)
        {
            Random random = new(unchecked((seed * 1009) + start));
            (AdditiveTables tables, double error) = Improve(
                Start(bits, taps, x, random, 0.4 * Math.Pow(5, random.NextDouble())), x, rounds, random, Annealing);
            if (error < bestError)
            {
                (best, bestError) = (tables, error);
            }
        }

        return (best!, bestError);
    }

    /// <summary>
    /// Encodes and solves <paramref name="rounds"/> times, with noise on the tables in the first two thirds of the
    /// rounds where
    /// <paramref name="random"/> is given. The error is the mean square of the last encoding.
    /// </summary>
    public static (AdditiveTables Tables, double Error) Improve(
        AdditiveTables tables, float[] x, int rounds, Random? random = null, double noise = 0)
    {
        float[] weights = new float[x.Length / Lanes];
        Array.Fill(weights, 1f);
        byte[] codes = new byte[x.Length];
        double error = 0;
        using TrellisEncoder? encoder = tables.Taps > 1 ? new TrellisEncoder(tables.Bits, tables.Taps) : null;
        for (int round = 0; round < rounds; round++)
        {
            ScalarEncoder? scalar = encoder is null ? new ScalarEncoder(tables.Values) : null;
            encoder?.Encode(tables, x, weights, codes);
            for (int i = 0; scalar is not null && i < x.Length; i++)
            {
                codes[i] = scalar.Encode(x[i]);
            }

            TableStatistics statistics = new(tables.Bits, tables.Taps);
            error = 0;
            for (int lane = 0; lane < Lanes; lane++)
            {
                statistics.Add(codes, x, lane, Lanes, weights, 1);
                for (int k = 0; k < weights.Length; k++)
                {
                    double difference = x[(k * Lanes) + lane] - tables.Sum(codes, k, lane, Lanes);
                    error += difference * difference / x.Length;
                }
            }

            if (round + 1 < rounds)
            {
                tables = statistics.Solve(tables);
                double amount = noise * Math.Sqrt(error) * Math.Max(0, 1 - (1.5 * round / rounds));
                for (int i = 0; random is not null && amount > 0 && i < tables.Values.Length; i++)
                {
                    tables.Values[i] += (float)(amount * ((2 * random.NextDouble()) - 1));
                }
            }
        }

        return (tables, error);
    }

    /// <summary>Independent unit Gaussian numbers (Box and Muller).</summary>
    public static float[] Gaussian(int count, int seed)
    {
        Random random = new(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return x;
    }

    /// <summary>
    /// Lloyd-Max levels for the newest code; random shifts of a fraction of a step, without a mean, for older ones: the
    /// symmetry must be broken.
    /// </summary>
    private static AdditiveTables Start(int bits, int taps, float[] x, Random random, double spread)
    {
        double[] sample = Array.ConvertAll(x, value => (double)value);
        double[] ones = new double[sample.Length];
        Array.Fill(ones, 1.0);
        double[] levels = LloydMax.Fit(sample, ones, 1 << bits, out double error);
        float[] values = new float[taps << bits];
        double step = Math.Sqrt(12 * error / x.Length);
        for (int t = 0; t < taps; t++)
        {
            double sum = 0;
            for (int code = 0; code < levels.Length; code++)
            {
                double value = t == 0
                    ? levels[code] * (taps > 1 ? 0.97 : 1)
                    : spread * step * ((2 * random.NextDouble()) - 1) * Math.Sqrt(3.0 / (taps - 1)) * 2;
                values[(t << bits) + code] = (float)value;
                sum += value;
            }

            for (int code = 0; t > 0 && code < levels.Length; code++)
            {
                values[(t << bits) + code] -= (float)(sum / levels.Length);
            }
        }

        return new AdditiveTables(bits, taps, values);
    }
}
