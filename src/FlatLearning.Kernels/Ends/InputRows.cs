namespace FlatLearning.Kernels.Ends;

/// <summary>Rows of x as a kernel reads them.</summary>
/// <param name="Data">The first element.</param>
/// <param name="Stride">Elements from row to row.</param>
internal readonly record struct InputRows(nint Data, int Stride)
{
    /// <summary>A row of floats.</summary>
    public unsafe float* Floats(long row) => (float*)Data + (row * Stride);
}
