using FlatLearning.Numerics;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// One item of the decoding of a whole weight, before a product whose rows are cut into several blocks that would each
/// decode it again: one panel.
/// </summary>
/// <param name="weight">The weight.</param>
/// <param name="decoded">Room for <see cref="Bytes"/>.</param>
internal readonly unsafe struct PanelDecodeTask(PreparedWeight weight, float* decoded) : IParallelWork
{
    // As wide as parts become.
    private const int PartColumns = 4 * PanelProduct.Block;
    private const int PanelInputs = PanelSource.MaxFloats / PartColumns;

    /// <summary>Items.</summary>
    public int Items => weight.Panels.Parts * PanelsOfPart;

    private int PanelsOfPart => (weight.Rows + PanelInputs - 1) / PanelInputs;

    /// <summary>Bytes of all panels; 0 where the product decodes panels itself.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="grid">The product's cut.</param>
    public static long Bytes(PreparedWeight weight, PanelGrid grid)
    {
        long bytes = (long)weight.Panels.Parts * PartColumns * weight.Rows * sizeof(float);
        bool again = grid.BlockRows < grid.Rows && (weight.Panels is CodePanels or MixedPanels);
        return again && bytes <= Scratch.MaxPooledBytes ? bytes : 0;
    }

    /// <summary>Where a part's inputs from <paramref name="firstInput"/> on lie.</summary>
    public static float* Panel(PreparedWeight weight, float* decoded, int number, PanelPart part, int firstInput) =>
        decoded + ((long)number * PartColumns * weight.Rows) + ((long)firstInput * part.Width);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        int number = item / PanelsOfPart;
        PanelPart part = weight.Panels.Part(number);
        if (part.Count == 0)
        {
            return;
        }

        int first = item % PanelsOfPart * PanelInputs;
        using Scratch scratch = new(weight.Panels.ScratchBytes);
        int count = Math.Min(PanelInputs, weight.Rows - first);
        weight.Panels.Decode(part, first, count, Panel(weight, decoded, number, part, first), (byte*)scratch.Pointer);
    }
}
