using FlatLearning.Dyn.Decoding;
using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Tests.Planning;

public sealed class SparseOptionsTests
{
    [Fact]
    public void Measure_FilterBank_OffersItsElementsAlone()
    {
        float[] w = Bank(96, 40);
        PlanOption[] sparse = [
            .. CurveEstimator.Measure(w, 96, 40, new PlanRequest { Metrics = false })
                .Where(option => option.Structure.StartsWith("sparse", StringComparison.Ordinal))];
        Assert.Equal(6, sparse.Length);
        PlanOption all = sparse.MinBy(option => option.Error)!;
        Assert.True(all.Error < 1e-7 && all.BitsPerWeight < 3, $"{all.Error} in {all.BitsPerWeight} bits");
        foreach (PlanOption option in sparse)
        {
            FitResult fit = option.Fit(w);
            double[] decoded = ReferenceDecoder.Decode(fit.Weight!);
            double error = w.Zip(decoded, (a, b) => (a - b) * (a - b)).Sum() / w.Sum(value => (double)value * value);
            Assert.True(Math.Abs(error - fit.Error) < 1e-9, $"{fit.Error} reported, {error} found");
            Assert.Equal(fit.Weight!.StoredBytes, option.Bytes);
        }
    }

    [Fact]
    public void Measure_DiagonalErrorWeight_KeepsTheElementsThatCount()
    {
        float[] w = Bank(64, 30);
        Hessian weight = Hessian.Diagonal([.. Enumerable.Range(0, 64).Select(k => k < 32 ? 1e-6 : 1.0)]);
        PlanOption half = CurveEstimator.Measure(w, 64, 30, new PlanRequest { Metrics = false, Hessian = weight })
            .Where(option => option.Structure.StartsWith("sparse", StringComparison.Ordinal))
                .OrderBy(option => option.Bytes)
                .ElementAt(3);
        Assert.True(half.Error < 1e-4 && half.PlainError > 0.1, $"{half.Error} weighted, {half.PlainError} plain");
    }

    [Fact]
    public void Measure_DenseWeight_OffersNone() =>
        Assert.DoesNotContain(
            CurveEstimator.Measure(Samples.Gaussian(64, 64), 64, 64, new PlanRequest { Metrics = false }),
            option => option.Structure.StartsWith("sparse", StringComparison.Ordinal));

    /// <summary>Triangles that overlap by half, as mel filters do.</summary>
    private static float[] Bank(int rows, int columns)
    {
        float[] w = new float[rows * columns];
        for (int n = 0; n < columns; n++)
        {
            double centre = (n + 0.5) * rows / columns;
            double width = 1.5 * rows / columns;
            for (int k = 0; k < rows; k++)
            {
                w[(k * columns) + n] = (float)Math.Max(0, 1 - (Math.Abs(k - centre) / width));
            }
        }

        return w;
    }
}
