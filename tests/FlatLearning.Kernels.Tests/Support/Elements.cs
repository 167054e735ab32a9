using System.Runtime.InteropServices;
using FlatLearning.Kernels;

namespace FlatLearning.Kernels.Tests.Support;

/// <summary>Elements of every type as bytes, to and from double precision.</summary>
internal static class Elements
{
    /// <summary>Bytes of one.</summary>
    public static int Size(ElementType type) => type switch
    {
        ElementType.Float32 => 4,
        ElementType.Float64 => 8,
        _ => 2,
    };

    /// <summary>Random values over [-1, 1], rounded to the type.</summary>
    public static void Fill(Random random, ElementType type, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length / Size(type); i++)
        {
            double value = (2 * random.NextDouble()) - 1;
            switch (type)
            {
                case ElementType.Float32:
                    MemoryMarshal.Cast<byte, float>(bytes)[i] = (float)value;
                    break;
                case ElementType.Float16:
                    MemoryMarshal.Cast<byte, Half>(bytes)[i] = (Half)value;
                    break;
                case ElementType.BFloat16:
                    MemoryMarshal.Cast<byte, ushort>(bytes)[i] =
                        (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16);
                    break;
                default:
                    MemoryMarshal.Cast<byte, double>(bytes)[i] = value;
                    break;
            }
        }
    }

    /// <summary>The values, exactly.</summary>
    public static double[] ToDoubles(ElementType type, ReadOnlySpan<byte> bytes)
    {
        double[] values = new double[bytes.Length / Size(type)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                ElementType.Float32 => MemoryMarshal.Cast<byte, float>(bytes)[i],
                ElementType.Float16 => (double)MemoryMarshal.Cast<byte, Half>(bytes)[i],
                ElementType.BFloat16 =>
                    BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(bytes)[i] << 16),
                _ => MemoryMarshal.Cast<byte, double>(bytes)[i],
            };
        }

        return values;
    }
}
