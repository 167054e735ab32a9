using FlatLearning.Dyn.Metrics;
using FlatLearning.Numerics;
using FlatLearning.Numerics.Lanes;

namespace FlatLearning.Dyn.Decoding;

/// <summary>
/// riem, prepared. With a[k,f] = A_f·p_k + c_f and b[n,f] = A_f·S_r q_n a feature is sigmoid(a + b) = 1 / (1 + e^-a
/// e^-b): both exponentials are stored, so that a weight costs one product per feature and, taken in pairs, v1/(1+s) +
/// v2/(1+t) = (v1 (1+t) + v2 (1+s)) / ((1+s)(1+t)), one division per two. Arguments too wide for float exponents keep a
/// and b themselves and take the sigmoid of their sum.
/// </summary>
internal readonly struct RiemTable : IMetricTerms
{
    /// <summary>
    /// The largest |a| and |b| (after moving their centre) whose exponentials are stored; e^80 = 5.5e34.
    /// </summary>
    private const double MaxExponent = 80;

    /// <summary>
    /// Products of exponentials are cut here, so that two of them multiply without overflow; the feature is then below
    /// 2^-60.
    /// </summary>
    private const float MaxProduct = 1.15292150e18f;

    /// <summary>Arguments are cut here where they are stored: beyond, the sigmoid has been 0 or 1 for long.</summary>
    private const double MaxArgument = 1e30;

    private readonly bool _isFactored;
    private readonly float[] _v;
    private readonly float _vScale;
    private readonly float _beta;

    private RiemTable(bool isFactored, float[] v, float vScale, float beta) =>
        (_isFactored, _v, _vScale, _beta) = (isFactored, v, vScale, beta);

    /// <summary>Prepares a metric: (K + N) · R · M · d multiply-adds.</summary>
    public static MetricTable Create(RiemMetric metric, int groupWidth)
    {
        int features = metric.Shifts * metric.Width;
        int count = features + (features % 2);
        int rows = metric.States.Rows.Layout.Columns;
        int columns = metric.States.Columns.Layout.Columns;
        MetricTerms terms = new(rows, columns, count, groupWidth);
        byte[] rowCodes = StateCodes.Unpack(metric.States.Rows);
        byte[] columnCodes = StateCodes.Unpack(metric.States.Columns);

        // v is kept below 1 by a power of two, so that products with MaxProduct stay finite for every v.
        float largest = 0;
        foreach (float v in metric.V)
        {
            largest = MathF.Max(largest, MathF.Abs(v));
        }

        int exponent = largest == 0 ? 0 : Math.Min(MathF.ILogB(largest) + 1, 127);
        float[] scaled = new float[count];
        for (int f = 0; f < features; f++)
        {
            scaled[f] = MathF.ScaleB(metric.V[f % metric.Width], -exponent);
        }

        double[] a = new double[rows];
        double[] b = new double[columns];
        bool isFactored = true;
        for (int f = 0; f < features && isFactored; f++)
        {
            Project(metric, f, rowCodes, columnCodes, a, b);
            isFactored = Centre(a, b);
            for (int k = 0; isFactored && k < rows; k++)
            {
                terms.Row(k, f) = (float)Math.Exp(-a[k]);
            }

            for (int n = 0; isFactored && n < columns; n++)
            {
                terms.Column(n, f) = (float)Math.Exp(-b[n]);
            }
        }

        for (int f = 0; f < features && !isFactored; f++)
        {
            Project(metric, f, rowCodes, columnCodes, a, b);
            for (int k = 0; k < rows; k++)
            {
                terms.Row(k, f) = (float)Math.Clamp(a[k], -MaxArgument, MaxArgument);
            }

            for (int n = 0; n < columns; n++)
            {
                terms.Column(n, f) = (float)Math.Clamp(b[n], -MaxArgument, MaxArgument);
            }
        }

        return new MetricTable<RiemTable>(
            terms, new RiemTable(isFactored, scaled, MathF.ScaleB(1, exponent), metric.Beta));
    }

    /// <inheritdoc/>
    public unsafe TVector Sum<TLanes, TVector>(float* row, float* block)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        TVector sum = _isFactored
            ? SumFactored<TLanes, TVector>(row, block, _v)
            : SumArguments<TLanes, TVector>(row, block, _v);
        return TLanes.MultiplyAdd(sum, TLanes.Broadcast(_vScale), TLanes.Broadcast(_beta));
    }

    private static unsafe TVector SumFactored<TLanes, TVector>(float* row, float* block, float[] v)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        TVector one = TLanes.Broadcast(1f);
        TVector max = TLanes.Broadcast(MaxProduct);
        TVector sum = TLanes.Broadcast(0f);
        for (int f = 0; f < v.Length; f += 2)
        {
            TVector s = TLanes.Multiply(TLanes.Broadcast(row[f]), TLanes.Load(in block[f * MetricTable.LaneBlock]));
            TVector t =
                TLanes.Multiply(TLanes.Broadcast(row[f + 1]), TLanes.Load(in block[(f + 1) * MetricTable.LaneBlock]));
            s = TLanes.Add(TLanes.Min(s, max), one);
            t = TLanes.Add(TLanes.Min(t, max), one);
            TVector numerator =
                TLanes.MultiplyAdd(TLanes.Broadcast(v[f]), t, TLanes.Multiply(TLanes.Broadcast(v[f + 1]), s));
            sum = TLanes.Add(sum, TLanes.Divide(numerator, TLanes.Multiply(s, t)));
        }

        return sum;
    }

    private static unsafe TVector SumArguments<TLanes, TVector>(float* row, float* block, float[] v)
        where TLanes : struct, IFloatLanes<TVector>
        where TVector : unmanaged
    {
        TVector sum = TLanes.Broadcast(0f);
        for (int f = 0; f < v.Length; f++)
        {
            TVector argument = TLanes.Add(TLanes.Broadcast(row[f]), TLanes.Load(in block[f * MetricTable.LaneBlock]));
            sum = TLanes.MultiplyAdd(TLanes.Broadcast(v[f]), SigmoidKernel.Apply<TLanes, TVector>(argument), sum);
        }

        return sum;
    }

    /// <summary>
    /// a[k] = A_f·p_k + c_f and b[n] = A_f·S_r q_n of one feature; S_r q has coordinate (i + shift) mod d at i.
    /// </summary>
    private static void Project(
        RiemMetric metric, int feature, byte[] rowCodes, byte[] columnCodes, double[] a, double[] b)
    {
        int d = metric.StateDim;
        ReadOnlySpan<float> range = metric.States.Range.Values;
        int shift = RiemMetric.ShiftOf(feature / metric.Width, d, metric.Shifts);
        Array.Fill(a, metric.C[feature]);
        Array.Clear(b);
        for (int i = 0; i < d; i++)
        {
            double weight = metric.A[(feature * d) + i];
            int j = (i + shift) % d;
            Accumulate(rowCodes.AsSpan(i * a.Length, a.Length), weight * range[i], weight * range[d + i], a);
            Accumulate(
                columnCodes.AsSpan(j * b.Length, b.Length),
                weight * range[(2 * d) + j],
                weight * range[(3 * d) + j],
                b);
        }
    }

    private static void Accumulate(ReadOnlySpan<byte> codes, double minimum, double step, Span<double> sums)
    {
        for (int c = 0; c < codes.Length; c++)
        {
            sums[c] += minimum + (step * codes[c]);
        }
    }

    /// <summary>
    /// Moves a constant from a to b so that a is centred on zero; false where one of them is then still too wide.
    /// </summary>
    private static bool Centre(Span<double> a, Span<double> b)
    {
        double min = double.PositiveInfinity;
        double max = double.NegativeInfinity;
        foreach (double value in a)
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }

        double centre = (min + max) / 2;
        bool fits = max - centre <= MaxExponent;
        foreach (ref double value in a)
        {
            value -= centre;
        }

        foreach (ref double value in b)
        {
            value += centre;
            fits &= Math.Abs(value) <= MaxExponent;
        }

        return fits;
    }
}
