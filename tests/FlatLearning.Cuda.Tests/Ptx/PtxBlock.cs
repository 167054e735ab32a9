namespace FlatLearning.Cuda.Tests.Ptx;

/// <summary>
/// A block: its shared memory, which knows who touched which word since the last barrier. Two threads at one word
/// without a barrier between them, one of which writes, are an error.
/// </summary>
internal sealed class PtxBlock(PtxProgram program, int x, int y, byte[] arguments, PtxMemory memory)
{
    private const int Nobody = -1;
    private const int Several = -2;

    private readonly (int Epoch, int Reader, int Writer)[] _touched =
        Array.ConvertAll(new byte[(program.SharedBytes + 3) / 4], _ => (0, Nobody, Nobody));

    private int _epoch;

    /// <summary>Its place in the grid.</summary>
    public int X => x;

    /// <summary>Its place in the grid.</summary>
    public int Y => y;

    /// <summary>The kernel's arguments.</summary>
    public byte[] Arguments => arguments;

    /// <summary>Global memory.</summary>
    public PtxMemory Memory => memory;

    /// <summary>Shared memory, with anything in it at first.</summary>
    public byte[] Shared { get; } = Noise(program.SharedBytes);

    /// <summary>Runs all threads.</summary>
    /// <returns>Instructions of warps.</returns>
    public long Run(int threads)
    {
        PtxWarp[] warps = [.. Enumerable.Range(0, threads / 32).Select(i => new PtxWarp(program, this, 32 * i))];
        while (true)
        {
            foreach (PtxWarp warp in warps)
            {
                warp.Run();
            }

            if (warps.All(warp => warp.HasExited))
            {
                return warps.Sum(warp => warp.Executed);
            }

            _epoch++;
            foreach (PtxWarp warp in warps)
            {
                warp.Release();
            }
        }
    }

    /// <summary>Notes an access; says whether it races with another.</summary>
    public bool Touch(int offset, int thread, bool writes)
    {
        ref (int Epoch, int Reader, int Writer) word = ref _touched[offset / 4];
        if (word.Epoch != _epoch)
        {
            word = (_epoch, Nobody, Nobody);
        }

        bool races = word.Writer != Nobody && word.Writer != thread;
        if (writes)
        {
            races |= word.Reader != Nobody && word.Reader != thread;
            word.Writer = thread;
        }
        else
        {
            word.Reader = word.Reader == Nobody || word.Reader == thread ? thread : Several;
        }

        return races;
    }

    private static byte[] Noise(int bytes)
    {
        byte[] noise = new byte[bytes];
        new Random(1).NextBytes(noise);
        return noise;
    }
}
