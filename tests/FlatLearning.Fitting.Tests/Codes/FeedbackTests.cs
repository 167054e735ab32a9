using FlatLearning.Dyn;
using FlatLearning.Dyn.Layout;
using FlatLearning.Fitting.Codes;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Tests.Codes;

public class FeedbackTests
{
    /// <summary>
    /// M is stored in float32 and its rows have at most 30 terms of magnitude one: 30 roundings of 2^-24, with room.
    /// </summary>
    private const double FactorRounding = 1e-5;

    [Fact]
    public void Factor_CorrelatedWeight_GivesBackItWithTheRidge()
    {
        const int N = 30;
        Hessian weight = Correlated(N, 0.8);
        FeedbackFactor factor = weight.FactorBy(ThreadWorkers.Single);
        for (int i = 0; i < N; i++)
        {
            for (int j = 0; j < N; j++)
            {
                double sum = 0;
                for (int k = 0; k < N; k++)
                {
                    sum += Element(factor, k, i) * factor.Diagonal[k] * Element(factor, k, j);
                }

                double expected = weight.Values[(i * N) + j] + (i == j ? Hessian.DefaultRidge : 0);
                Assert.True(Math.Abs(sum - expected) <= FactorRounding, $"{i}, {j}: {sum} against {expected}");
            }
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Beam_ThreeRows_FindsTheLeastErrorOfAll(int bits, int taps)
    {
        // Up to 32 prefixes are kept, so with 2 bits nothing is dropped before the last row; with 3 bits half of the
        // prefixes is.
        Hessian weight = Correlated(3, 0.9);
        AdditiveTables tables = StartTablesOf(bits, taps);
        float[] diagonal = Array.ConvertAll(weight.FactorBy(ThreadWorkers.Single).Diagonal, value => (float)value);
        BeamEncoder beam = new(tables, 3);
        for (int trial = 0; trial < 40; trial++)
        {
            float[] x = TableTrainer.Gaussian(3, 100 + trial);
            byte[] codes = new byte[3];
            beam.Encode(x, weight.FactorBy(ThreadWorkers.Single).Lower, diagonal, codes);
            double min = double.PositiveInfinity;
            for (int all = 0; all < 1 << (3 * bits); all++)
            {
                byte[] candidate = [
                    .. Enumerable.Range(0, 3).Select(k => (byte)((all >> (k * bits)) & ((1 << bits) - 1)))];
                min = Math.Min(min, Cost(weight, tables, x, candidate));
            }

            double found = Cost(weight, tables, x, codes);
            Assert.True(found <= (min * 1.0001) + 1e-9, $"trial {trial}: {found} against {min}");
        }
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(4, 3)]
    [InlineData(4, 1)]
    public void Beam_LongColumns_IsBetterThanCodingRowByRow(int bits, int taps)
    {
        const int N = 200;
        Hessian weight = Correlated(N, 0.9);
        AdditiveTables tables = StartTablesOf(bits, taps);
        float[] diagonal = Array.ConvertAll(weight.FactorBy(ThreadWorkers.Single).Diagonal, value => (float)value);
        BeamEncoder beam = new(tables, N);
        (double sumBeam, double sumGreedy) = (0, 0);
        for (int trial = 0; trial < 4; trial++)
        {
            float[] x = TableTrainer.Gaussian(N, 300 + trial);
            byte[] codes = new byte[N];
            beam.Encode(x, weight.FactorBy(ThreadWorkers.Single).Lower, diagonal, codes);
            sumBeam += Cost(weight, tables, x, codes);
            sumGreedy += Cost(weight, tables, x, Greedy(weight.FactorBy(ThreadWorkers.Single), tables, x));
        }

        Assert.True(sumBeam < 0.97 * sumGreedy, $"{sumBeam} against {sumGreedy}");
    }

    [Fact]
    public void Beam_ManyEqualLevels_StillEncodes()
    {
        AdditiveTables tables = new(4, 1, new float[16]);
        byte[] codes = new byte[50];
        new BeamEncoder(tables, 50).Encode(
            TableTrainer.Gaussian(50, 1), new float[2500], [.. Enumerable.Repeat(1f, 50)], codes);
        Assert.All(codes, code => Assert.InRange(code, 0, 15));
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 1)]
    [InlineData(3, 2)]
    public void Descent_AnyStart_EndsWhereNoSingleCodeImproves(int bits, int taps)
    {
        const int N = 12;
        Hessian weight = Correlated(N, 0.7);
        AdditiveTables tables = StartTablesOf(bits, taps);
        float[] scaled = [.. weight.Values.ToArray().Select(value => (float)value)];
        CodeDescent descent = new(tables, scaled);
        float[] x = TableTrainer.Gaussian(N, 7);
        byte[] codes = new byte[N];
        float[] errors = [.. Enumerable.Range(0, N).Select(k => (float)(x[k] - tables.Sum(codes, k, 0, 1)))];
        double before = Energy(weight, tables, x, codes);
        double reported = 0;
        for (int repeat = 0; repeat < 5; repeat++)
        {
            reported = descent.Improve(errors, codes);
        }

        double after = Energy(weight, tables, x, codes);
        Assert.True(after < before, $"{after} against {before}");
        Assert.InRange(reported, after * 0.99999, after * 1.00001);
        for (int k = 0; k < N; k++)
        {
            for (int code = 0; code < tables.Levels; code++)
            {
                byte[] other = (byte[])codes.Clone();
                other[k] = (byte)code;
                Assert.True(Energy(weight, tables, x, other) >= after * 0.99999, $"row {k}, code {code}");
            }
        }
    }

    /// <summary>
    /// The published procedure (GPTQ) in double precision: round a row, spread its error over the rows to come by the
    /// inverse of H, which then loses the row.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Fit_FullWeight_IsNoWorseThanDenseErrorFeedback(int bits)
    {
        const int K = 96;
        const int N = 40;
        Hessian weight = Correlated(K, 0.85);
        float[] w = Samples.Gaussian(K, N);
        FitResult result = WeightFitter.Fit(
            w,
            K,
            N,
            new UniformCodesPlan { Bits = bits, Taps = 1, RowScales = RowScales.Never },
            new FitOptions { Hessian = weight });
        double reference = weight.Energy(DenseFeedback(w, K, N, weight, result.Weight!), N)
            / weight.Energy(Array.ConvertAll(w, value => (double)value), N);
        Assert.True(result.WeightedError < reference, $"{result.WeightedError} against {reference}");
        Assert.True(
            result.WeightedError > 0.5 * reference,
            $"{result.WeightedError} against {reference}: the reference is broken");
    }

    /// <summary>H[i,j] = correlation^|i-j|.</summary>
    internal static Hessian Correlated(int rows, double correlation) =>
        Hessian.Full(
            [.. Enumerable.Range(0, rows * rows).Select(i => Math.Pow(correlation, Math.Abs((i / rows) - (i % rows))))],
            rows);

    private static AdditiveTables StartTablesOf(int bits, int taps) => taps > 1
        ? StartTables.Get(bits, taps)
        : new AdditiveTables(
            bits,
            1,
            Array.ConvertAll(
                LloydMax.Fit(
                    Array.ConvertAll(TableTrainer.Gaussian(4000, 2), x => (double)x),
                    [.. Enumerable.Repeat(1.0, 4000)],
                    1 << bits,
                    out _),
                x => (float)x));

    private static double Element(FeedbackFactor factor, int k, int j) =>
        k == j ? 1 : factor.Lower[(k * factor.Diagonal.Length) + j];

    /// <summary>eᵀ (H + ridge) e, what the beam minimises.</summary>
    private static double Cost(Hessian weight, AdditiveTables tables, float[] x, byte[] codes)
    {
        double ridge = Enumerable.Range(0, x.Length)
            .Sum(k => Hessian.DefaultRidge * Math.Pow(x[k] - tables.Sum(codes, k, 0, 1), 2));
        return Energy(weight, tables, x, codes) + ridge;
    }

    private static double Energy(Hessian weight, AdditiveTables tables, float[] x, byte[] codes) =>
        weight.Energy(
            Enumerable.Range(0, x.Length).Select(k => (double)x[k] - tables.Sum(codes, k, 0, 1)).ToArray(), 1);

    private static byte[] Greedy(FeedbackFactor factor, AdditiveTables tables, float[] x)
    {
        byte[] codes = new byte[x.Length];
        double[] errors = new double[x.Length];
        for (int k = 0; k < x.Length; k++)
        {
            double target = x[k];
            for (int j = 0; j < k; j++)
            {
                target += Element(factor, k, j) * errors[j];
            }

            double min = double.PositiveInfinity;
            byte best = 0;
            for (int code = 0; code < tables.Levels; code++)
            {
                codes[k] = (byte)code;
                double distance = Math.Abs(target - tables.Sum(codes, k, 0, 1));
                (best, min) = distance < min ? ((byte)code, distance) : (best, min);
            }

            codes[k] = best;
            errors[k] = x[k] - tables.Sum(codes, k, 0, 1);
        }

        return codes;
    }

    private static double[] DenseFeedback(float[] w, int rows, int columns, Hessian weight, DynWeight fitted)
    {
        double[] inverse = Inverse(weight, rows);
        double[] left = Array.ConvertAll(w, value => (double)value);
        double[] errors = new double[w.Length];
        for (int k = 0; k < rows; k++)
        {
            for (int n = 0; n < columns; n++)
            {
                double scale = fitted.ColumnScale!.Values[n];
                double rounded = fitted.Codebook!.Table.Values.Select(level => level * scale)
                    .MinBy(level => Math.Abs(level - left[(k * columns) + n]));
                errors[(k * columns) + n] = w[(k * columns) + n] - rounded;
                double step = (left[(k * columns) + n] - rounded) / inverse[(k * rows) + k];
                for (int j = k + 1; j < rows; j++)
                {
                    left[(j * columns) + n] -= step * inverse[(j * rows) + k];
                }
            }

            // The inverse of H without row k.
            for (int i = k + 1; i < rows; i++)
            {
                for (int j = k + 1; j < rows; j++)
                {
                    inverse[(i * rows) + j] -=
                        inverse[(i * rows) + k] * inverse[(k * rows) + j] / inverse[(k * rows) + k];
                }
            }
        }

        return errors;
    }

    /// <summary>(H + ridge)^-1 by Gauss and Jordan.</summary>
    private static double[] Inverse(Hessian weight, int n)
    {
        double[] matrix = weight.Values.ToArray();
        double[] inverse = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] += Hessian.DefaultRidge;
            inverse[(i * n) + i] = 1;
        }

        for (int pivot = 0; pivot < n; pivot++)
        {
            double factor = 1 / matrix[(pivot * n) + pivot];
            for (int j = 0; j < n; j++)
            {
                (matrix[(pivot * n) + j], inverse[(pivot * n) + j]) =
                    (matrix[(pivot * n) + j] * factor, inverse[(pivot * n) + j] * factor);
            }

            for (int i = 0; i < n; i++)
            {
                double share = i == pivot ? 0 : matrix[(i * n) + pivot];
                for (int j = 0; j < n; j++)
                {
                    matrix[(i * n) + j] -= share * matrix[(pivot * n) + j];
                    inverse[(i * n) + j] -= share * inverse[(pivot * n) + j];
                }
            }
        }

        return inverse;
    }
}
