using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.FixedPoint;

/// <summary>
/// Tables in fixed point: what the taps of an input give together for every code, in whole numbers of a unit that a row
/// of x has for every <see cref="BlockInputs"/> inputs, v = low + 128 · (high - bias). See
/// <c>docs/derivations/fixed-point.md</c> for the bounds.
/// </summary>
internal sealed unsafe class FixedTables
{
    /// <summary>Inputs that share a unit.</summary>
    public const int BlockInputs = 32;

    /// <summary>Pairs of look-ups of a block, at most.</summary>
    public const int MaxSteps = BlockInputs / 2;

    /// <summary>What a high byte counts.</summary>
    public const int HighUnit = 128;

    /// <summary>What is added to a high byte.</summary>
    public const int Bias = 64;

    /// <summary>
    /// The largest magnitudes of the two tables of a pair of look-ups add up to this at most before they are rounded.
    /// </summary>
    public const float MaxPair = 16250;

    private const int Entries = 16;
    private const int MaxParts = 4;
    private const int TableBytes = 2 * Entries;

    // The reciprocal of a smaller unit is infinite.
    private const float SmallestUnit = 1.2e-38f;

    private readonly FixedCodes _codes;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly int _length;

    /// <summary>Takes a codebook.</summary>
    public FixedTables(FixedCodes codes)
    {
        _codes = codes;
        _length = codes.Parts * Entries;
        int stored = codes.Codebook.Length / codes.Taps;
        _first = new float[codes.Taps * _length];
        _second = new float[codes.InputsOfLookUp == 2 ? _first.Length : 0];
        for (int i = 0; i < _first.Length; i++)
        {
            (int tap, int entry) = (i / _length, i % _length);
            _first[i] = codes.Codebook[(tap * stored) + entry];
            if (codes.InputsOfLookUp == 2)
            {
                // Shorter tables are repeated: the first code is in the low bits of an index.
                _second[i] = codes.Codebook[(tap * stored) + (entry >> 2)];
            }
        }
    }

    /// <summary>Bytes of the tables of a block of inputs.</summary>
    public int BlockBytes => BlockInputs / _codes.InputsOfLookUp * _codes.Parts * TableBytes;

    /// <summary>Bytes of the tables of a step.</summary>
    public int StepBytes => 2 * _codes.Parts * TableBytes;

    /// <summary>Writes the tables of a block of inputs and returns its unit.</summary>
    /// <param name="x">[inputs + taps], of which the last does not count.</param>
    /// <param name="inputs">1 to <see cref="BlockInputs"/>.</param>
    /// <param name="tables">[steps, 2, parts, 2, 16].</param>
    public float Write(float* x, int inputs, byte* tables)
    {
        float* values = stackalloc float[BlockInputs * MaxParts * Entries];
        float* largest = stackalloc float[BlockInputs * Vector256<float>.Count];
        int step = _codes.InputsOfLookUp;
        int lookUps = (inputs + step - 1) / step;
        int length = _length;
        fixed (float* first = _first, second = _second)
        {
            for (int i = 0; i < lookUps; i++)
            {
                float* from = x + (i * step);
                float* to = values + (i * length);
                Vector256<float> magnitude = Fill(from, first, length, _codes.Taps, to, Summand.None);
                if (step == 2 && (2 * i) + 1 < inputs)
                {
                    magnitude = Fill(from + 1, second, length, _codes.Taps, to, Summand.Target);
                }

                magnitude.Store(largest + (i * Vector256<float>.Count));
            }
        }

        // Look-ups that fill the last pair, and the last eight.
        int padded = 2 * _codes.StepsOf(inputs) * length;
        new Span<float>(values + (lookUps * length), padded - (lookUps * length)).Clear();
        int eights = (lookUps + 7) / 8 * 8;
        new Span<float>(largest + (lookUps * 8), (eights - lookUps) * 8).Clear();
        float unit = IsFinite(x, inputs + _codes.Taps - 1)
            ? MathF.Max(LargestPair(largest, eights) / MaxPair, SmallestUnit)
            : float.NaN;
        Vector256<float> scale = Vector256.Create(1 / unit);
        for (float* end = values + padded; values != end; values += Entries, tables += TableBytes)
        {
            Round(Vector256.Load(values) * scale, Vector256.Load(values + 8) * scale).Store(tables);
        }

        return unit;
    }

    // Zero times each: not a number where one is none.
    private static bool IsFinite(float* x, int count)
    {
        Vector256<float> zeros = Vector256<float>.Zero;
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            zeros = Fma.MultiplyAdd(Vector256.Load(x + i), Vector256<float>.Zero, zeros);
        }

        float sum = Vector256.Sum(zeros);
        for (; i < count; i++)
        {
            sum += x[i] * 0f;
        }

        return sum == 0;
    }

    // The largest sum of two neighbouring look-ups' largest magnitudes, from [count, 8], a multiple of 8.
    private static float LargestPair(float* magnitudes, int count)
    {
        Vector256<float> largest = Vector256<float>.Zero;
        for (float* end = magnitudes + (count * 8); magnitudes != end; magnitudes += 64)
        {
            Vector256<float> a = Larger(magnitudes), b = Larger(magnitudes + 16);
            Vector256<float> c = Larger(magnitudes + 32), d = Larger(magnitudes + 48);
            a = Avx.Max(Avx.Shuffle(a, b, 0b01_00_01_00), Avx.Shuffle(a, b, 0b11_10_11_10));
            c = Avx.Max(Avx.Shuffle(c, d, 0b01_00_01_00), Avx.Shuffle(c, d, 0b11_10_11_10));

            // One lane for each of eight look-ups.
            a = Avx.Max(Avx.Permute2x128(a, c, 0x20), Avx.Permute2x128(a, c, 0x31));
            largest = Avx.Max(largest, a + Avx.Shuffle(a, a, 0b10_11_00_01));
        }

        Vector128<float> half = Sse.Max(largest.GetLower(), largest.GetUpper());
        return MathF.Max(half.ToScalar(), half[2]);
    }

    // Of two look-ups, alternating.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Larger(float* magnitudes)
    {
        Vector256<float> a = Vector256.Load(magnitudes), b = Vector256.Load(magnitudes + 8);
        return Avx.Max(Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
    }

    // Low bytes of 16 entries, then high ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Round(Vector256<float> left, Vector256<float> right)
    {
        Vector256<short> value = Avx2.Permute4x64(
            Avx2.PackSignedSaturate(Avx.ConvertToVector256Int32(left), Avx.ConvertToVector256Int32(right)).AsInt64(),
            0b11_01_10_00).AsInt16();
        Vector256<short> low = value & Vector256.Create((short)(HighUnit - 1));
        Vector256<short> high =
            (Vector256.ShiftRightArithmetic(value, 7) + Vector256.Create((short)Bias)) & Vector256.Create((short)0xFF);
        return Avx2.Permute4x64(Avx2.PackUnsignedSaturate(low, high).AsInt64(), 0b11_01_10_00).AsByte();
    }

    // Writes one look-up's entries, or adds them; returns the largest magnitudes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fill(
        float* x, float* codebook, int length, int taps, float* values, Summand adds)
    {
        Vector256<float> largest = Vector256<float>.Zero;
        Vector256<float> magnitude = Vector256.Create(0x7FFFFFFF).AsSingle();
        for (int entry = 0; entry < length; entry += Entries)
        {
            float* from = codebook + entry;
            Vector256<float> factor = Vector256.Create(*x);
            Vector256<float> low = factor * Vector256.Load(from), high = factor * Vector256.Load(from + 8);
            for (int t = 1; t < taps; t++)
            {
                from += length;
                factor = Vector256.Create(x[t]);
                low = Fma.MultiplyAdd(factor, Vector256.Load(from), low);
                high = Fma.MultiplyAdd(factor, Vector256.Load(from + 8), high);
            }

            if (adds == Summand.Target)
            {
                low += Vector256.Load(values + entry);
                high += Vector256.Load(values + entry + 8);
            }

            low.Store(values + entry);
            high.Store(values + entry + 8);
            largest = Avx.Max(largest, Avx.Max(low & magnitude, high & magnitude));
        }

        return largest;
    }
}
