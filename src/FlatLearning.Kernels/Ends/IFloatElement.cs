namespace FlatLearning.Kernels.Ends;

/// <summary>An element type of x and y whose products are accumulated in float32.</summary>
internal unsafe interface IFloatElement
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Whether the elements are float32 already, so that they need no conversion.</summary>
    static abstract bool IsSingle { get; }

    /// <summary>Converts to float32, exactly.</summary>
    static abstract void Read(void* source, float* destination, int count);

    /// <summary>Rounds to the nearest, ties to even.</summary>
    static abstract void Write(float* source, void* destination, int count);
}
