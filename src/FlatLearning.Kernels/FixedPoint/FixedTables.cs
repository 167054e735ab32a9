using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private const int TableBytes = 2 * Entries;

    // The reciprocal of a smaller unit is infinite.
    private const float SmallestUnit = 1.2e-38f;

    private readonly FixedCodes _codes;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly int _stride;

    /// <summary>Takes a codebook.</summary>
    public FixedTables(FixedCodes codes)
    {
        _codes = codes;
        _stride = codes.Parts * Entries;
        int stored = codes.Codebook.Length / codes.Taps;
        _first = new float[codes.Taps * _stride];
        _second = new float[codes.InputsOfLookUp == 2 ? _first.Length : 0];
        for (int i = 0; i < _first.Length; i++)
        {
            (int tap, int entry) = (i / _stride, i % _stride);
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
        float* values = stackalloc float[BlockInputs * 4 * Entries];
        int lookUps = (inputs + _codes.InputsOfLookUp - 1) / _codes.InputsOfLookUp;
        float largest = 0;
        float before = 0;
        fixed (float* first = _first, second = _second)
        {
            for (int i = 0; i < lookUps; i++)
            {
                float magnitude = Fill(x + (i * _codes.InputsOfLookUp), first, second, values + (i * _stride));
                before = i % 2 == 0 ? magnitude : before + magnitude;
                largest = MathF.Max(largest, before);
            }
        }

        int count = 2 * _codes.StepsOf(inputs) * _stride;
        for (int i = lookUps * _stride; i < count; i++)
        {
            values[i] = 0;
        }

        float unit = MathF.Max(largest / MaxPair, SmallestUnit);
        Vector256<float> scale = Vector256.Create(1 / unit);
        for (int i = 0; i < count; i += Entries, tables += TableBytes)
        {
            Round(Vector256.Load(values + i) * scale, Vector256.Load(values + i + 8) * scale).Store(tables);
        }

        return unit;
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

    // One look-up's entries; returns the largest magnitude, not a number where one is none.
    private float Fill(float* x, float* first, float* second, float* values)
    {
        Vector256<float> largest = Vector256<float>.Zero;
        for (int entry = 0; entry < _stride; entry += Vector256<float>.Count)
        {
            Vector256<float> sum = Vector256.Create(x[0]) * Vector256.Load(first + entry);
            for (int t = 1; t < _codes.Taps; t++)
            {
                sum = Fma.MultiplyAdd(Vector256.Create(x[t]), Vector256.Load(first + (t * _stride) + entry), sum);
            }

            for (int t = 0; t < _codes.Taps && _codes.InputsOfLookUp == 2; t++)
            {
                sum = Fma.MultiplyAdd(Vector256.Create(x[t + 1]), Vector256.Load(second + (t * _stride) + entry), sum);
            }

            sum.Store(values + entry);
            largest = Vector256.Max(largest, Vector256.Abs(sum));
        }

        Vector128<float> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
