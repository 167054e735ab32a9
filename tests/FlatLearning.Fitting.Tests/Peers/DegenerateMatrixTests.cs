using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Tests.Peers;

public class DegenerateMatrixTests
{
    public static TheoryData<string> Names =>
        ["zero", "constant", "rank-one", "row", "column", "single", "huge-range", "tiny", "huge"];

    [Theory]
    [MemberData(nameof(Names))]
    public void RoundTrip_DegenerateMatrix_GivesFiniteValuesAndCountsEverything(string name)
    {
        (float[] w, int rows, int columns) = Make(name);
        PeerMatrix matrix = new(w, rows, columns);
        foreach (IPeerFormat format in PeerCases.All())
        {
            PeerResult result = format.RoundTrip(matrix);
            Assert.All(result.Values, value => Assert.True(float.IsFinite(value), $"{format.Name}: {value}"));
            Assert.True(
                result.StoredBytes >= (format is SvdFormat ? 0 : format.PlannedBytes(rows, columns)), format.Name);
            double error = PeerCases.RelativeError(w, result);
            // Two levels from smallest to largest value are worse than nothing on most matrices: up to (range / rms)² /
            // 4 or so.
            Assert.True(
                error <= (format.Name.Contains("1 bit", StringComparison.Ordinal) ? 10 : 1), $"{format.Name}: {error}");
            if (name == "zero")
            {
                Assert.Equal(0, error);
            }
        }
    }

    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void RoundTrip_AnyMagnitude_HasTheErrorOfTheUnitMatrix(float magnitude)
    {
        // HQQ's solver has absolute thresholds, and k-quants have 16-bit floats whatever the values are.
        float[] w = Samples.Gaussian(96, 64);
        float[] scaled = Array.ConvertAll(w, value => value * magnitude);
        foreach (IPeerFormat format in PeerCases.All().Where(format => format is not (HqqFormat or KQuantFormat)))
        {
            double unit = PeerCases.RelativeError(w, format.RoundTrip(new PeerMatrix(w, 96, 64)));
            double error = PeerCases.RelativeError(scaled, format.RoundTrip(new PeerMatrix(scaled, 96, 64)));
            // Scales need 32 bits there, which makes them more exact.
            Assert.True(error <= 1.05 * unit && error >= 0.8 * unit, $"{format.Name}: {error} against {unit}");
        }
    }

    [Fact]
    public void PeerMatrix_NotFinite_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new PeerMatrix(new[] { 1f, float.NaN }, 1, 2));
        Assert.Throws<ArgumentException>(() => new PeerMatrix(new float[5], 2, 2));
    }

    private static (float[] W, int Rows, int Columns) Make(string name) => name switch
    {
        "zero" => (new float[70 * 24], 70, 24),
        "constant" => ([.. Enumerable.Repeat(-0.37f, 70 * 24)], 70, 24),
        "rank-one" => (Samples.LowRank(70, 20, 1, 0), 70, 20),
        "row" => (Samples.Gaussian(1, 300), 1, 300),
        "column" => (Samples.Gaussian(300, 1), 300, 1),
        "single" => ([0.123f], 1, 1),
        "huge-range" => ([.. Samples.Gaussian(64, 30).Select((x, i) => x * MathF.Pow(10, (i * 61 % 61) - 30))], 64, 30),
        "tiny" => ([.. Samples.Gaussian(64, 30).Select(x => x * 1e-30f)], 64, 30),
        "huge" => ([.. Samples.Gaussian(64, 30).Select(x => x * 1e30f)], 64, 30),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
