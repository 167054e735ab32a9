using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlatLearning.Fitting.Codes;

/// <summary>
/// The Viterbi algorithm for codebooks of two to five additive taps, sixteen columns at a time (one column per SIMD
/// lane). Finds the codes z of a column that minimise sum_k weight[k] · (x[k] - sum_t table[t, z[k-t]])².
/// docs/derivations/trellis-codebook.md. An instance owns its workspace: one per thread.
/// </summary>
/// <remarks>
/// A state is the previous T-1 codes, newest first, as a number in base L = 2^b. A transition drops the oldest code e
/// and takes in the new code c, so that all L ways into the state (c, middle) come from (middle, e). The winner's e is
/// carried in the low b bits of the cost's mantissa: one minimum finds both, at a relative cost error of 2^(b-23), far
/// below one step's error. Long columns are cut: a chunk is decoded with <see cref="Lookahead"/> rows beyond its end
/// and then restarts from the state it committed to.
/// </remarks>
internal sealed unsafe class TrellisEncoder : IDisposable
{
    /// <summary>Columns encoded together.</summary>
    public const int Lanes = 16;

    /// <summary>
    /// Rows looked ahead before a chunk's codes are committed; many times the trellis' memory of at most four rows.
    /// </summary>
    public const int Lookahead = 40;

    private const long SurvivorBudget = 4 << 20;
    private const float Unreachable = 1e30f;
    private readonly int _bits;
    private readonly int _taps;
    private readonly int _levels;
    private readonly int _middles;
    private readonly int _states;
    private readonly int _chunkRows;
    private readonly float* _memory;
    private readonly float* _oldest;
    private readonly int* _indices;
    private readonly float* _newest;
    private readonly float* _middleSums;
    private readonly byte* _survivors;
    private float* _cost;
    private float* _next;

    public TrellisEncoder(int bits, int taps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(taps, 2);
        (_bits, _taps, _levels) = (bits, taps, 1 << bits);
        _middles = 1 << (bits * (taps - 2));
        _states = _middles * _levels;
        _chunkRows = (int)Math.Clamp(SurvivorBudget / (_states * Lanes), 128, 4096);
        nuint floats = (nuint)((2 * _states * Lanes) + (2 * _levels * Lanes) + _levels + _middles);
        _memory = (float*)NativeMemory.AlignedAlloc(floats * sizeof(float), 64);
        _cost = _memory;
        _next = _cost + (_states * Lanes);
        _oldest = _next + (_states * Lanes);
        _indices = (int*)(_oldest + (_levels * Lanes));
        _newest = (float*)(_indices + (_levels * Lanes));
        _middleSums = _newest + _levels;
        _survivors = (byte*)NativeMemory.AlignedAlloc((nuint)((long)(_chunkRows + Lookahead) * _states * Lanes), 64);
        for (int e = 0; e < _levels; e++)
        {
            Vector512.Create(e).Store(_indices + (e * Lanes));
        }
    }

    ~TrellisEncoder() => Free();

    /// <summary>Encodes sixteen columns.</summary>
    /// <param name="tables">The codebook, of this encoder's bits and taps.</param>
    /// <param name="x">Normalised weights, row-major [rows, 16].</param>
    /// <param name="rowWeights">[rows], positive and finite: how much an error in the row counts.</param>
    /// <param name="codes">Receives the codes, row-major [rows, 16].</param>
    public void Encode(AdditiveTables tables, ReadOnlySpan<float> x, ReadOnlySpan<float> rowWeights, Span<byte> codes)
    {
        int rows = rowWeights.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, rows * Lanes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codes.Length, rows * Lanes);
        for (int first = 0; first < rows;)
        {
            int left = rows - first;
            int commit = left <= _chunkRows + Lookahead ? left : _chunkRows;
            EncodeChunk(tables, x, rowWeights, codes, first, Math.Min(left, commit + Lookahead), commit);
            first += commit;
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void EncodeChunk(
        AdditiveTables tables, ReadOnlySpan<float> x, ReadOnlySpan<float> rowWeights, Span<byte> codes, int first,
        int count, int commit)
    {
        SetStart(codes, first);
        Vector512<float> best = Vector512<float>.Zero;
        for (int i = 0; i < count; i++)
        {
            int k = first + i;
            if (i == 0 || k < _taps)
            {
                SetTables(tables, k);
            }

            // Costs are kept in units of the current row's weight, and relative to the best path.
            Rescale(best, i == 0 ? 1f : rowWeights[k - 1] / rowWeights[k]);
            best = Step(Vector512.Create(x.Slice(k * Lanes, Lanes)), _survivors + ((long)i * _states * Lanes));
            float* cost = _cost;
            _cost = _next;
            _next = cost;
        }

        for (int lane = 0; lane < Lanes; lane++)
        {
            Trace(lane, codes[(first * Lanes)..], count, commit);
        }
    }

    /// <summary>
    /// Only the state of the codes committed so far is reachable; codes before row 0 count as 0 and have no table.
    /// </summary>
    private void SetStart(ReadOnlySpan<byte> codes, int first)
    {
        new Span<float>(_cost, _states * Lanes).Fill(Unreachable);
        for (int lane = 0; lane < Lanes; lane++)
        {
            int state = 0;
            for (int t = 1; t < _taps; t++)
            {
                state = (state << _bits) | (first - t >= 0 ? codes[((first - t) * Lanes) + lane] : 0);
            }

            _cost[(state * Lanes) + lane] = 0;
        }
    }

    private void SetTables(AdditiveTables tables, int row)
    {
        for (int code = 0; code < _levels; code++)
        {
            _newest[code] = tables[0, code];
            Vector512.Create(row >= _taps - 1 ? tables[_taps - 1, code] : 0f).Store(_oldest + (code * Lanes));
        }

        for (int middle = 0; middle < _middles; middle++)
        {
            float sum = 0;
            for (int t = 1, rest = middle; t < _taps - 1; t++)
            {
                int code = (rest >> (_bits * (_taps - 2 - t))) & (_levels - 1);
                sum += t <= row ? tables[t, code] : 0f;
            }

            _middleSums[middle] = sum;
        }
    }

    private void Rescale(Vector512<float> best, float ratio)
    {
        Vector512<float> factor = Vector512.Create(ratio);
        Vector512<float> ceiling = Vector512.Create(Unreachable);
        for (int state = 0; state < _states; state++)
        {
            float* cost = _cost + (state * Lanes);
            Vector512.MinNative((Vector512.Load(cost) - best) * factor, ceiling).Store(cost);
        }
    }

    /// <summary>One row: the cheapest way into every new state. Returns the least cost per lane.</summary>
    private Vector512<float> Step(Vector512<float> x, byte* survivors)
    {
        Vector512<int> keep = Vector512.Create(~(_levels - 1));
        Vector512<float> best = Vector512.Create(float.MaxValue);
        for (int middle = 0; middle < _middles; middle++)
        {
            Vector512<float> rest = x - Vector512.Create(_middleSums[middle]);
            float* from = _cost + (middle * _levels * Lanes);
            for (int code = 0; code < _levels; code += 4)
            {
                Vector512<float> y0 = rest - Vector512.Create(_newest[code]);
                Vector512<float> y1 = rest - Vector512.Create(_newest[code + 1]);
                Vector512<float> y2 = rest - Vector512.Create(_newest[code + 2]);
                Vector512<float> y3 = rest - Vector512.Create(_newest[code + 3]);
                Vector512<float> m0 = Vector512.Create(float.MaxValue);
                Vector512<float> m1 = m0;
                Vector512<float> m2 = m0;
                Vector512<float> m3 = m0;
                for (int e = 0; e < _levels * Lanes; e += Lanes)
                {
                    Vector512<float> table = Vector512.Load(_oldest + e);
                    Vector512<float> cost = Vector512.Load(from + e);
                    Vector512<int> index = Vector512.Load(_indices + e);
                    m0 = Vector512.MinNative(m0, Tag(y0 - table, cost, keep, index));
                    m1 = Vector512.MinNative(m1, Tag(y1 - table, cost, keep, index));
                    m2 = Vector512.MinNative(m2, Tag(y2 - table, cost, keep, index));
                    m3 = Vector512.MinNative(m3, Tag(y3 - table, cost, keep, index));
                }

                best = Vector512.MinNative(
                    Vector512.MinNative(best, Vector512.MinNative(m0, m1)), Vector512.MinNative(m2, m3));
                Keep(m0, (code * _middles) + middle, survivors);
                Keep(m1, ((code + 1) * _middles) + middle, survivors);
                Keep(m2, ((code + 2) * _middles) + middle, survivors);
                Keep(m3, ((code + 3) * _middles) + middle, survivors);
            }
        }

        return best;
    }

    private static Vector512<float> Tag(
        Vector512<float> difference, Vector512<float> cost, Vector512<int> keep, Vector512<int> index) =>
        ((Vector512.FusedMultiplyAdd(difference, difference, cost).AsInt32() & keep) | index).AsSingle();

    private void Keep(Vector512<float> cost, int state, byte* survivors)
    {
        cost.Store(_next + (state * Lanes));
        Vector512<int> index = cost.AsInt32() & Vector512.Create(_levels - 1);
        Vector128<byte> bytes;
        if (Avx512F.IsSupported)
        {
            bytes = Avx512F.ConvertToVector128Byte(index);
        }
        else
        {
            Vector256<short> words = Vector256.Narrow(index.GetLower(), index.GetUpper());
            bytes = Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte();
        }

        bytes.Store(survivors + (state * Lanes));
    }

    /// <summary>
    /// Follows the survivors of one lane back from the cheapest state and writes the codes of the rows to commit.
    /// </summary>
    private void Trace(int lane, Span<byte> codes, int count, int commit)
    {
        int state = 0;
        for (int candidate = 1; candidate < _states; candidate++)
        {
            state = _cost[(candidate * Lanes) + lane] < _cost[(state * Lanes) + lane] ? candidate : state;
        }

        for (int i = count - 1; i >= 0; i--)
        {
            if (i < commit)
            {
                codes[(i * Lanes) + lane] = (byte)(state / _middles);
            }

            int oldest = _survivors[((((long)i * _states) + state) * Lanes) + lane];
            state = ((state % _middles) * _levels) + oldest;
        }
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        NativeMemory.AlignedFree(_survivors);
    }
}
