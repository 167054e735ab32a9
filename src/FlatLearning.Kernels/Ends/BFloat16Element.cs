namespace FlatLearning.Kernels.Ends;

/// <summary>bfloat16: the upper half of a float32.</summary>
internal readonly unsafe struct BFloat16Element : IFloatElement
{
    private const ushort QuietNaN = 0x7FC0;

    public static int Size => sizeof(ushort);

    public static bool IsSingle => false;

    public static void Read(void* source, float* destination, int count)
    {
        ushort* from = (ushort*)source;
        for (int i = 0; i < count; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
        }
    }

    public static void Write(float* source, void* destination, int count)
    {
        ushort* target = (ushort*)destination;
        for (int i = 0; i < count; i++)
        {
            uint bits = BitConverter.SingleToUInt32Bits(source[i]);

            // Adding just below half of the last place, and one more where that place is odd, rounds ties to even.
            uint rounded = bits + 0x7FFF + ((bits >> 16) & 1);
            target[i] = float.IsNaN(source[i]) ? QuietNaN : (ushort)(rounded >> 16);
        }
    }
}
