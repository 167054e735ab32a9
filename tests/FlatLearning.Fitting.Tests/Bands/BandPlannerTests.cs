using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Metrics;

namespace FlatLearning.Fitting.Tests.Bands;

public sealed class BandPlannerTests
{
    private static readonly double[] Errors = [0.0004, 0.0017, 0.006, 0.02, 0.08];

    /// <summary>Every way to cut 24 rows into sections of falling width, in both of two groups.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-2)]
    [InlineData(0.05)]
    [InlineData(0.4)]
    public void At_APrice_HasTheLeastCostOfAllDivisions(double price)
    {
        float[] w = Samples.Gaussian(24, 128);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= MathF.Pow(0.8f, i / 128) * (1 + (i % 128 / 20));
        }

        (BandField field, BandPlanner planner) = Make(w, 24, 128);
        (double[] energies, double[] squares) = field.Energies(isWeighted: true);
        double min = 0;
        for (int group = 0; group < field.Groups; group++)
        {
            double best = double.PositiveInfinity;
            for (int a = 0; a <= 5; a++)
            {
                for (int b = a; b <= 5; b++)
                {
                    for (int c = b; c <= 5; c++)
                    {
                        double begin = group > 0
                            ? 0
                            : Start(a, 0) + (b > a ? Start(b, 1) : 0) + (c > b ? Start(c, 2) : 0);
                        best = Math.Min(best, begin + Cost(group, 0, a) + Cost(group, 1, b) + Cost(group, 2, c));
                    }
                }
            }

            min += best;
        }

        BandPlan plan = planner.At(price);

        // A band that only the second group uses begins there, which the sections do not know when they are chosen.
        double late = 0;
        for (int kind = 0, place = 0; kind < 5; kind++)
        {
            int count = plan.Starts[10 + kind] - plan.Starts[5 + kind];
            late += plan.Starts[5 + kind] == 0 && count > 0
                ? BandCodebooks.StartLosses[kind] * squares[3 + (place / 8)] / 8
                : 0;
            place += count;
        }

        double cost = (plan.Error * planner.Total) + (price * plan.CodeBits) - late;
        Assert.True(Math.Abs(cost - min) <= 1e-9 * min, $"{cost}, least {min}");

        double Start(int kind, int step) => kind == 5 ? 0 : BandCodebooks.StartLosses[kind] * squares[step] / 8;

        double Cost(int group, int step, int kind) => kind == 5
            ? energies[(group * 3) + step]
            : (squares[(group * 3) + step] * Errors[kind])
                + (price * 8 * field.GroupWidth * BandCodebooks.Widths[kind]);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Within_ANumberOfBits_ComesNearItFromBelow(double bits)
    {
        float[] w = Samples.Gaussian(256, 192);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] *= 1 + (i / 192 % 9);
        }

        BandPlan plan = Make(w, 256, 192).Planner.Within(bits * w.Length);
        Assert.InRange(plan.CodeBits, (bits - 0.1) * w.Length, bits * w.Length);
    }

    [Fact]
    public void At_ALowerPrice_TakesMoreBitsAndLosesLess()
    {
        BandPlanner planner = Make(Samples.Gaussian(128, 100), 128, 100).Planner;
        BandPlan before = planner.At(planner.HighestPrice);
        for (double price = planner.HighestPrice / 2; price > planner.HighestPrice / 1e5; price /= 2)
        {
            BandPlan plan = planner.At(price);
            Assert.True(
                plan.CodeBits >= before.CodeBits && plan.Error <= before.Error,
                $"{plan.CodeBits} bits after {before.CodeBits}");
            before = plan;
        }
    }

    [Fact]
    public void At_AnyPriceOfAWeightOfZeros_HasSomeCodes()
    {
        BandPlan plan = Make(new float[100 * 20], 100, 20).Planner.At(1);
        Assert.True(plan.CodeBits > 0 && plan.Error == 0);
    }

    private static (BandField Field, BandPlanner Planner) Make(float[] w, int rows, int columns)
    {
        MetricTarget target = new(w, rows, columns, Hessian.Identity);
        Scales scales = ScaleCandidates.Of(target, RowScales.Always)[0];
        BandField field = new(target, new CodesStart(scales), BandFitter.GroupWidth(columns));
        return (field, new BandPlanner(
            field,
            new BandErrors(
                [.. Errors.Select(
                    error => Enumerable.Repeat(error, BandErrors.RowRegions * BandErrors.ColumnRegions).ToArray())],
                null),
            target.Workers));
    }
}
