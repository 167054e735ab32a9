using FlatLearning.Numerics;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// One item of the decoding of a whole weight, before a product whose rows are cut into several blocks that would each
/// decode it again: one panel.
/// </summary>
/// <param name="panels">The weight.</param>
/// <param name="rows">K.</param>
/// <param name="decoded">Room for <see cref="Bytes"/>.</param>
internal readonly unsafe struct PanelDecodeTask(PanelSource panels, int rows, float* decoded) : IParallelWork
{
    // As wide as parts become.
    private const int PartColumns = 4 * PanelProduct.Block;
    private const int PanelInputs = PanelSource.MaxFloats / PartColumns;

    /// <summary>Items.</summary>
    public int Items => panels.Parts * PanelsOfPart;

    private int PanelsOfPart => (rows + PanelInputs - 1) / PanelInputs;

    /// <summary>Bytes of all panels; 0 where the product decodes panels itself.</summary>
    /// <param name="panels">The weight.</param>
    /// <param name="rows">K.</param>
    /// <param name="grid">The product's cut.</param>
    public static long Bytes(PanelSource panels, int rows, PanelGrid grid)
    {
        long bytes = (long)panels.Parts * PartColumns * rows * sizeof(float);
        bool again = grid.BlockRows < grid.Rows && panels.DecodesAhead;
        return again && bytes <= Scratch.MaxPooledBytes ? bytes : 0;
    }

    /// <summary>Where a part's inputs from <paramref name="firstInput"/> on lie.</summary>
    public static float* Panel(int rows, float* decoded, int number, PanelPart part, int firstInput) =>
        decoded + ((long)number * PartColumns * rows) + ((long)firstInput * part.Width);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int number = item / PanelsOfPart;
        PanelPart part = panels.Part(number);
        if (part.Count == 0)
        {
            return;
        }

        int first = item % PanelsOfPart * PanelInputs;
        using Scratch scratch = new(panels.ScratchBytes);
        int count = Math.Min(PanelInputs, rows - first);
        panels.Decode(part, first, count, Panel(rows, decoded, number, part, first), (byte*)scratch.Pointer);
    }
}
