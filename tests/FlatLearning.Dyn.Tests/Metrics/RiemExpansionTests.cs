using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Tests.Support;

namespace FlatLearning.Dyn.Tests.Metrics;

public sealed class RiemExpansionTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(20)]
    public void For_WiderFeatures_TakesMoreTermsAndKeepsItsTolerance(double spread)
    {
        RiemMetric metric = Metric(spread);
        RiemExpansion expansion = RiemExpansion.For(metric)!;
        RiemExpansion narrower = RiemExpansion.For(Metric(spread / 8))!;
        Assert.True(
            narrower.Terms < expansion.Terms,
            $"{narrower.Terms} terms for the narrow one, {expansion.Terms} for the wide one");
        double error = RelativeError(metric, expansion);
        Assert.True(error < 3 * RiemExpansion.Tolerance, $"{expansion}: {error}");
    }

    [Fact]
    public void For_StepLikeFeatures_HasNoExpansion() => Assert.Null(RiemExpansion.For(Metric(2000)));

    [Fact]
    public void For_NarrowerColumns_ExpandsColumns()
    {
        RiemMetric metric = Metric(2);
        float[] range = [.. metric.States.Range.Values];
        int d = metric.StateDim;
        for (int i = 0; i < d; i++)
        {
            range[(3 * d) + i] *= 0.05f;
        }

        MetricStates states =
            new(metric.States.Rows, metric.States.Columns, new ParameterTensor(range, [4, d], ParameterType.Float32));
        RiemMetric narrow = new(states, metric.Parameters, metric.Shifts, metric.Width);
        RiemExpansion expansion = RiemExpansion.For(narrow)!;
        Assert.Equal(ExpandedSide.Columns, expansion.Side);
        Assert.True(RelativeError(narrow, expansion) < 3 * RiemExpansion.Tolerance, $"{expansion}");
    }

    private static RiemMetric Metric(double spread) => (RiemMetric)WeightGenerator.Create(new WeightCase
    {
        Rows = 150,
        Columns = 170,
        Metric = MetricKinds.Riem,
        StateDim = 6,
        Shifts = 3,
        Width = 4,
        Spread = spread,
        Type = ParameterType.Float32,
        Seed = 11,
    }).Metric!;

    /// <summary>
    /// Interpolates every pair by Lagrange's formula over the nodes, which shares nothing with the expansion's own
    /// check.
    /// </summary>
    private static double RelativeError(RiemMetric metric, RiemExpansion expansion)
    {
        double[] p = metric.States.DecodeRows();
        double[] q = metric.States.DecodeColumns();
        int d = metric.StateDim;
        int rows = p.Length / d;
        int columns = q.Length / d;
        double[] exact = new double[rows * columns];
        double[] interpolated = new double[rows * columns];
        for (int f = 0; f < metric.Shifts * metric.Width; f++)
        {
            double[] a = Arguments(metric, f, p, 0, metric.C[f]);
            double[] b = Arguments(metric, f, q, RiemMetric.ShiftOf(f / metric.Width, d, metric.Shifts), 0);
            double v = metric.V[f % metric.Width];
            bool overRows = expansion.Side == ExpandedSide.Rows;
            double[] t = overRows ? a : b;
            double[] other = overRows ? b : a;
            (double centre, double half) = ((t.Max() + t.Min()) / 2, ((t.Max() - t.Min()) / 2) + 1e-9);
            double[] nodes = [
                .. Enumerable.Range(0, expansion.Terms)
                    .Select(i => centre + (half * Math.Cos(Math.PI * (i + 0.5) / expansion.Terms)))];
            for (int i = 0; i < t.Length; i++)
            {
                double[] basis = Barycentric(nodes, t[i]);
                for (int j = 0; j < other.Length; j++)
                {
                    double sum = 0;
                    for (int node = 0; node < nodes.Length; node++)
                    {
                        sum += basis[node] * Sigmoid(nodes[node] + other[j]);
                    }

                    int at = overRows ? (i * columns) + j : (j * columns) + i;
                    exact[at] += v * Sigmoid(t[i] + other[j]);
                    interpolated[at] += v * sum;
                }
            }
        }

        double error = exact.Zip(interpolated, (x, y) => (x - y) * (x - y)).Sum();
        return Math.Sqrt(error / exact.Sum(x => (x + metric.Beta) * (x + metric.Beta)));
    }

    private static double[] Arguments(RiemMetric metric, int feature, double[] states, int shift, double offset)
    {
        int d = metric.StateDim;
        double[] arguments = new double[states.Length / d];
        for (int k = 0; k < arguments.Length; k++)
        {
            arguments[k] = offset;
            for (int i = 0; i < d; i++)
            {
                arguments[k] += metric.A[(feature * d) + i] * states[(k * d) + ((i + shift) % d)];
            }
        }

        return arguments;
    }

    private static double[] Barycentric(double[] nodes, double t)
    {
        double[] basis = new double[nodes.Length];
        double sum = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            if (t == nodes[i])
            {
                Array.Clear(basis);
                basis[i] = 1;
                return basis;
            }

            double weight = Math.Sin(Math.PI * (i + 0.5) / nodes.Length) * (i % 2 == 0 ? 1 : -1);
            sum += basis[i] = weight / (t - nodes[i]);
        }

        return [.. basis.Select(value => value / sum)];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
