using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.DequantGemm;

/// <summary>
/// A product by panels: some inputs of some neighbouring columns in float32, 32 KB at a time, are multiplied by a
/// register-blocked kernel that finishes y in its registers.
/// </summary>
/// <param name="panels">The weight, with rho.</param>
/// <param name="ends">Gamma and bias.</param>
/// <param name="registers">Which are used.</param>
internal abstract unsafe class PanelGemm(PanelSource panels, ProductEnds ends, SimdWidth registers) : IMatMulKernel
{
    /// <inheritdoc/>
    public long MaxRows => long.MaxValue;

    /// <inheritdoc/>
    public ProductEnds Ends => ends;

    /// <summary>Panels have rho already.</summary>
    public InputForm Input => InputForm.Plain;

    /// <inheritdoc/>
    public virtual string? Description => null;

    /// <inheritdoc/>
    public void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows)
    {
        PanelGrid grid = new(rows, ends.Rows, ends.Columns, panels.Parts);
        using Scratch room = new(PanelDecodeTask.Bytes(panels, ends.Rows, grid));
        float* decoded = (float*)room.Pointer;
        if (decoded is not null)
        {
            PanelDecodeTask decode = new(panels, ends.Rows, decoded);
            workers.For(ref decode, decode.Items);
        }

        PanelTask task = new(panels, grid, x, y, decoded, registers);
        workers.For(ref task, grid.Items);
    }
}
