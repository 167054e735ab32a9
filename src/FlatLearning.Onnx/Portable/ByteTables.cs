namespace FlatLearning.Onnx.Portable;

/// <summary>
/// Float tables over the 256 values of a byte: which code lies in which of its bits. Written once per function and
/// width.
/// </summary>
internal sealed class ByteTables(OpBuilder ops)
{
    private readonly Dictionary<int, string> _tables = [];
    private string? _bytes;

    /// <summary>[8/width, 256]: row j holds bits [width·j, width·(j + 1)) of the byte, as a number.</summary>
    public string Codes(int width)
    {
        if (!_tables.TryGetValue(width, out string? table))
        {
            _tables[width] = table = width == 8 ? ops.Reshape(Bytes(), 1, -1) : Split(width);
        }

        return table;
    }

    private string Split(int width)
    {
        int positions = 8 / width;
        float[] from = new float[positions];
        float[] to = new float[positions];
        for (int j = 0; j < positions; j++)
        {
            (from[j], to[j]) = (1f / (1 << (width * j)), 1f / (1 << (width * (j + 1))));
        }

        string low = ops.Floor(ops.Mul(Bytes(), ops.Floats(from, positions, 1)));
        string high = ops.Floor(ops.Mul(Bytes(), ops.Floats(to, positions, 1)));
        return ops.Sub(low, ops.Mul(high, ops.Scalar(1 << width)));
    }

    private string Bytes()
    {
        if (_bytes is null)
        {
            float[] digits = new float[16];
            float[] high = new float[16];
            for (int i = 0; i < 16; i++)
            {
                (digits[i], high[i]) = (i, 16 * i);
            }

            _bytes = ops.Reshape(ops.Add(ops.Floats(high, 16, 1), ops.Floats(digits, 16)), -1);
        }

        return _bytes;
    }
}
