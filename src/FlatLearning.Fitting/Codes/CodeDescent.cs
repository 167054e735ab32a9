using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Improves the codes of one column under a full H, one code at a time: the code of least eᵀ H e with all others fixed,
/// until a sweep changes none. Never raises the error.
/// </summary>
internal sealed class CodeDescent(AdditiveTables tables, float[] weight)
{
    private const int Sweeps = 4;
    private readonly int _rows = (int)Math.Sqrt(weight.Length);
    private readonly float[] _gradient = new float[(int)Math.Sqrt(weight.Length)];
    private readonly float[] _cost = new float[tables.Levels];

    /// <summary>Improves codes in place and returns eᵀ H e.</summary>
    /// <param name="errors">e [K] of the codes, x - s; kept up to date.</param>
    /// <param name="codes">[K].</param>
    public double Improve(Span<float> errors, Span<byte> codes)
    {
        for (int k = 0; k < _rows; k++)
        {
            _gradient[k] = Dot.InType(weight.AsSpan(k * _rows, _rows), errors);
        }

        bool changed = true;
        for (int sweep = 0; changed && sweep < Sweeps; sweep++)
        {
            changed = false;
            for (int k = 0; k < _rows; k++)
            {
                int code = BestCode(k, codes[k]);
                if (code != codes[k])
                {
                    Change(k, codes[k], code, errors);
                    codes[k] = (byte)code;
                    changed = true;
                }
            }
        }

        // The gradient has been added to many times; the value it gives must be exact.
        double total = 0;
        for (int k = 0; k < _rows; k++)
        {
            total += (double)errors[k] * Dot.InType(weight.AsSpan(k * _rows, _rows), errors);
        }

        return total;
    }

    /// <summary>
    /// With steps d[t] = table[t, new] - table[t, old], eᵀ H e changes by dᵀ H d - 2 d·g over the rows that the code
    /// reaches.
    /// </summary>
    private int BestCode(int k, int current)
    {
        int reach = Math.Min(tables.Taps, _rows - k);
        Array.Clear(_cost);
        for (int t = 0; t < reach; t++)
        {
            ReadOnlySpan<float> table = tables.Values.AsSpan(t * tables.Levels, tables.Levels);
            float slope = -2 * _gradient[k + t];
            float origin = table[current];
            float curvature = weight[((k + t) * _rows) + k + t];
            for (int code = 0; code < table.Length; code++)
            {
                float step = table[code] - origin;
                _cost[code] += step * (slope + (curvature * step));
            }

            for (int u = 0; u < t; u++)
            {
                ReadOnlySpan<float> other = tables.Values.AsSpan(u * tables.Levels, tables.Levels);
                float coupling = 2 * weight[((k + t) * _rows) + k + u];
                float otherOrigin = other[current];
                for (int code = 0; code < table.Length; code++)
                {
                    _cost[code] += coupling * (table[code] - origin) * (other[code] - otherOrigin);
                }
            }
        }

        int best = current;
        for (int code = 0; code < _cost.Length; code++)
        {
            best = _cost[code] < _cost[best] ? code : best;
        }

        return best;
    }

    private void Change(int k, int from, int to, Span<float> errors)
    {
        int reach = Math.Min(tables.Taps, _rows - k);
        for (int t = 0; t < reach; t++)
        {
            float step = tables[t, to] - tables[t, from];
            errors[k + t] -= step;
            Lines.AddScaled(_gradient, -step, weight.AsSpan((k + t) * _rows, _rows));
        }
    }
}
