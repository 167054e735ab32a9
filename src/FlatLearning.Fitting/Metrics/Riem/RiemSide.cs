using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>The panels of the rows, or of the columns, each [blocks, F, 16].</summary>
internal sealed class RiemSide(int blocks, int features) : IDisposable
{
    public int Blocks { get; } = blocks;

    public int Length { get; } = checked(blocks * features * RiemShape.Lanes);

    /// <summary>exp(-argument).</summary>
    public AlignedFloats Exponentials { get; } = new(checked(blocks * features * RiemShape.Lanes));

    /// <summary>v times the change of the argument.</summary>
    public AlignedFloats Direction { get; } = new(checked(blocks * features * RiemShape.Lanes));

    /// <summary>The derivative with respect to the argument.</summary>
    public AlignedFloats Gradient { get; } = new(checked(blocks * features * RiemShape.Lanes));

    public void Dispose()
    {
        Exponentials.Dispose();
        Direction.Dispose();
        Gradient.Dispose();
    }
}
