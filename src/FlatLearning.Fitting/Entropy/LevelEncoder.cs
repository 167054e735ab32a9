using System.Runtime.Intrinsics;
using FlatLearning.Dyn.Entropy;

namespace FlatLearning.Fitting.Entropy;

/// <summary>
/// The Viterbi algorithm over the trellis of levels, sixteen columns at a time (one column per SIMD lane): the path of
/// least sum of (x - m)² + lambda · bits(m). An instance owns its workspace: one per thread.
/// </summary>
/// <remarks>
/// All paths into a state come from states of one parity, the state's top bit, by a level with or without its second
/// bit; a bit per lane remembers which. A row has four subsets of levels (modulo 4), and only the best level of each
/// matters, whatever the state: it is found once a row.
/// </remarks>
internal sealed class LevelEncoder
{
    /// <summary>Columns encoded together.</summary>
    public const int Lanes = 16;

    private const int Subsets = 4;
    private const float Unreachable = 1e30f;

    /// <summary>Costs are kept relative to the best path, at every so many rows.</summary>
    private const int RowsBetweenShifts = 32;

    private readonly int _memory;
    private readonly int _states;
    private readonly int[] _from;
    private readonly float[] _costs = new float[Subsets * Lanes];
    private readonly sbyte[] _levels;
    private readonly ushort[] _decisions;
    private float[] _cost;
    private float[] _next;

    /// <summary>Creates an encoder.</summary>
    /// <param name="memory">Memory of the trellis.</param>
    /// <param name="rows">K.</param>
    public LevelEncoder(int memory, int rows)
    {
        _memory = memory;
        _states = 1 << memory;
        _cost = new float[_states * Lanes];
        _next = new float[_states * Lanes];
        _levels = new sbyte[(long)rows * Subsets * Lanes];
        _decisions = new ushort[(long)rows * _states];
        _from = new int[_states * 2];
        for (int state = 0; state < _states; state++)
        {
            for (int bit = 0; bit < 2; bit++)
            {
                _from[(state * 2) + bit] = From(state, bit);
            }
        }
    }

    /// <summary>Encodes sixteen columns.</summary>
    /// <param name="x">Values in units of their step, row-major [rows, 16].</param>
    /// <param name="centres">Predictions, row-major [rows, 16]: even.</param>
    /// <param name="rowClasses">a [rows].</param>
    /// <param name="columnClasses">b [16].</param>
    /// <param name="rates">Bits of the levels.</param>
    /// <param name="lambda">Squared steps that a bit is worth.</param>
    /// <param name="levels">Receives the levels, row-major [rows, 16].</param>
    public void Encode(
        ReadOnlySpan<float> x,
        ReadOnlySpan<sbyte> centres,
        ReadOnlySpan<int> rowClasses,
        ReadOnlySpan<int> columnClasses,
        LevelRates rates,
        float lambda,
        Span<sbyte> levels)
    {
        int rows = rowClasses.Length;
        _cost.AsSpan().Fill(Unreachable);
        _cost.AsSpan(0, Lanes).Clear();
        for (int k = 0; k < rows; k++)
        {
            Choose(
                x.Slice(k * Lanes, Lanes), centres.Slice(k * Lanes, Lanes), rowClasses[k], columnClasses, rates.Bits,
                lambda, _levels.AsSpan(k * Subsets * Lanes, Subsets * Lanes));
            Step(_decisions.AsSpan(k * _states, _states));
            if (k % RowsBetweenShifts == RowsBetweenShifts - 1)
            {
                Shift();
            }
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            Trace(lane, rows, levels);
        }
    }

    /// <summary>
    /// The state before, on the way into <paramref name="state"/> by a level whose second bit is
    /// <paramref name="bit"/>.
    /// </summary>
    private int From(int state, int bit)
    {
        int parity = state >> (_memory - 1);
        int half = state ^ (parity != 0 ? LevelTrellis.OfParity(_memory) : 0) ^ (bit != 0
            ? LevelTrellis.OfSecondBit(_memory)
            : 0);
        return (2 * half) + parity;
    }

    /// <summary>
    /// The cheapest level of each subset: one of the two around x, or the next one towards its prediction.
    /// </summary>
    private void Choose(
        ReadOnlySpan<float> x, ReadOnlySpan<sbyte> centres, int rowClass, ReadOnlySpan<int> columnClasses,
        float[] bits, float lambda, Span<sbyte> levels)
    {
        for (int lane = 0; lane < Lanes; lane++)
        {
            float value = x[lane];
            int even = LevelRates.Offset(EntropyModel.ClassOf(rowClass, columnClasses[lane]), 0) - centres[lane];
            int floor = (int)MathF.Floor(value);
            int inward = value > centres[lane] ? -Subsets : 2 * Subsets;
            for (int subset = 0; subset < Subsets; subset++)
            {
                int table = even + ((subset & 1) * LevelRates.Places);
                int below = floor - ((floor - subset) & (Subsets - 1));
                (float min, int best) = (Unreachable, below);
                for (int i = 0; i < 3; i++)
                {
                    int level = below + (i == 2 ? inward : i * Subsets);
                    if ((uint)(level + EntropyModel.MaxLevel) <= 2 * EntropyModel.MaxLevel)
                    {
                        float distance = value - level;
                        float cost = (distance * distance) + (lambda * bits[table + level]);
                        if (cost < min)
                        {
                            (min, best) = (cost, level);
                        }
                    }
                }

                _costs[(subset * Lanes) + lane] = min;
                levels[(subset * Lanes) + lane] = (sbyte)best;
            }
        }
    }

    private void Step(Span<ushort> decisions)
    {
        int half = _states / 2;
        for (int parity = 0; parity < 2; parity++)
        {
            Vector512<float> without = Vector512.Create(_costs.AsSpan(parity * Lanes, Lanes));
            Vector512<float> with = Vector512.Create(_costs.AsSpan((parity + 2) * Lanes, Lanes));
            for (int state = parity * half; state < (parity + 1) * half; state++)
            {
                Vector512<float> a = Vector512.Create(_cost.AsSpan(_from[state * 2] * Lanes, Lanes)) + without;
                Vector512<float> b = Vector512.Create(_cost.AsSpan(_from[(state * 2) + 1] * Lanes, Lanes)) + with;
                decisions[state] = (ushort)Vector512.LessThan(b, a).ExtractMostSignificantBits();
                Vector512.Min(a, b).CopyTo(_next.AsSpan(state * Lanes, Lanes));
            }
        }

        (_cost, _next) = (_next, _cost);
    }

    private void Shift()
    {
        Vector512<float> min = Vector512.Create(_cost.AsSpan(0, Lanes));
        for (int state = 1; state < _states; state++)
        {
            min = Vector512.Min(min, Vector512.Create(_cost.AsSpan(state * Lanes, Lanes)));
        }

        for (int state = 0; state < _states; state++)
        {
            Span<float> cost = _cost.AsSpan(state * Lanes, Lanes);
            (Vector512.Create((ReadOnlySpan<float>)cost) - min).CopyTo(cost);
        }
    }

    private void Trace(int lane, int rows, Span<sbyte> levels)
    {
        int state = 0;
        for (int other = 1; other < _states; other++)
        {
            state = _cost[(other * Lanes) + lane] < _cost[(state * Lanes) + lane] ? other : state;
        }

        for (int k = rows - 1; k >= 0; k--)
        {
            int bit = (_decisions[(k * _states) + state] >> lane) & 1;
            int subset = (state >> (_memory - 1)) + (2 * bit);
            levels[(k * Lanes) + lane] = _levels[(((k * Subsets) + subset) * Lanes) + lane];
            state = _from[(state * 2) + bit];
        }
    }
}
