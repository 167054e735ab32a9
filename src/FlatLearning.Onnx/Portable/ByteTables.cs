namespace FlatLearning.Onnx.Portable;

/// <summary>Float tables over the 256 values of a byte: which code lies in which of its bits. Written once per function.</summary>
internal sealed class ByteTables(OpBuilder ops)
{
    private readonly Dictionary<int, string> _shifted = [];

    /// <summary>[256]: bits [width·position, width·(position + 1)) of the byte, as a number.</summary>
    public string Part(int width, int position)
    {
        string low = Shifted(width * position);
        return width * (position + 1) >= 8
            ? low
            : ops.Sub(low, ops.Mul(Shifted(width * (position + 1)), ops.Scalar(1 << width)));
    }

    /// <summary>[256]: the byte without its lowest bits, floor(byte / 2^bits).</summary>
    private string Shifted(int bits)
    {
        if (!_shifted.TryGetValue(bits, out string? table))
        {
            table = bits == 0 ? Bytes() : ops.Floor(ops.Mul(Shifted(0), ops.Scalar(1f / (1 << bits))));
            _shifted.Add(bits, table);
        }

        return table;
    }

    private string Bytes()
    {
        float[] digits = new float[16];
        float[] high = new float[16];
        for (int i = 0; i < 16; i++)
        {
            (digits[i], high[i]) = (i, 16 * i);
        }

        return ops.Reshape(ops.Add(ops.Floats(high, 16, 1), ops.Floats(digits, 16)), -1);
    }
}
