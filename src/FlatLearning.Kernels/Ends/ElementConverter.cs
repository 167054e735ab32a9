using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>Elements of x and y to float32 and back.</summary>
internal static unsafe class ElementConverter
{
    private const ushort QuietNaN = 0x7FC0;

    /// <summary>Bytes of an element.</summary>
    public static int Bytes(this ElementType type) => type switch
    {
        ElementType.Float32 => sizeof(float),
        ElementType.Float64 => sizeof(double),
        _ => sizeof(ushort),
    };

    /// <summary>Converts to float32, exactly; float64 is not for here.</summary>
    public static void Read(ElementType type, void* source, float* target, int count)
    {
        switch (type)
        {
            case ElementType.Float32:
                new Span<float>(source, count).CopyTo(new Span<float>(target, count));
                break;
            case ElementType.Float16:
                HalfConverter.ToSingle(new ReadOnlySpan<Half>(source, count), new Span<float>(target, count));
                break;
            default:
                for (int i = 0; i < count; i++)
                {
                    target[i] = BitConverter.UInt32BitsToSingle((uint)((ushort*)source)[i] << 16);
                }

                break;
        }
    }

    /// <summary>Rounds to the nearest, ties to even; float64 is not for here.</summary>
    public static void Write(ElementType type, float* source, void* target, int count)
    {
        switch (type)
        {
            case ElementType.Float32:
                new Span<float>(source, count).CopyTo(new Span<float>(target, count));
                break;
            case ElementType.Float16:
                WriteHalf(source, (Half*)target, count);
                break;
            default:
                WriteBFloat16(source, (ushort*)target, count);
                break;
        }
    }

    private static void WriteHalf(float* source, Half* target, int count)
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = (Half)source[i];
        }
    }

    private static void WriteBFloat16(float* source, ushort* target, int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);

            // Adding just below half of the last place, and one more where that place is odd, rounds ties to even.
            uint rounded = bits + 0x7FFF + ((bits >> 16) & 1);
            target[i] = float.IsNaN(source[i]) ? QuietNaN : (ushort)(rounded >> 16);
        }
    }
}
