using FlatLearning.Kernels.Codes;
using FlatLearning.Kernels.DequantGemm;
using FlatLearning.Kernels.Lut;

namespace FlatLearning.Kernels.Ends;

/// <summary>A few rows of x times rho, each followed by zeros for the taps: what look-up products read.</summary>
internal readonly unsafe ref struct PaddedRows<T>
    where T : struct, IFloatElement
{
    private readonly Scratch _memory;

    /// <summary>Reads.</summary>
    /// <param name="weight">K and rho.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="rows">A few.</param>
    public PaddedRows(PreparedWeight weight, nint x, int rows)
    {
        Stride = weight.Rows + BlockLutTables.Padding;
        _memory = new Scratch((long)rows * Stride * sizeof(float));
        RowEnds.ReadPadded<T>(weight, x, rows, Values, Stride);
    }

    /// <summary>Floats from row to row.</summary>
    public int Stride { get; }

    /// <summary>[rows, <see cref="Stride"/>].</summary>
    public float* Values => (float*)_memory.Pointer;

    /// <summary>Returns the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
