using System.Numerics;

namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>
/// 32 lanes with places of their own in the text. Those furthest behind go first, so that lanes meet again.
/// </summary>
internal sealed class PtxWarp
{
    private readonly PtxProgram _program;
    private readonly int[] _places = new int[32];
    private uint _exited;
    private uint _atBarrier;
    private uint _atShuffle;

    /// <summary>Makes a warp whose lanes stand at the beginning.</summary>
    public PtxWarp(PtxProgram program, PtxBlock block, int firstThread)
    {
        (_program, Block, FirstThread) = (program, block, firstThread);
        Registers = new ulong[program.Registers * 32];
        for (int slot = 0; slot < program.Registers; slot++)
        {
            for (int lane = 0; lane < 32; lane++)
            {
                Registers[(slot * 32) + lane] = program.Initial(slot, block, firstThread + lane);
            }
        }
    }

    /// <summary>[register, lane].</summary>
    public ulong[] Registers { get; }

    /// <summary>The block.</summary>
    public PtxBlock Block { get; }

    /// <summary>The thread of lane 0.</summary>
    public int FirstThread { get; }

    /// <summary>Whether all lanes are through.</summary>
    public bool HasExited => _exited == uint.MaxValue;

    /// <summary>Whether all lanes that are left wait at a barrier.</summary>
    public bool IsAtBarrier => (_exited | _atBarrier) == uint.MaxValue;

    /// <summary>Instructions of the warp so far.</summary>
    public long Executed { get; private set; }

    /// <summary>Runs until every lane is through or waits at a barrier.</summary>
    public void Run()
    {
        while (true)
        {
            uint waiting = _exited | _atBarrier | _atShuffle;
            if (waiting == uint.MaxValue)
            {
                if (_atShuffle == 0)
                {
                    return;
                }

                if (_atShuffle != uint.MaxValue || _places.Distinct().Count() > 1)
                {
                    throw new PtxException("lanes of a warp wait at different places", this, 0, null);
                }

                _atShuffle = 0;
                waiting = 0;
            }

            int place = int.MaxValue;
            uint lanes = 0;
            for (uint left = ~waiting; left != 0; left &= left - 1)
            {
                int lane = BitOperations.TrailingZeroCount(left);
                if (_places[lane] < place)
                {
                    (place, lanes) = (_places[lane], 0);
                }

                if (_places[lane] == place)
                {
                    lanes |= 1u << lane;
                }
            }

            // All together: no need to look where each stands until they may part.
            PtxInstruction instruction;
            do
            {
                Executed++;
                instruction = _program.Instructions[place++];
                instruction.Execute(this, lanes);
            }
            while (lanes == uint.MaxValue && instruction is not (PtxBranch or PtxReturn or PtxBarrier));
        }
    }

    /// <summary>Moves lanes to the next instruction.</summary>
    public void Next(uint lanes)
    {
        for (int lane = 0; lane < 32; lane++)
        {
            _places[lane] += (int)(lanes >> lane & 1);
        }
    }

    /// <summary>Moves lanes.</summary>
    public void Jump(uint lanes, int place)
    {
        for (int lane = 0; lane < 32; lane++)
        {
            _places[lane] = (lanes >> lane & 1) != 0 ? place : _places[lane];
        }
    }

    /// <summary>Ends lanes.</summary>
    public void Exit(uint lanes) => _exited |= lanes;

    /// <summary>Lanes wait for the others of the block.</summary>
    public void WaitAtBarrier(uint lanes) => _atBarrier |= lanes;

    /// <summary>Lanes wait for the others of the warp.</summary>
    public void WaitAtShuffle(uint lanes) => _atShuffle |= lanes;

    /// <summary>Lets lanes go on behind the barrier.</summary>
    public void Release()
    {
        Next(_atBarrier);
        _atBarrier = 0;
    }
}
