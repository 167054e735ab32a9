namespace FlatLearning.Cuda;

/// <summary>
/// Working memory of one stream: products of the stream use it one after the other. It grows in the first runs and then
/// stays as it is; what it grew out of is kept, since kernels may still read it.
/// </summary>
internal sealed class Workspace(CudaContext context)
{
    private readonly Lock _gate = new();
    private ulong _address;
    private nuint _bytes;

    /// <summary>So many bytes, aligned to 256.</summary>
    public ulong Take(nuint bytes)
    {
        lock (_gate)
        {
            if (bytes > _bytes)
            {
                (_address, _bytes) = (context.Allocate(bytes, "working memory"), bytes);
            }

            return _address;
        }
    }
}
