namespace FlatLearning.Fitting.Metrics.DynL1;

/// <summary>
/// A DyN-L1 fit in progress, on quantised states throughout: X[k,n] ~ sum_j weight[j] · |p[j,k] - q[j,n]| with p, q in
/// 0 .. levels-1. Every step is the exact minimum over what it changes, so the residual never grows.
/// docs/derivations/dyn-l1.md.
/// </summary>
internal sealed class L1State
{
    private const int PowerIterations = 4;
    private readonly double[] _counts;
    private readonly double[] _sums;
    private readonly double[] _columnSums;

    public L1State(float[] target, int rows, int columns, int coordinates, int levels)
    {
        (Rows, Columns, Levels) = (rows, columns, levels);
        Residual = target;
        RowCodes = new byte[coordinates * rows];
        ColumnCodes = new byte[coordinates * columns];
        Weights = new double[coordinates];
        _counts = new double[levels];
        _sums = new double[levels];
        _columnSums = new double[levels * columns];
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Levels { get; }

    /// <summary>X minus the model, row-major [rows, columns].</summary>
    public float[] Residual { get; }

    /// <summary>p, [coordinates, rows].</summary>
    public byte[] RowCodes { get; }

    /// <summary>q, [coordinates, columns].</summary>
    public byte[] ColumnCodes { get; }

    /// <summary>lambda of the head times the step of the coordinate; its sign is the head's.</summary>
    public double[] Weights { get; }

    /// <summary>sum of the squared residual.</summary>
    public double SquaredError()
    {
        double total = 0;
        foreach (float value in Residual)
        {
            total += (double)value * value;
        }

        return total;
    }

    /// <summary>
    /// Places a coordinate of weight 0 along the residual's leading singular pair: with q at the ends of the range, |p
    /// - q| is bilinear in p and the sign of q.
    /// </summary>
    public void Place(int j, int sign, Random random)
    {
        double[] u = new double[Rows];
        double[] v = new double[Columns];
        for (int n = 0; n < Columns; n++)
        {
            v[n] = random.NextDouble() - 0.5;
        }

        for (int iteration = 0; iteration < PowerIterations; iteration++)
        {
            Array.Clear(u);
            for (int k = 0; k < Rows; k++)
            {
                ReadOnlySpan<float> line = Residual.AsSpan(k * Columns, Columns);
                for (int n = 0; n < line.Length; n++)
                {
                    u[k] += line[n] * v[n];
                }
            }

            Normalise(u);
            Array.Clear(v);
            for (int k = 0; k < Rows; k++)
            {
                ReadOnlySpan<float> line = Residual.AsSpan(k * Columns, Columns);
                for (int n = 0; n < line.Length; n++)
                {
                    v[n] += line[n] * u[k];
                }
            }

            Normalise(v);
        }

        double half = (Levels - 1) / 2.0;
        for (int k = 0; k < Rows; k++)
        {
            RowCodes[(j * Rows) + k] = (byte)Math.Round(half + (half * u[k]));
        }

        for (int n = 0; n < Columns; n++)
        {
            ColumnCodes[(j * Columns) + n] = (byte)Math.Round(half - (sign * half * v[n]));
        }

        FitWeight(j, sign);
    }

    /// <summary>The best weight of a coordinate that has the given sign or is 0.</summary>
    public void FitWeight(int j, int sign)
    {
        ReadOnlySpan<byte> q = ColumnCodes.AsSpan(j * Columns, Columns);
        (double along, double energy) = (0, 0);
        for (int k = 0; k < Rows; k++)
        {
            int p = RowCodes[(j * Rows) + k];
            ReadOnlySpan<float> line = Residual.AsSpan(k * Columns, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                int distance = Math.Abs(p - q[n]);
                along += distance * line[n];
                energy += distance * distance;
            }
        }

        double wanted = energy > 0 ? Weights[j] + (along / energy) : 0;
        wanted = wanted * sign > 0 ? wanted : 0;
        float change = (float)(Weights[j] - wanted);
        Weights[j] = wanted;
        for (int k = 0; k < Rows; k++)
        {
            int p = RowCodes[(j * Rows) + k];
            Span<float> line = Residual.AsSpan(k * Columns, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                line[n] += change * Math.Abs(p - q[n]);
            }
        }
    }

    /// <summary>The best code of every row in coordinate j, the columns fixed.</summary>
    public void FitRows(int j)
    {
        float weight = (float)Weights[j];
        if (weight == 0)
        {
            return;
        }

        ReadOnlySpan<byte> q = ColumnCodes.AsSpan(j * Columns, Columns);
        Array.Clear(_counts);
        foreach (byte code in q)
        {
            _counts[code]++;
        }

        for (int k = 0; k < Rows; k++)
        {
            Span<float> line = Residual.AsSpan(k * Columns, Columns);
            ref byte p = ref RowCodes[(j * Rows) + k];
            Array.Clear(_sums);
            for (int n = 0; n < line.Length; n++)
            {
                _sums[q[n]] += line[n] + (weight * Math.Abs(p - q[n]));
            }

            int best = L1Level.Best(_counts, _sums, 1, weight);
            for (int n = 0; n < line.Length; n++)
            {
                line[n] += weight * (Math.Abs(p - q[n]) - Math.Abs(best - q[n]));
            }

            p = (byte)best;
        }
    }

    /// <summary>The best code of every column in coordinate j, the rows fixed.</summary>
    public void FitColumns(int j)
    {
        float weight = (float)Weights[j];
        if (weight == 0)
        {
            return;
        }

        Span<byte> q = ColumnCodes.AsSpan(j * Columns, Columns);
        Array.Clear(_counts);
        Array.Clear(_columnSums);
        for (int k = 0; k < Rows; k++)
        {
            int p = RowCodes[(j * Rows) + k];
            _counts[p]++;
            ReadOnlySpan<float> line = Residual.AsSpan(k * Columns, Columns);
            Span<double> sums = _columnSums.AsSpan(p * Columns, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                sums[n] += line[n] + (weight * Math.Abs(p - q[n]));
            }
        }

        byte[] best = new byte[Columns];
        for (int n = 0; n < Columns; n++)
        {
            best[n] = (byte)L1Level.Best(_counts, _columnSums.AsSpan(n), Columns, weight);
        }

        for (int k = 0; k < Rows; k++)
        {
            int p = RowCodes[(j * Rows) + k];
            Span<float> line = Residual.AsSpan(k * Columns, Columns);
            for (int n = 0; n < line.Length; n++)
            {
                line[n] += weight * (Math.Abs(p - q[n]) - Math.Abs(p - best[n]));
            }
        }

        best.CopyTo(q);
    }

    private static void Normalise(double[] vector)
    {
        double largest = vector.Max(Math.Abs);
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = largest > 0 ? vector[i] / largest : 0;
        }
    }
}
