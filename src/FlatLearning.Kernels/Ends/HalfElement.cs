using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>float16.</summary>
internal readonly unsafe struct HalfElement : IFloatElement
{
    public static int Size => sizeof(Half);

    public static bool IsSingle => false;

    public static void Read(void* source, float* destination, int count) =>
        HalfConverter.ToSingle(new ReadOnlySpan<Half>(source, count), new Span<float>(destination, count));

    public static void Write(float* source, void* destination, int count)
    {
        Half* target = (Half*)destination;
        for (int i = 0; i < count; i++)
        {
            target[i] = (Half)source[i];
        }
    }
}
