using FlatLearning.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Starting points of a RieM fit that contain a truncated SVD of the target to second order:
/// docs/derivations/riem-start.md.
/// </summary>
internal sealed class RiemStart(RiemShape shape, Random random)
{
    /// <summary>-ln(2 + sqrt 3): the sigmoid's curvature is largest here, and negative around -this.</summary>
    private const float CurvedBias = -1.3169579f;

    /// <summary>sigmoid'' there, 1 / (6 sqrt 3).</summary>
    private const double Curvature = 0.09622504;

    /// <summary>Directions of the bilinear form below this share of the strongest are not used.</summary>
    private const double MinSingularValue = 0.02;

    private const int Draws = 8;

    /// <summary>
    /// Four features each make one product (x·p)(y·q): with alpha and S_rᵀ alpha as a feature's row and column
    /// directions, + (x, y), - (x, y'), + (x', y'), - (x', y) leave, of everything that depends on p alone or q alone,
    /// nothing. False where the shifts admit no such four.
    /// </summary>
    /// <param name="theta">Receives the start.</param>
    /// <param name="u">Left factors, [rank, K].</param>
    /// <param name="v">Right factors, [rank, N]: target ~ sum of u_i v_iᵀ, strongest first.</param>
    /// <param name="rank">Rank of the factors.</param>
    /// <param name="size">Root mean square of a feature's argument from rows, and from columns.</param>
    public bool FromProducts(AlignedFloats theta, float[] u, float[] v, int rank, double size)
    {
        int d = shape.StateDim;
        List<int[]> quads = Quads();
        if (quads.Count == 0)
        {
            return false;
        }

        float[]? best = null;
        double bestSpread = -1;
        for (int draw = 0; draw < Draws; draw++)
        {
            float[] a = new float[shape.Features * d];
            foreach (int[] quad in quads)
            {
                // x' is where y' sits, seen through the third feature's shift.
                float[] x = new float[d];
                for (int i = 0; i < d; i++)
                {
                    x[i] = Gaussian() / MathF.Sqrt(d);
                }

                int move = shape.ShiftOf(quad[2]) - shape.ShiftOf(quad[1]);
                for (int i = 0; i < d; i++)
                {
                    a[(quad[0] * d) + i] = x[i];
                    a[(quad[1] * d) + i] = x[i];
                    int to = (((i - move) % d) + d) % d;
                    a[(quad[2] * d) + to] = x[i];
                    a[(quad[3] * d) + to] = x[i];
                }
            }

            double[] values = [.. Form(a).Svd().S.OrderDescending()];
            double spread = values[Math.Min(rank, d - 1) - 1] / values[0];
            if (spread > bestSpread)
            {
                (best, bestSpread) = (a, spread);
            }
        }

        theta.Clear();
        best!.CopyTo(theta.Span[shape.A..]);
        Place(theta, u, v, rank, size, Form(best!));
        return true;
    }

    /// <summary>
    /// Random features whose linear terms cancel within each shift, and states that make the SVD out of their mixed
    /// quadratic part; terms in p or q alone remain.
    /// </summary>
    public void FromRandomFeatures(AlignedFloats theta, float[] u, float[] v, int rank, double size)
    {
        int d = shape.StateDim;
        theta.Clear();
        Span<float> a = theta.Span[shape.A..shape.C];
        for (int i = 0; i < a.Length; i++)
        {
            a[i] = Gaussian() / MathF.Sqrt(d);
        }

        for (int r = 0; r < shape.Shifts && shape.Width > 1; r++)
        {
            for (int i = 0; i < d; i++)
            {
                float sum = 0;
                for (int m = 0; m < shape.Width; m++)
                {
                    sum += Sign(m) * a[(((m * shape.Shifts) + r) * d) + i];
                }

                for (int m = 0; m < shape.Width; m++)
                {
                    a[(((m * shape.Shifts) + r) * d) + i] -= Sign(m) * sum / shape.Width;
                }
            }
        }

        Place(theta, u, v, rank, size, Form(a.ToArray()));
    }

    private static float Sign(int m) => (m & 1) == 0 ? 1 : -1;

    /// <summary>
    /// C = sigmoid'' · sum of v alpha (S_rᵀ alpha)ᵀ, whose value at p, q is the mixed part to second order.
    /// </summary>
    private Matrix<double> Form(float[] a)
    {
        int d = shape.StateDim;
        float[] rotated = new float[a.Length];
        shape.Rotate(a, rotated);
        double[] form = new double[d * d];
        for (int f = 0; f < shape.Features; f++)
        {
            for (int i = 0; i < d; i++)
            {
                double left = Curvature * Sign(f / shape.Shifts) * a[(f * d) + i];
                for (int j = 0; j < d && left != 0; j++)
                {
                    form[(j * d) + i] += left * rotated[(f * d) + j];
                }
            }
        }

        return Matrix<double>.Build.Dense(d, d, form);
    }

    /// <summary>
    /// States with pᵀ C q = sum of u v on C's range, scaled so that arguments have the given size; what the scale takes
    /// away goes to v.
    /// </summary>
    private void Place(AlignedFloats theta, float[] u, float[] v, int rank, double size, Matrix<double> form)
    {
        int d = shape.StateDim;
        var svd = form.Svd();
        int used = 0;
        while (used < Math.Min(rank, d) && svd.S[used] > MinSingularValue * svd.S[0])
        {
            used++;
        }

        for (int j = 0; j < used; j++)
        {
            double root = 1 / Math.Sqrt(svd.S[j]);
            for (int i = 0; i < d; i++)
            {
                double left = root * svd.U[i, j];
                double right = root * svd.VT[j, i];
                for (int k = 0; k < shape.Rows; k++)
                {
                    theta.Span[shape.State(k, i)] += (float)(left * u[(j * shape.Rows) + k]);
                }

                for (int n = 0; n < shape.Columns; n++)
                {
                    theta.Span[shape.Q + shape.State(n, i)] += (float)(right * v[(j * shape.Columns) + n]);
                }
            }
        }

        theta.Span[shape.C..shape.V].Fill(CurvedBias);
        Span<float> rows = theta.Span[..shape.Q];
        Span<float> columns = theta.Span[shape.Q..shape.A];
        double a = MeanSquare(theta.Span[shape.A..shape.C], shape.Features);
        double rowFactor = size / Math.Sqrt(Math.Max(1e-30, MeanSquare(rows, shape.Rows * d) * a));
        double columnFactor = size / Math.Sqrt(Math.Max(1e-30, MeanSquare(columns, shape.Columns * d) * a));
        Multiply(rows, rowFactor);
        Multiply(columns, columnFactor);
        for (int m = 0; m < shape.Width; m++)
        {
            theta.Span[shape.V + m] = (float)(Sign(m) / (rowFactor * columnFactor));
        }
    }

    /// <summary>
    /// Fours of features (+a, -b, +c, -d) with shifts a - b + c - d = 0 modulo the state dimension and a, c different
    /// from b, each feature used once.
    /// </summary>
    private List<int[]> Quads()
    {
        int d = shape.StateDim;
        int half = shape.Width / 2;
        List<(int A, int B, int C, int D)> patterns = [];
        for (int a = 0; a < shape.Shifts; a++)
        {
            for (int b = 0; b < shape.Shifts; b++)
            {
                for (int c = 0; c < shape.Shifts; c++)
                {
                    int e = (Shift(a) - Shift(b) + Shift(c)) % d;
                    e = e < 0 ? e + d : e;
                    for (int last = 0; last < shape.Shifts; last++)
                    {
                        if (Shift(last) == e && Shift(a) != Shift(b) && Shift(c) != Shift(b))
                        {
                            patterns.Add((a, b, c, last));
                        }
                    }
                }
            }
        }

        // Room per shift and sign; patterns in random order, again and again until none fits.
        int[] plus = new int[shape.Shifts];
        int[] minus = new int[shape.Shifts];
        List<int[]> quads = [];
        bool added = patterns.Count > 0;
        while (added)
        {
            added = false;
            (int A, int B, int C, int D)[] order = [.. patterns];
            random.Shuffle(order);
            foreach ((int a, int b, int c, int e) in order)
            {
                int needPlus = a == c ? 2 : 1;
                int needMinus = b == e ? 2 : 1;
                if (plus[a] + needPlus > shape.Width - half
                    || plus[c] + needPlus > shape.Width - half
                    || minus[b] + needMinus > half
                    || minus[e] + needMinus > half)
                {
                    continue;
                }

                quads.Add([Plus(a), Minus(b), Plus(c), Minus(e)]);
                added = true;
            }
        }

        return quads;

        int Shift(int r) => FlatLearning.Dyn.Metrics.RiemMetric.ShiftOf(r, d, shape.Shifts);
        int Plus(int r) => (2 * plus[r]++ * shape.Shifts) + r;
        int Minus(int r) => (((2 * minus[r]++) + 1) * shape.Shifts) + r;
    }

    private static double MeanSquare(ReadOnlySpan<float> values, int count)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return sum / count;
    }

    private static void Multiply(Span<float> values, double factor)
    {
        foreach (ref float value in values)
        {
            value = (float)(value * factor);
        }
    }

    private float Gaussian() =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
