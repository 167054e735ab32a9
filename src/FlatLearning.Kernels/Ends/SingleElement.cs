namespace FlatLearning.Kernels.Ends;

/// <summary>float32.</summary>
internal readonly unsafe struct SingleElement : IFloatElement
{
    public static int Size => sizeof(float);

    public static bool IsSingle => true;

    public static void Read(void* source, float* destination, int count) =>
        new Span<float>(source, count).CopyTo(new Span<float>(destination, count));

    public static void Write(float* source, void* destination, int count) =>
        new Span<float>(source, count).CopyTo(new Span<float>(destination, count));
}
