using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// Codes of one column under a full H: a beam search over the rows that keeps the cheapest <see cref="Width"/>
/// prefixes, each with its own error feedback. Minimises sum_k d[k] (x[k] - s[k] + sum_j m[k,j] (x[j] - s[j]))², s the
/// sums of the tables. docs/derivations/error-feedback.md says why the Viterbi algorithm cannot: what a prefix costs
/// later depends on all of it, not on its last codes alone. An instance owns its workspace: one per thread.
/// </summary>
internal sealed class BeamEncoder
{
    /// <summary>Prefixes kept.</summary>
    public const int Width = 32;

    /// <summary>
    /// Rows of which every prefix remembers its own errors; at older rows all are made to agree with the best.
    /// </summary>
    private const int Window = 32;

    private const int Lanes = 16;

    /// <summary>The search for the threshold stops when so many candidates are below it.</summary>
    private const int Enough = 24;

    private const int ThresholdSteps = 24;
    private const float Dead = 1e30f;

    /// <summary>
    /// Targets beyond every code's reach are kept here, so that the cost of a living prefix stays far below
    /// <see cref="Dead"/>.
    /// </summary>
    private const float Farthest = 1e10f;

    private readonly float[] _window = new float[Window * Width];
    private readonly float[] _committed;
    private readonly byte[] _parents;
    private readonly byte[] _codes;
    private readonly float[] _cost = new float[Width];
    private readonly float[] _rest = new float[Width];
    private readonly float[] _target = new float[Width];
    private readonly float[] _candidates;
    private readonly int[] _order = new int[Width];
    private readonly int[] _recent;
    private readonly int[] _recentNext;
    private readonly BeamSection[] _whole;
    private AdditiveTables _tables;

    // Candidates in use: those of the present tables.
    private int _active;

    // Rows that the taps may reach back to.
    private int _above;

    public BeamEncoder(AdditiveTables tables, int rows)
        : this([tables], rows) => _whole = [new BeamSection(tables, rows, default)];

    /// <summary>An encoder of columns with sections of several tables.</summary>
    public BeamEncoder(IReadOnlyList<AdditiveTables> tables, int rows)
    {
        _tables = tables[0];
        _committed = new float[rows];
        _parents = new byte[rows * Width];
        _codes = new byte[rows * Width];
        _candidates = new float[tables.Max(one => one.Levels) * Width];
        _recent = new int[tables.Max(one => one.Taps) * Width];
        _recentNext = new int[_recent.Length];
        _whole = [];
    }

    /// <summary>Encodes a column.</summary>
    /// <param name="x">[K], normalised.</param>
    /// <param name="lower">m, row-major [K, K].</param>
    /// <param name="weights">d [K], positive.</param>
    /// <param name="codes">Receives the codes [K].</param>
    public void Encode(ReadOnlySpan<float> x, float[] lower, float[] weights, Span<byte> codes) =>
        Encode(x, lower, weights, _whole, codes);

    /// <summary>Encodes a column of sections, which have K rows together.</summary>
    /// <inheritdoc cref="Encode(ReadOnlySpan{float}, float[], float[], Span{byte})"/>
    /// <param name="sections">The sections from the first row on.</param>
    public void Encode(
        ReadOnlySpan<float> x, float[] lower, float[] weights, ReadOnlySpan<BeamSection> sections, Span<byte> codes)
    {
        int rows = x.Length;
        _cost.AsSpan().Fill(Dead);
        _cost[0] = 0;
        Array.Clear(_window);
        int k = 0;
        foreach (BeamSection section in sections)
        {
            Begin(section);
            for (int end = k + section.Rows; k < end; k++)
            {
                Prepare(x[k], k, lower.AsSpan(k * rows, k));
                if (section.Tables is null)
                {
                    Lose(x[k], k, weights[k]);
                    continue;
                }

                Spread(weights[k]);
                int count = Select();
                Advance(x[k], k, count);
                _above++;
            }
        }

        int path = 0;
        for (int p = 1; p < Width; p++)
        {
            path = _cost[p] < _cost[path] ? p : path;
        }

        for (k = rows - 1; k >= 0; k--)
        {
            codes[k] = _codes[(k * Width) + path];
            path = _parents[(k * Width) + path];
        }
    }

    private void Begin(BeamSection section)
    {
        Array.Clear(_recent);
        _above = section.History.Length;
        if (section.Tables is null)
        {
            return;
        }

        _tables = section.Tables;
        _active = _tables.Levels * Width;
        for (int t = 0; t < section.History.Length && t < _tables.Taps; t++)
        {
            _recent.AsSpan(t * Width, Width).Fill(section.History.Span[t]);
        }
    }

    /// <summary>A row without a code: every prefix loses all of it, and what its later rows can make up for.</summary>
    private void Lose(float x, int k, float weight)
    {
        float min = Dead;
        for (int p = 0; p < Width; p++)
        {
            _cost[p] = _cost[p] < Dead / 2 ? _cost[p] + (weight * _target[p] * _target[p]) : Dead;
            min = MathF.Min(min, _cost[p]);
            _parents[(k * Width) + p] = (byte)p;
            _codes[(k * Width) + p] = 0;
        }

        int best = Array.IndexOf(_cost, min);
        Span<float> slot = _window.AsSpan(k % Window * Width, Width);
        float agreed = slot[best];
        for (int p = 0; p < Width; p++)
        {
            _cost[p] = (k < Window || slot[p] == agreed) && _cost[p] < Dead / 2 ? _cost[p] - min : Dead;
        }

        if (k >= Window)
        {
            _committed[k - Window] = agreed;
        }

        slot.Fill(x);
    }

    /// <summary>
    /// What the newest code of every prefix is to come near to, and what the older codes contribute already.
    /// </summary>
    private void Prepare(float x, int k, ReadOnlySpan<float> feedback)
    {
        int old = Math.Max(0, k - Window);
        Vector512<float> low = Vector512.Create(x + Dot.InType(feedback[..old], _committed));
        Vector512<float> high = low;
        for (int j = old; j < k; j++)
        {
            ReadOnlySpan<float> errors = _window.AsSpan(j % Window * Width, Width);
            Vector512<float> m = Vector512.Create(feedback[j]);
            low = Vector512.FusedMultiplyAdd(m, Vector512.Create(errors), low);
            high = Vector512.FusedMultiplyAdd(m, Vector512.Create(errors[Lanes..]), high);
        }

        Array.Clear(_rest);
        for (int t = 1; t < _tables.Taps && t <= _above; t++)
        {
            ReadOnlySpan<float> table = _tables.Values.AsSpan(t * _tables.Levels, _tables.Levels);
            ReadOnlySpan<int> recent = _recent.AsSpan((t - 1) * Width, Width);
            for (int p = 0; p < Width; p++)
            {
                _rest[p] += table[recent[p]];
            }
        }

        Vector512<float> bound = Vector512.Create(Farthest);
        Vector512.Min(Vector512.Max(low - Vector512.Create(_rest), -bound), bound).CopyTo(_target);
        Vector512.Min(Vector512.Max(high - Vector512.Create(_rest, Lanes), -bound), bound).CopyTo(_target, Lanes);
    }

    /// <summary>The cost of every prefix with every code.</summary>
    private void Spread(float weight)
    {
        Vector512<float> d = Vector512.Create(weight);
        Vector512<float> low = Vector512.Create(_target);
        Vector512<float> high = Vector512.Create(_target, Lanes);
        Vector512<float> lowCost = Vector512.Create(_cost);
        Vector512<float> highCost = Vector512.Create(_cost, Lanes);
        for (int code = 0; code < _tables.Levels; code++)
        {
            Vector512<float> level = Vector512.Create(_tables.Values[code]);
            Vector512<float> a = low - level;
            Vector512<float> b = high - level;
            Vector512.FusedMultiplyAdd(d * a, a, lowCost).CopyTo(_candidates, code * Width);
            Vector512.FusedMultiplyAdd(d * b, b, highCost).CopyTo(_candidates, (code * Width) + Lanes);
        }
    }

    /// <summary>
    /// Writes the candidates to keep to <see cref="_order"/>, in their own order, and returns how many.
    /// </summary>
    private int Select()
    {
        Vector512<float> best = Vector512.Create(Dead);
        Vector512<float> lowBest = best;
        Vector512<float> highBest = best;
        for (int i = 0; i < _active; i += Width)
        {
            lowBest = Vector512.Min(lowBest, Vector512.Create(_candidates, i));
            highBest = Vector512.Min(highBest, Vector512.Create(_candidates, i + Lanes));
        }

        // Every living prefix has a candidate below the largest of the best: few enough where all are alive, or a bound
        // to grow from.
        float low = Dead;
        float high = 0;
        for (int p = 0; p < Lanes; p++)
        {
            low = MathF.Min(low, MathF.Min(lowBest[p], highBest[p]));
            high = MathF.Max(
                high, MathF.Max(lowBest[p] < Dead / 2 ? lowBest[p] : 0, highBest[p] < Dead / 2 ? highBest[p] : 0));
        }

        int kept = Count(high);
        for (int grow = 0; kept < Enough && grow < ThresholdSteps && high < Dead / 4; grow++)
        {
            low = high;
            high = (2 * high) + float.Epsilon;
            kept = Count(high);
        }

        float threshold = high;
        for (int step = 0; kept > Width && step < ThresholdSteps; step++)
        {
            float middle = low + (0.5f * (high - low));
            int count = Count(middle);
            if (count > Width)
            {
                high = middle;
            }
            else
            {
                (low, threshold) = (middle, middle);
                if (count >= Enough)
                {
                    break;
                }
            }
        }

        // Many equal candidates: no threshold separates them, the first ones are kept.
        int taken = Take(threshold);
        return taken > 0 ? taken : Take(high);
    }

    private int Count(float threshold)
    {
        Vector512<float> limit = Vector512.Create(threshold);
        int count = 0;
        for (int i = 0; i < _active; i += Lanes)
        {
            count += BitOperations.PopCount(
                Vector512.LessThanOrEqual(Vector512.Create(_candidates, i), limit).ExtractMostSignificantBits());
        }

        return count;
    }

    private int Take(float threshold)
    {
        Vector512<float> limit = Vector512.Create(threshold);
        int count = 0;
        for (int i = 0; i < _active; i += Lanes)
        {
            ulong mask = Vector512.LessThanOrEqual(Vector512.Create(_candidates, i), limit)
                .ExtractMostSignificantBits();
            for (; mask != 0 && count < Width; mask &= mask - 1)
            {
                _order[count++] = i + BitOperations.TrailingZeroCount(mask);
            }
        }

        return count;
    }

    /// <summary>
    /// The kept candidates become the prefixes; at the row that leaves the window those that differ from the best there
    /// end.
    /// </summary>
    private void Advance(float x, int k, int count)
    {
        Span<float> errors = stackalloc float[Width];
        int best = 0;
        for (int i = 0; i < Width; i++)
        {
            int candidate = _order[Math.Min(i, count - 1)];
            int parent = candidate % Width;
            int code = candidate / Width;
            _parents[(k * Width) + i] = (byte)parent;
            _codes[(k * Width) + i] = (byte)code;
            errors[i] = x - _rest[parent] - _tables.Values[code];
            _target[i] = i < count ? _candidates[candidate] : Dead;
            best = _target[i] < _target[best] ? i : best;
            _recentNext[i] = code;
            for (int t = 1; t < _tables.Taps; t++)
            {
                _recentNext[(t * Width) + i] = _recent[((t - 1) * Width) + parent];
            }
        }

        _recentNext.CopyTo(_recent, 0);
        Reorder(_parents.AsSpan(k * Width, Width));
        Span<float> slot = _window.AsSpan(k % Window * Width, Width);
        float agreed = slot[best];
        float min = _target[best];
        for (int i = 0; i < Width; i++)
        {
            _cost[i] = (k < Window || slot[i] == agreed) && _target[i] < Dead / 2 ? _target[i] - min : Dead;
        }

        if (k >= Window)
        {
            _committed[k - Window] = agreed;
        }

        errors.CopyTo(slot);
    }

    /// <summary>Every prefix takes over its parent's errors.</summary>
    private void Reorder(ReadOnlySpan<byte> parents)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<int> low = Vector512.ConvertToInt32(Widen(parents));
            Vector512<int> high = Vector512.ConvertToInt32(Widen(parents[Lanes..]));
            for (int i = 0; i < _window.Length; i += Width)
            {
                Vector512<float> a = Vector512.Create(_window, i);
                Vector512<float> b = Vector512.Create(_window, i + Lanes);
                Avx512F.PermuteVar16x32x2(a, low, b).CopyTo(_window, i);
                Avx512F.PermuteVar16x32x2(a, high, b).CopyTo(_window, i + Lanes);
            }

            return;
        }

        Span<float> old = stackalloc float[Width];
        for (int i = 0; i < _window.Length; i += Width)
        {
            Span<float> line = _window.AsSpan(i, Width);
            line.CopyTo(old);
            for (int p = 0; p < Width; p++)
            {
                line[p] = old[parents[p]];
            }
        }
    }

    private static Vector512<float> Widen(ReadOnlySpan<byte> bytes)
    {
        Span<float> wide = stackalloc float[Lanes];
        for (int i = 0; i < Lanes; i++)
        {
            wide[i] = bytes[i];
        }

        return Vector512.Create(wide);
    }
}
