namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>A kernel did what no kernel may do.</summary>
internal sealed class PtxException : Exception
{
    public PtxException(string message)
        : base(message)
    {
    }

    public PtxException(string what, PtxWarp warp, int lane, PtxInstruction? instruction)
        : base($"{what}: thread {warp.FirstThread + lane} of block {warp.Block.X}, {warp.Block.Y}: {instruction?.Text}")
    {
    }
}
