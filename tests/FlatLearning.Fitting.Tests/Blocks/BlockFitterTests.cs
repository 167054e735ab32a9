using FlatLearning.Fitting.Blocks;
using FlatLearning.Fitting.Peers;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Tests.Blocks;

/// <summary>Blocks against ONNX Runtime's own rounding and against an unpacking of their own bytes.</summary>
public sealed class BlockFitterTests
{
    private const int Rows = 200;
    private const int Columns = 24;

    public static TheoryData<int, int, bool> Formats()
    {
        TheoryData<int, int, bool> formats = [];
        foreach (int bits in (int[])[2, 4, 8])
        {
            foreach (int size in (int[])[16, 32, 128])
            {
                formats.Add(bits, size, false);
                formats.Add(bits, size, true);
            }
        }

        return formats;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Fit_EveryFormat_LosesLessThanOnnxRuntimesOwnRounding(int bits, int size, bool zeroPoints)
    {
        float[] w = Samples.Gaussian(Rows, Columns);
        BlockSymmetry symmetry = zeroPoints ? BlockSymmetry.Asymmetric : BlockSymmetry.Symmetric;
        float[] peer = OrtBlocks.Of(w, Rows, Columns, new OrtBlockFormat(bits, size, symmetry)).Dequantise();

        double error = Fit(w, new BlockFormat(bits, size, zeroPoints)).Error(w);

        Assert.True(error < Error(w, peer), $"{error} against {Error(w, peer)}");
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Pack_EveryFormat_ReadsAsMatMulNBitsReadsIt(int bits, int size, bool zeroPoints)
    {
        float[] w = Samples.Gaussian(Rows, Columns, seed: 5);
        BlockCodes codes = Fit(w, new BlockFormat(bits, size, zeroPoints));
        (byte[] packed, byte[]? zeros) = (codes.PackPadded(), codes.PackZeroPoints());
        int blocks = (Rows + size - 1) / size;
        int bytes = size * bits / 8;
        Assert.Equal(Columns * blocks * bytes, packed.Length);
        float[] decoded = codes.Decode();
        for (int n = 0; n < Columns; n++)
        {
            for (int k = 0; k < blocks * size; k++)
            {
                int block = k / size;
                int zero = zeros is null
                    ? 1 << (bits - 1)
                    : Field(zeros, n * (((blocks * bits) + 7) / 8), block, bits);
                int code = Field(packed, ((n * blocks) + block) * bytes, k % size, bits);
                double value = (double)codes.Scales[(n * blocks) + block] * (code - zero);
                double expected = k < Rows ? decoded[(k * Columns) + n] : 0;
                Assert.Equal(expected, value, Math.Abs(expected) * 1e-6);
            }
        }
    }

    [Fact]
    public void Fit_FullHessian_LosesLessByIt()
    {
        float[] w = Samples.Gaussian(Rows, Columns);
        Hessian hessian = Correlated(Rows);
        BlockFormat format = new(4, 32, false);

        double plain = Weighted(w, Fit(w, format), hessian);
        double weighted = Weighted(w, Fit(w, format, hessian), hessian);

        Assert.True(weighted < 0.7 * plain, $"{weighted} against {plain}");
    }

    [Fact]
    public void Fit_AnyNumberOfThreads_GivesTheSameCodes()
    {
        float[] w = Samples.Gaussian(Rows, Columns);
        BlockFormat format = new(4, 64, true);
        Hessian hessian = Correlated(Rows);

        BlockCodes one = Fit(w, format, hessian, 1);
        BlockCodes four = Fit(w, format, hessian, 4);

        Assert.Equal(one.Codes, four.Codes);
        Assert.Equal(one.Scales, four.Scales);
        Assert.Equal(one.ZeroPoints, four.ZeroPoints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_Zeros_AreExact(bool zeroPoints)
    {
        float[] w = new float[Rows * Columns];

        BlockCodes codes = Fit(w, new BlockFormat(4, 32, zeroPoints));

        Assert.All(codes.Decode(), value => Assert.Equal(0, value));
        Assert.Equal(0, codes.Error(w));
    }

    [Theory]
    [InlineData(1e-30f, ScaleType.Float32)]
    [InlineData(1f, ScaleType.Float16)]
    [InlineData(1e20f, ScaleType.Float32)]
    public void Fit_AnyMagnitude_LosesTheSame(float magnitude, ScaleType expected)
    {
        float[] w = Array.ConvertAll(Samples.Gaussian(Rows, Columns), value => value * magnitude);

        Assert.Equal(expected, BlockFitter.ScalesOf(w));
        Assert.InRange(Fit(w, new BlockFormat(4, 32, false)).Error(w), 0.005, 0.01);
    }

    private static BlockCodes Fit(float[] w, BlockFormat format, Hessian? hessian = null, int threads = 1) =>
        BlockFitter.Fit(
            w, Rows, Columns, format, BlockFitter.ScalesOf(w),
            new FitOptions { Hessian = hessian ?? Hessian.Identity, Workers = new ThreadWorkers(threads) });

    private static int Field(byte[] bytes, int begin, int index, int bits)
    {
        int bit = index * bits;
        return (bytes[begin + (bit / 8)] >> (bit % 8)) & ((1 << bits) - 1);
    }

    // Neighbouring inputs are alike.
    private static Hessian Correlated(int rows)
    {
        double[] h = new double[rows * rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                h[(i * rows) + j] = Math.Pow(0.95, Math.Abs(i - j));
            }
        }

        return Hessian.Full(h, rows);
    }

    private static double Error(float[] w, float[] decoded) =>
        w.Zip(decoded, (a, b) => Math.Pow((double)a - b, 2)).Sum() / w.Sum(value => (double)value * value);

    private static double Weighted(float[] w, BlockCodes codes, Hessian hessian) =>
        hessian.Energy(w.Zip(codes.Decode(), (a, b) => (double)a - b).ToArray(), Columns);
}
