using System.Runtime.InteropServices;

namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>Where an access goes.</summary>
internal enum PtxSpace
{
    Parameter,
    Global,
    Shared,
}

/// <summary>
/// A load or a store of one, two or four registers. The address must be a multiple of all bytes together and inside of
/// the memory.
/// </summary>
internal sealed class PtxAccess(PtxSpace space, bool stores, int size, int address, int offset, int[] registers)
    : PtxInstruction
{
    public override void Execute(PtxWarp warp, uint lanes)
    {
        int bytes = size * registers.Length;
        for (int lane = 0; lane < 32; lane++)
        {
            if ((lanes >> lane & 1) == 0)
            {
                continue;
            }

            // A parameter's place is all in the offset.
            ulong at = (space == PtxSpace.Parameter ? 0 : warp.Registers[(address * 32) + lane]) + (ulong)offset;
            if (at % (ulong)bytes != 0)
            {
                throw new PtxException($"misaligned by {at % (ulong)bytes} of {bytes}", warp, lane, this);
            }

            Span<byte> memory = Find(warp, lane, at, bytes);
            for (int i = 0; i < registers.Length; i++)
            {
                ref ulong register = ref warp.Registers[(registers[i] * 32) + lane];
                Span<byte> part = memory.Slice(i * size, size);
                if (stores)
                {
                    MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in register))[..size].CopyTo(part);
                }
                else
                {
                    ulong value = 0;
                    part.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
                    register = value;
                }
            }
        }

        warp.Next(lanes);
    }

    private Span<byte> Find(PtxWarp warp, int lane, ulong at, int bytes)
    {
        if (space == PtxSpace.Global)
        {
            return warp.Block.Memory.TryGet(at, bytes, out Span<byte> span)
                ? span
                : throw new PtxException("outside of memory", warp, lane, this);
        }

        byte[] memory = space == PtxSpace.Shared ? warp.Block.Shared : warp.Block.Arguments;
        if (at + (ulong)bytes > (ulong)memory.Length)
        {
            throw new PtxException("outside of memory", warp, lane, this);
        }

        for (int i = 0; space == PtxSpace.Shared && i < bytes; i += 4)
        {
            if (warp.Block.Touch((int)at + i, warp.FirstThread + lane, stores))
            {
                throw new PtxException("two threads at one word without a barrier", warp, lane, this);
            }
        }

        return memory.AsSpan((int)at, bytes);
    }
}
