using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

public class HqqTests
{
    /// <summary>The alternation as published, array by array: quantise, dequantise, shrink, mean.</summary>
    [Theory]
    [InlineData(1, 0.05f)]
    [InlineData(2, 0.05f)]
    [InlineData(4, 1f)]
    [InlineData(3, 20f)]
    public void Minimise_AnyGroups_FollowsTheArrayFormulation(int bits, float magnitude)
    {
        const int Groups = 6;
        const int Size = 64;
        int largest = (1 << bits) - 1;
        float[] w = Array.ConvertAll(Samples.Gaussian(Groups, Size), value => value * magnitude);
        double[] steps = new double[Groups];
        double[] zeros = new double[Groups];
        int[] starts = [.. Enumerable.Range(0, Groups + 1).Select(g => g * Size)];
        for (int g = 0; g < Groups; g++)
        {
            float[] group = w[starts[g]..starts[g + 1]];
            steps[g] = ((double)group.Max() - group.Min()) / largest;
            zeros[g] = -group.Min() / steps[g];
        }

        double[] expected = (double[])zeros.Clone();
        double beta = 10;
        double min = double.PositiveInfinity;
        int iterations = 0;
        for (bool gains = true; gains && iterations < 20; iterations++, beta *= 1.01)
        {
            double[] codes = [
                .. w.Select(
                    (x, i) => Math.Min(largest, Math.Max(0, Math.Round((x / steps[i / Size]) + expected[i / Size]))))];
            double[] back = [.. codes.Select((code, i) => (code - expected[i / Size]) * steps[i / Size])];
            double[] difference = [.. w.Select((x, i) => x - back[i])];
            double[] error = [
                .. difference.Select(
                    x => x == 0 ? 0 : Math.Sign(x) * Math.Max(0, Math.Abs(x) - (Math.Pow(Math.Abs(x), -0.3) / beta)))];
            double[] shift = [.. w.Select((x, i) => codes[i] - ((x - error[i]) / steps[i / Size]))];
            expected = [.. Enumerable.Range(0, Groups).Select(g => shift[starts[g]..starts[g + 1]].Average())];
            double mean = difference.Average(Math.Abs);
            gains = mean < min;
            min = Math.Min(mean, min);
        }

        HqqSolver solver = new(w, starts, steps, largest);
        Assert.Equal(iterations, solver.Minimise(zeros, new HqqOptions(), default));
        for (int g = 0; g < Groups; g++)
        {
            // Sums of 64 terms in another order; a code at a rounding boundary would show as a jump.
            Assert.Equal(expected[g], zeros[g], 1e-9 * (1 + Math.Abs(expected[g])));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 0)]
    [InlineData(0.5, 0.5 - 0.123114)]
    [InlineData(-2, -2 + 0.081225)]
    public void Shrink_PublishedNumbers_IsTheGeneralisedSoftThreshold(double x, double expected) =>
        Assert.Equal(expected, HqqSolver.Shrink(x, beta: 10, norm: 0.7), 1e-6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void RoundTrip_AnyBits_IsNeverWorseThanItsStart(int bits)
    {
        foreach (float[] w in (float[][])[
            Samples.Gaussian(256, 24),
            Samples.LowRank(256, 24, 2, 0.1f),
            [.. Samples.Gaussian(256, 24).Select(x => 0.02f * x * x * x)]])
        {
            PeerMatrix matrix = new(w, 256, 24);
            HqqFormat format = new(bits);
            double start = PeerCases.RelativeError(w, format.RoundTrip(matrix, optimise: false, default));
            double end = PeerCases.RelativeError(w, format.RoundTrip(matrix));
            Assert.True(end <= start, $"{end} against {start}");
        }
    }

    [Theory]
    [InlineData(1, 0.85)]
    [InlineData(2, 0.98)]
    public void RoundTrip_FewBits_GainsFromTheZeroPoints(int bits, double factor)
    {
        PeerMatrix matrix = new(Samples.Gaussian(512, 24), 512, 24);
        HqqFormat format = new(bits);
        double start =
            PeerCases.RelativeError(matrix.Values.ToArray(), format.RoundTrip(matrix, optimise: false, default));
        double end = PeerCases.RelativeError(matrix.Values.ToArray(), format.RoundTrip(matrix));
        Assert.True(end < factor * start, $"{end} against {start}");
    }

    [Theory]
    [InlineData(4, 64, 4.5)]
    [InlineData(3, 64, 3.5)]
    [InlineData(4, 128, 4.25)]
    public void StoredBytes_CountScalesAndZeroPoints(int bits, int group, double perWeight)
    {
        PeerResult result = new HqqFormat(bits, group).RoundTrip(new PeerMatrix(Samples.Gaussian(256, 64), 256, 64));
        Assert.Equal(perWeight, 8.0 * result.StoredBytes / (256 * 64));
    }
}
