namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>One instruction, which some or all lanes of a warp carry out together.</summary>
internal abstract class PtxInstruction
{
    /// <summary>The text, for messages.</summary>
    public string Text { get; set; } = string.Empty;

    /// <summary>Carries it out. Lanes stand at it; it moves them on.</summary>
    public abstract void Execute(PtxWarp warp, uint lanes);
}

/// <summary>An instruction that computes one register from others.</summary>
internal sealed class PtxCompute<T>(int target, int a, int b, int c) : PtxInstruction
    where T : struct, IPtxOperation
{
    public override void Execute(PtxWarp warp, uint lanes)
    {
        ulong[] registers = warp.Registers;
        Span<ulong> to = registers.AsSpan(target * 32, 32);
        ReadOnlySpan<ulong> x = registers.AsSpan(a * 32, 32);
        ReadOnlySpan<ulong> y = registers.AsSpan(b * 32, 32);
        ReadOnlySpan<ulong> z = registers.AsSpan(c * 32, 32);
        for (int lane = 0; lane < 32; lane++)
        {
            if ((lanes >> lane & 1) != 0)
            {
                to[lane] = T.Compute(x[lane], y[lane], z[lane]);
            }
        }

        warp.Next(lanes);
    }
}

/// <summary>A jump, of all lanes or of those whose predicate is as wanted.</summary>
internal sealed class PtxBranch(string label, int predicate, bool wanted) : PtxInstruction
{
    /// <summary>Where it leads to.</summary>
    public string Label => label;

    /// <summary>The number of the instruction there.</summary>
    public int Target { get; set; }

    public override void Execute(PtxWarp warp, uint lanes)
    {
        uint taken = lanes;
        for (int lane = 0; predicate >= 0 && lane < 32; lane++)
        {
            if ((warp.Registers[(predicate * 32) + lane] != 0) != wanted)
            {
                taken &= ~(1u << lane);
            }
        }

        warp.Next(lanes & ~taken);
        warp.Jump(taken, Target);
    }
}

/// <summary>The end of a thread.</summary>
internal sealed class PtxReturn : PtxInstruction
{
    public override void Execute(PtxWarp warp, uint lanes) => warp.Exit(lanes);
}

/// <summary>A barrier of the block: lanes wait there.</summary>
internal sealed class PtxBarrier : PtxInstruction
{
    public override void Execute(PtxWarp warp, uint lanes) => warp.WaitAtBarrier(lanes);
}

/// <summary>
/// shfl.sync with a full mask, by index or exclusive-or: carried out when all lanes that are left stand at it.
/// </summary>
internal sealed class PtxShuffle(int target, int value, int operand, int control, bool isIndex) : PtxInstruction
{
    public override void Execute(PtxWarp warp, uint lanes)
    {
        if (lanes != uint.MaxValue)
        {
            warp.WaitAtShuffle(lanes);
            return;
        }

        // The lowest lane and the mask of a segment: PTX ISA, "shfl.sync".
        Span<ulong> result = stackalloc ulong[32];
        ulong[] registers = warp.Registers;
        for (int lane = 0; lane < 32; lane++)
        {
            uint c = (uint)registers[(control * 32) + lane];
            uint b = (uint)registers[(operand * 32) + lane] & 31;
            uint clamp = c & 31, segment = c >> 8 & 31;
            uint max = ((uint)lane & segment) | (clamp & ~segment);
            uint min = (uint)lane & segment;
            uint source = isIndex ? min | (b & ~segment) : (uint)lane ^ b;
            result[lane] = registers[(value * 32) + (int)(source <= max ? source : (uint)lane)];
        }

        result.CopyTo(registers.AsSpan(target * 32, 32));
        warp.Next(lanes);
    }
}
