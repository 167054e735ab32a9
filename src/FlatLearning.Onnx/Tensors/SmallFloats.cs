using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tensors;

/// <summary>
/// Tables of the 8- and 4-bit floating-point types. "FN" has no infinities and NaN at the all-ones pattern only; "FNUZ"
/// also has no negative zero, whose pattern 0x80 is its NaN, and a bias larger by one; E8M0 is a power of two and has
/// neither sign nor zero.
/// </summary>
internal static class SmallFloats
{
    private static readonly float[] E4M3Fn = Build(3, 7, code => (code & 0x7f) == 0x7f);
    private static readonly float[] E4M3Fnuz = Build(3, 8, code => code == 0x80);
    private static readonly float[] E5M2 = BuildE5M2();
    private static readonly float[] E5M2Fnuz = Build(2, 16, code => code == 0x80);
    private static readonly float[] E8M0 = [
        .. Enumerable.Range(0, 256).Select(code => code == 255 ? float.NaN : (float)Math.Pow(2, code - 127))];
    private static readonly float[] E2M1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0.0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>The value of every code: 256 entries, 16 for the 4-bit type.</summary>
    public static ReadOnlySpan<float> Table(DataType type) => type switch
    {
        DataType.Float8E4M3Fn => E4M3Fn,
        DataType.Float8E4M3Fnuz => E4M3Fnuz,
        DataType.Float8E5M2 => E5M2,
        DataType.Float8E5M2Fnuz => E5M2Fnuz,
        DataType.Float8E8M0 => E8M0,
        DataType.Float4E2M1 => E2M1,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static float[] Build(int mantissaBits, int bias, Func<int, bool> isNaN)
    {
        float[] table = new float[256];
        for (int code = 0; code < table.Length; code++)
        {
            int exponent = (code & 0x7f) >> mantissaBits;
            double fraction = (code & ((1 << mantissaBits) - 1)) / (double)(1 << mantissaBits);
            double magnitude = exponent == 0
                ? fraction * Math.Pow(2, 1 - bias)
                : (1 + fraction) * Math.Pow(2, exponent - bias);
            table[code] = isNaN(code) ? float.NaN : (float)(code < 0x80 ? magnitude : -magnitude);
        }

        return table;
    }

    private static float[] BuildE5M2()
    {
        // The upper byte of a float16: same sign, exponent and two leading mantissa bits, with the same infinities and
        // NaNs.
        float[] table = new float[256];
        for (int code = 0; code < table.Length; code++)
        {
            table[code] = (float)BitConverter.UInt16BitsToHalf((ushort)(code << 8));
        }

        return table;
    }
}
