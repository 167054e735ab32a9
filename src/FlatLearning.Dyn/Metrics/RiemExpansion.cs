namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// How a riem metric separates into products of a function of the row and a function of the column: every feature
/// sigmoid(a + b) is interpolated in the argument of one side at the Chebyshev nodes of its range on that side.
/// </summary>
/// <remarks>
/// sigmoid has its poles at a distance of π from the real axis, so for an argument that spans 2h the error falls like
/// ρ^-J with ρ = π/h + sqrt(1 + (π/h)²): 15 nodes for h = 3, 45 for h = 10 give six digits. See Trefethen,
/// Approximation Theory and Approximation Practice, chapter 8.
/// </remarks>
/// <param name="Side">The side whose argument is expanded, the one with the narrower features.</param>
/// <param name="Terms">J: nodes per feature, one of <see cref="Steps"/>.</param>
public sealed record RiemExpansion(ExpandedSide Side, int Terms)
{
    /// <summary>The largest number of terms; wider metrics are not expanded.</summary>
    public const int MaxTerms = 192;

    /// <summary>
    /// The largest root mean square error of an expansion, relative to the root mean square of the metric.
    /// </summary>
    public const double Tolerance = 1e-6;

    private const int SampledStates = 96;

    /// <summary>The numbers of terms that are tried: few, so that alike weights have equal expansions.</summary>
    public static ReadOnlySpan<int> Steps => [4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, MaxTerms];

    /// <summary>
    /// The cheapest expansion of a metric whose error, measured in double precision on sampled pairs and on each
    /// feature's extremes, is below <see cref="Tolerance"/>. Null when that takes more than <see cref="MaxTerms"/>
    /// terms.
    /// </summary>
    public static RiemExpansion? For(RiemMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        SideArguments rows = SideArguments.OfRows(metric);
        SideArguments columns = SideArguments.OfColumns(metric);
        bool overRows = rows.WidestHalf <= columns.WidestHalf;
        (SideArguments expanded, SideArguments other) = overRows ? (rows, columns) : (columns, rows);
        int[] at = expanded.Sample(SampledStates);
        int[] against = other.Sample(SampledStates);
        foreach (int terms in Steps)
        {
            if (RelativeError(metric, expanded, other, at, against, terms) <= Tolerance)
            {
                return new RiemExpansion(overRows ? ExpandedSide.Rows : ExpandedSide.Columns, terms);
            }
        }

        return null;
    }

    private static double RelativeError(
        RiemMetric metric, SideArguments expanded, SideArguments other, int[] at, int[] against, int terms)
    {
        double[] exact = new double[at.Length * against.Length];
        double[] error = new double[exact.Length];
        Array.Fill(exact, metric.Beta);
        ChebyshevBasis basis = new(terms);
        double[] values = new double[terms * against.Length];
        double[] interpolated = new double[against.Length];
        for (int f = 0; f < expanded.Features; f++)
        {
            double v = metric.V[f % metric.Width];
            (double centre, double half) = (expanded.Centre(f), expanded.Half(f));
            ReadOnlySpan<double> here = expanded.Of(f);
            ReadOnlySpan<double> there = other.Of(f);
            for (int i = 0; i < terms; i++)
            {
                for (int n = 0; n < against.Length; n++)
                {
                    values[(i * against.Length) + n] = Sigmoid(centre + (half * basis.Node(i)) + there[against[n]]);
                }
            }

            for (int k = 0; k < at.Length; k++)
            {
                ReadOnlySpan<double> cardinal = basis.Cardinal((here[at[k]] - centre) / half);
                Array.Clear(interpolated);
                for (int i = 0; i < terms; i++)
                {
                    for (int n = 0; n < interpolated.Length; n++)
                    {
                        interpolated[n] += cardinal[i] * values[(i * interpolated.Length) + n];
                    }
                }

                for (int n = 0; n < interpolated.Length; n++)
                {
                    double sigmoid = Sigmoid(here[at[k]] + there[against[n]]);
                    exact[(k * interpolated.Length) + n] += v * sigmoid;
                    error[(k * interpolated.Length) + n] += v * (interpolated[n] - sigmoid);
                }
            }
        }

        double norm = Norm(exact);
        return norm == 0 ? Norm(error) : Norm(error) / norm;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
