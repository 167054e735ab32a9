using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// The inner loops of a RieM fit: four rows times sixteen columns at a time, all features, forward and backward. One
/// division serves four sigmoids: 1/x of four values is their common 1/(x0 x1 x2 x3) times the other three.
/// </summary>
/// <remarks>
/// exp(-(a_k + b_n)) = exp(-a_k) · exp(-b_n), so exponentials are only taken per row and per column. A product of them
/// is cut at 2^30, where the sigmoid is 1e-9, so that the product of four stays finite.
/// </remarks>
internal static unsafe class RiemTiles
{
    private const int Lanes = RiemShape.Lanes;
    private const float LargestExponential = 1 << 30;

    /// <summary>Runs through a rectangle of blocks; see <see cref="RiemPass"/> for what is read and written.</summary>
    /// <returns>The sum of weighted squared residuals where the mode has a target, else 0.</returns>
    [SkipLocalsInit]
    public static double Run<TMode>(in RiemPass pass, int firstRow, int endRow, int firstColumn, int endColumn)
        where TMode : struct, IRiemMode
    {
        RiemShape s = pass.Shape;
        float* slopes = pass.Scratch;
        float* sums = slopes + (s.Features * 4 * Lanes);
        float* rowSums = sums + ((s.Width + 2) * 4 * Lanes);
        float* linear = rowSums + (s.Features * 4 * Lanes);
        double cost = 0;
        for (int block = firstRow; block < endRow; block++)
        {
            for (int j = 0; j < Lanes && (block * Lanes) + j < s.Rows; j += 4)
            {
                if (TMode.Backward)
                {
                    new Span<float>(rowSums, s.Features * 4 * Lanes).Clear();
                    new Span<float>(linear, (s.Width + 1) * Lanes).Clear();
                }

                if (TMode.Normal)
                {
                    new Span<float>(pass.Normal, LaneCholesky.Size(s.Width + 2) * Lanes).Clear();
                }

                Vector512<float> squares = Vector512<float>.Zero;
                for (int n = firstColumn; n < endColumn; n++)
                {
                    squares += Tile<TMode>(in pass, s, (block * Lanes) + j, n, slopes, sums, rowSums, linear);
                }

                cost += Vector512.Sum(squares);
                if (TMode.Normal)
                {
                    for (int i = 0; i < LaneCholesky.Size(s.Width + 2); i++)
                    {
                        pass.Linear[i] += Vector512.Sum(Vector512.Load(pass.Normal + (i * Lanes)));
                    }
                }

                if (TMode.Backward)
                {
                    float* to = pass.RowGradient + (block * s.Features * Lanes) + j;
                    for (int f = 0; f < s.Features * 4; f++)
                    {
                        to[(f / 4 * Lanes) + (f % 4)] += Vector512.Sum(Vector512.Load(rowSums + (f * Lanes)));
                    }

                    for (int m = 0; m <= s.Width; m++)
                    {
                        pass.Linear[m] += Vector512.Sum(Vector512.Load(linear + (m * Lanes)));
                    }
                }
            }
        }

        return cost;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Tile<TMode>(
        in RiemPass pass, RiemShape s, int k, int n, float* slopes, float* sums, float* rowSums, float* linear)
        where TMode : struct, IRiemMode
    {
        Vector512<float> one = Vector512.Create(1f);
        Vector512<float> cap = Vector512.Create(LargestExponential);
        Vector512<float> u0 = default, u1 = default, u2 = default, u3 = default;
        int panel = s.Features * Lanes;
        int rowAt = (k / Lanes * panel) + (k % Lanes);
        float* er = pass.RowExponentials + rowAt;
        float* dr = TMode.Direction ? pass.RowDirection + rowAt : null;
        float* ec = pass.ColumnExponentials + (n * panel);
        float* dc = TMode.Direction ? pass.ColumnDirection + (n * panel) : null;
        float* slope = slopes;
        for (int m = 0; m < s.Width; m++)
        {
            Vector512<float> t0 = default, t1 = default, t2 = default, t3 = default;
            for (int r = 0; r < s.Shifts; r++)
            {
                Vector512<float> c = Vector512.Load(ec);
                Vector512<float> x0 = one + Vector512.MinNative(Vector512.Create(er[0]) * c, cap);
                Vector512<float> x1 = one + Vector512.MinNative(Vector512.Create(er[1]) * c, cap);
                Vector512<float> x2 = one + Vector512.MinNative(Vector512.Create(er[2]) * c, cap);
                Vector512<float> x3 = one + Vector512.MinNative(Vector512.Create(er[3]) * c, cap);
                Vector512<float> low = x0 * x1;
                Vector512<float> high = x2 * x3;
                Vector512<float> inverse = one / (low * high);
                Vector512<float> inverseLow = inverse * high;
                Vector512<float> inverseHigh = inverse * low;
                Vector512<float> g0 = inverseLow * x1;
                Vector512<float> g1 = inverseLow * x0;
                Vector512<float> g2 = inverseHigh * x3;
                Vector512<float> g3 = inverseHigh * x2;
                t0 += g0;
                t1 += g1;
                t2 += g2;
                t3 += g3;
                if (TMode.Direction || TMode.Backward)
                {
                    g0 = Vector512.FusedMultiplyAdd(-g0, g0, g0);
                    g1 = Vector512.FusedMultiplyAdd(-g1, g1, g1);
                    g2 = Vector512.FusedMultiplyAdd(-g2, g2, g2);
                    g3 = Vector512.FusedMultiplyAdd(-g3, g3, g3);
                }

                if (TMode.Direction)
                {
                    Vector512<float> d = Vector512.Load(dc);
                    u0 = Vector512.FusedMultiplyAdd(g0, Vector512.Create(dr[0]) + d, u0);
                    u1 = Vector512.FusedMultiplyAdd(g1, Vector512.Create(dr[1]) + d, u1);
                    u2 = Vector512.FusedMultiplyAdd(g2, Vector512.Create(dr[2]) + d, u2);
                    u3 = Vector512.FusedMultiplyAdd(g3, Vector512.Create(dr[3]) + d, u3);
                    dr += Lanes;
                    dc += Lanes;
                }

                if (TMode.Backward)
                {
                    g0.Store(slope);
                    g1.Store(slope + Lanes);
                    g2.Store(slope + (2 * Lanes));
                    g3.Store(slope + (3 * Lanes));
                    slope += 4 * Lanes;
                }

                er += Lanes;
                ec += Lanes;
            }

            if (TMode.Residual)
            {
                Vector512<float> v = Vector512.Create(pass.V[m]);
                u0 = Vector512.FusedMultiplyAdd(v, t0, u0);
                u1 = Vector512.FusedMultiplyAdd(v, t1, u1);
                u2 = Vector512.FusedMultiplyAdd(v, t2, u2);
                u3 = Vector512.FusedMultiplyAdd(v, t3, u3);
            }

            if (TMode.Direction)
            {
                Vector512<float> v = Vector512.Create(pass.VDirection[m]);
                u0 = Vector512.FusedMultiplyAdd(v, t0, u0);
                u1 = Vector512.FusedMultiplyAdd(v, t1, u1);
                u2 = Vector512.FusedMultiplyAdd(v, t2, u2);
                u3 = Vector512.FusedMultiplyAdd(v, t3, u3);
            }

            if (TMode.Backward || TMode.Normal)
            {
                float* to = sums + (m * 4 * Lanes);
                t0.Store(to);
                t1.Store(to + Lanes);
                t2.Store(to + (2 * Lanes));
                t3.Store(to + (3 * Lanes));
            }
        }

        int at = (k * s.PaddedColumns) + (n * Lanes);
        int line = s.PaddedColumns;
        if (TMode.Given)
        {
            u0 = Vector512.Load(pass.Field + at);
            u1 = Vector512.Load(pass.Field + at + line);
            u2 = Vector512.Load(pass.Field + at + (2 * line));
            u3 = Vector512.Load(pass.Field + at + (3 * line));
        }

        if (TMode.Residual)
        {
            Vector512<float> beta = Vector512.Create(pass.Beta);
            u0 += beta - Vector512.Load(pass.Target + at);
            u1 += beta - Vector512.Load(pass.Target + at + line);
            u2 += beta - Vector512.Load(pass.Target + at + (2 * line));
            u3 += beta - Vector512.Load(pass.Target + at + (3 * line));
        }

        if (TMode.Direction)
        {
            Vector512<float> beta = Vector512.Create(pass.BetaDirection);
            u0 += beta;
            u1 += beta;
            u2 += beta;
            u3 += beta;
        }

        if (TMode.Store)
        {
            u0.Store(pass.Field + at);
            u1.Store(pass.Field + at + line);
            u2.Store(pass.Field + at + (2 * line));
            u3.Store(pass.Field + at + (3 * line));
        }

        // Padding, of rows and of columns, has weight 0.
        Vector512<float> mask = Vector512.Load(pass.ColumnMask + (n * Lanes));
        Vector512<float> w0 = u0 * mask * Vector512.Create(pass.RowWeight[k]);
        Vector512<float> w1 = u1 * mask * Vector512.Create(pass.RowWeight[k + 1]);
        Vector512<float> w2 = u2 * mask * Vector512.Create(pass.RowWeight[k + 2]);
        Vector512<float> w3 = u3 * mask * Vector512.Create(pass.RowWeight[k + 3]);
        if (TMode.Backward)
        {
            float* gradient = pass.ColumnGradient + (n * panel);
            slope = slopes;
            for (int f = 0; f < s.Features; f++)
            {
                Vector512<float> h0 = Vector512.Load(slope) * w0;
                Vector512<float> h1 = Vector512.Load(slope + Lanes) * w1;
                Vector512<float> h2 = Vector512.Load(slope + (2 * Lanes)) * w2;
                Vector512<float> h3 = Vector512.Load(slope + (3 * Lanes)) * w3;
                (Vector512.Load(gradient) + ((h0 + h1) + (h2 + h3))).Store(gradient);
                (Vector512.Load(rowSums) + h0).Store(rowSums);
                (Vector512.Load(rowSums + Lanes) + h1).Store(rowSums + Lanes);
                (Vector512.Load(rowSums + (2 * Lanes)) + h2).Store(rowSums + (2 * Lanes));
                (Vector512.Load(rowSums + (3 * Lanes)) + h3).Store(rowSums + (3 * Lanes));
                gradient += Lanes;
                slope += 4 * Lanes;
                rowSums += 4 * Lanes;
            }

            for (int m = 0; m < s.Width; m++)
            {
                float* t = sums + (m * 4 * Lanes);
                Vector512<float> sum = Vector512.Load(linear + (m * Lanes));
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(t), w0, sum);
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(t + Lanes), w1, sum);
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(t + (2 * Lanes)), w2, sum);
                sum = Vector512.FusedMultiplyAdd(Vector512.Load(t + (3 * Lanes)), w3, sum);
                sum.Store(linear + (m * Lanes));
            }

            float* constant = linear + (s.Width * Lanes);
            (Vector512.Load(constant) + ((w0 + w1) + (w2 + w3))).Store(constant);
        }

        if (TMode.Normal)
        {
            AddNormal(in pass, s, k, n, sums, at);
        }

        return TMode.Residual ? ((u0 * w0) + (u1 * w1)) + ((u2 * w2) + (u3 * w3)) : default;
    }

    /// <summary>
    /// Adds the weighted products of the sums of sigmoids, 1 and the target with one another: the normal equations of v
    /// and beta.
    /// </summary>
    private static void AddNormal(in RiemPass pass, RiemShape s, int k, int n, float* sums, int at)
    {
        Vector512<float> mask = Vector512.Load(pass.ColumnMask + (n * Lanes));
        int basis = s.Width + 2;
        float* last = sums + (s.Width * 4 * Lanes);
        for (int j = 0; j < 4; j++)
        {
            Vector512.Create(1f).Store(last + (j * Lanes));
            Vector512.Load(pass.Target + at + (j * s.PaddedColumns)).Store(last + ((4 + j) * Lanes));
        }

        Vector512<float> m0 = mask * Vector512.Create(pass.RowWeight[k]);
        Vector512<float> m1 = mask * Vector512.Create(pass.RowWeight[k + 1]);
        Vector512<float> m2 = mask * Vector512.Create(pass.RowWeight[k + 2]);
        Vector512<float> m3 = mask * Vector512.Create(pass.RowWeight[k + 3]);
        float* to = pass.Normal;
        for (int i = 0; i < basis; i++)
        {
            float* left = sums + (i * 4 * Lanes);
            Vector512<float> l0 = m0 * Vector512.Load(left), l1 = m1 * Vector512.Load(left + Lanes);
            Vector512<float> l2 = m2 * Vector512.Load(left + (2 * Lanes)), l3 = m3 * Vector512.Load(left + (3 * Lanes));
            for (int j = 0; j <= i; j++)
            {
                float* right = sums + (j * 4 * Lanes);
                Vector512<float> a = Vector512.FusedMultiplyAdd(l0, Vector512.Load(right), Vector512.Load(to));
                a = Vector512.FusedMultiplyAdd(l1, Vector512.Load(right + Lanes), a);
                a = Vector512.FusedMultiplyAdd(l2, Vector512.Load(right + (2 * Lanes)), a);
                a = Vector512.FusedMultiplyAdd(l3, Vector512.Load(right + (3 * Lanes)), a);
                a.Store(to);
                to += Lanes;
            }
        }
    }
}
