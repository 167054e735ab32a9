namespace FlatLearning.Cuda.Driver;

/// <summary>A GPU cannot do what was asked for; the message is one sentence without its full stop.</summary>
/// <param name="message">The sentence.</param>
internal sealed class CudaException(string message) : Exception(message)
{
    /// <summary>Throws unless a call succeeded.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="doing">What was to be done, as "to load a kernel".</param>
    /// <exception cref="CudaException">It failed.</exception>
    public static void Check(CudaResult result, string doing)
    {
        if (result != CudaResult.Success)
        {
            throw new CudaException(Sentence(result, doing));
        }
    }

    private static string Sentence(CudaResult result, string doing) => result switch
    {
        CudaResult.OutOfMemory => $"the GPU has not enough memory {doing}",
        CudaResult.NoDevice => $"there is no GPU {doing}",
        CudaResult.InvalidPtx or CudaResult.UnsupportedPtxVersion or CudaResult.NoBinaryForGpu =>
            $"the CUDA driver refused {doing} (error {(int)result}): it must be of CUDA 10.0 or newer",
        _ => $"the CUDA driver failed {doing} (error {(int)result})",
    };
}
