using FlatLearning.CustomOps.Api;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The inputs and outputs of one call of a kernel. Nothing here allocates managed memory unless it throws.
/// </summary>
public readonly unsafe ref struct KernelContext
{
    private readonly OrtApi _api;
    private readonly OrtKernelContextHandle* _handle;

    internal KernelContext(OrtApi api, OrtKernelContextHandle* handle)
    {
        _api = api;
        _handle = handle;
    }

    /// <summary>The input at a position.</summary>
    /// <param name="index">The position.</param>
    /// <param name="shape">Receives the dimensions where they fit.</param>
    /// <param name="rank">The number of dimensions; larger than <paramref name="shape"/> where they did not
    /// fit.</param>
    /// <exception cref="OperatorException">The input is absent or not a dense tensor.</exception>
    public TensorView GetInput(int index, Span<long> shape, out int rank)
    {
        OrtValueHandle* value;
        _api.Check(_api.KernelContextGetInput(_handle, (nuint)index, &value));
        return value is null
            ? throw new OperatorException($"input {index} has no value")
            : TensorAccess.Read(_api, value, shape, out rank);
    }

    /// <summary>Allocates the output at a position in the host's memory and returns its first byte.</summary>
    public nint AllocateOutput(int index, ReadOnlySpan<long> shape)
    {
        OrtValueHandle* value;
        fixed (long* dimensions = shape)
        {
            // A scalar has no dimensions, but the host wants an address all the same.
            long none = 0;
            _api.Check(_api.KernelContextGetOutput(
                _handle, (nuint)index, dimensions is null ? &none : dimensions, (nuint)shape.Length, &value));
        }

        void* data;
        _api.Check(_api.GetTensorMutableData(value, &data));
        return (nint)data;
    }

    /// <summary>The host's threads, for this call alone.</summary>
    public IWorkers Workers => HostWorkers.For(_api, _handle);
}
