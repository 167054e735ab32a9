using FlatLearning.Onnx.Tensors;

namespace FlatLearning.Onnx.Quantised;

/// <summary>Numbers of 2, 4 or 8 bits in bytes, from the lowest bits of a byte upwards.</summary>
internal static class PackedNumbers
{
    /// <summary>The number at a place, counted in numbers.</summary>
    /// <param name="bytes">uint8.</param>
    /// <param name="place">The place.</param>
    /// <param name="bits">2, 4 or 8.</param>
    public static int At(DenseTensor bytes, int place, int bits)
    {
        int perByte = 8 / bits;
        return ((int)bytes[place / perByte] >> (place % perByte * bits)) & ((1 << bits) - 1);
    }
}
