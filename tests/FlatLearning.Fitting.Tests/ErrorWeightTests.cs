using FlatLearning.Fitting.Codes;

namespace FlatLearning.Fitting.Tests;

public class ErrorWeightTests
{
    /// <summary>The same sum of a few thousand products in another order, in double precision.</summary>
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData("identity")]
    [InlineData("diagonal")]
    [InlineData("full")]
    public void Energy_AnyKind_IsTheTraceWithAMeanDiagonalOfOne(string kind)
    {
        (Hessian weight, double[] h) = Make(kind, 13);
        double[] e = Array.ConvertAll(TableTrainer.Gaussian(13 * 7, 5), x => (double)x);
        double expected = 0;
        for (int i = 0; i < 13; i++)
        {
            for (int j = 0; j < 13; j++)
            {
                for (int n = 0; n < 7; n++)
                {
                    expected += e[(i * 7) + n] * h[(i * 13) + j] * e[(j * 7) + n];
                }
            }
        }

        expected *= 13 / Enumerable.Range(0, 13).Sum(k => h[k * 14]);
        Assert.InRange(weight.Energy(e, 7), expected * (1 - Rounding), expected * (1 + Rounding));
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("diagonal")]
    [InlineData("full")]
    public void Multiply_AnyKind_IsTheProduct(string kind)
    {
        (Hessian weight, double[] h) = Make(kind, 19);
        float[] source = TableTrainer.Gaussian(19 * 21, 6);
        float[] product = new float[source.Length];
        Array.Fill(product, float.NaN);
        weight.Multiply(source, product, 21);
        double unit = 19 / Enumerable.Range(0, 19).Sum(k => h[k * 20]);
        for (int i = 0; i < product.Length; i++)
        {
            (double expected, double magnitude) = (0, 0);
            for (int j = 0; j < 19; j++)
            {
                double term = unit * h[(i / 21 * 19) + j] * source[(j * 21) + (i % 21)];
                (expected, magnitude) = (expected + term, magnitude + Math.Abs(term));
            }

            // 19 float32 products and sums, and H rounded to float32.
            Assert.True(Math.Abs(product[i] - expected) <= 21 * 6e-8 * magnitude, $"{product[i]} against {expected}");
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Full_AnyMagnitude_IsBroughtToAMeanDiagonalOfOne(double magnitude)
    {
        Hessian weight = Hessian.Full([magnitude, 0.5 * magnitude, 0.5 * magnitude, 3 * magnitude], 2);
        Assert.Equal([0.5, 0.25, 0.25, 1.5], weight.Values.ToArray().Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Full_NothingBesideTheDiagonal_IsDiagonal()
    {
        Hessian weight = Hessian.Full([1, 0, 0, 3], 2);
        Assert.False(weight.IsFull);
        Assert.Equal(1.5, weight.At(1), 12);
    }

    [Fact]
    public void ZerosOnly_AreTheIdentity()
    {
        Assert.True(Hessian.Diagonal(new double[3]).IsIdentity);
        Assert.True(Hessian.Full(new double[9], 3).IsIdentity);
    }

    [Theory]
    [InlineData("needs 4 values", 2, 1, 0, 0, "3 values")]
    [InlineData("not a number", 2, 1, double.NaN, 0, 1, "row 1, column 0")]
    [InlineData("not a number", 2, double.NaN, 0, 0, 1, "diagonal at row 0")]
    [InlineData("infinite", 2, 1, 0, 0, double.PositiveInfinity, "diagonal at row 1")]
    [InlineData("negative", 2, 1, 0, 0, -1, "diagonal at row 1")]
    [InlineData("asymmetric", 2, 1, 0.5, -0.5, 1, "not symmetric")]
    [InlineData("indefinite", 2, 1, 2, 2, 1, "positive semidefinite")]
    [InlineData("beside a zero", 2, 0, 1, 1, 1, "positive semidefinite")]
    public void Full_BadMatrix_IsRefusedWithTheSpot(string what, int rows, params object[] valuesAndText)
    {
        double[] values = [
            .. valuesAndText.SkipLast(1)
                .Select(value => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture))];
        ArgumentException error = Assert.Throws<ArgumentException>(() => Hessian.Full(values, rows));
        Assert.True(
            error.Message.Contains((string)valuesAndText[^1], StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void Diagonal_BadValues_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Hessian.Diagonal([]));
        Assert.Throws<ArgumentException>(() => Hessian.Diagonal([1, -1]));
        Assert.Throws<ArgumentException>(() => Hessian.Diagonal([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => Hessian.Diagonal([1], ridge: 2));
    }

    private static (Hessian Weight, double[] H) Make(string kind, int rows)
    {
        float[] x = TableTrainer.Gaussian(rows * (rows + 3), 4);
        double[] h = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                for (int s = 0; s < rows + 3 && (kind == "full" || i == j); s++)
                {
                    h[(i * rows) + j] += kind == "identity"
                        ? 1.0 / (rows + 3)
                        : (double)x[(s * rows) + i] * x[(s * rows) + j];
                }
            }
        }

        return kind switch
        {
            "identity" => (Hessian.Identity, h),
            "diagonal" => (Hessian.Diagonal([.. Enumerable.Range(0, rows).Select(k => h[k * (rows + 1)])]), h),
            _ => (Hessian.Full(h, rows), h),
        };
    }
}
