using FlatLearning.CustomOps.Api;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The inputs and outputs of one call of a kernel. Nothing here allocates managed memory unless it throws.
/// </summary>
/// <param name="api">The host.</param>
/// <param name="handle">The host's <c>OrtKernelContext*</c>.</param>
internal readonly unsafe ref struct KernelContext(OrtApi api, nint handle)
{
    private readonly OrtApi _api = api;
    private readonly nint _handle = handle;

    /// <summary>The host's threads, for this call alone.</summary>
    public IWorkers Workers => HostWorkers.For(_api, _handle);

    /// <summary>The input at a position; parameters as in <see cref="Tensor.Read"/>.</summary>
    /// <exception cref="OperatorException">The input is absent or not a dense tensor.</exception>
    public Tensor Input(int index, string name, Span<long> shape, out int rank)
    {
        nint value;
        _api.Check(_api.Functions->KernelContextGetInput(_handle, (nuint)index, &value));
        return value == 0
            ? throw new OperatorException($"input {name} has no value")
            : Tensor.Read(_api, value, name, shape, out rank);
    }

    /// <summary>Allocates the output in the host's memory and returns its first byte.</summary>
    public nint AllocateOutput(ReadOnlySpan<long> shape)
    {
        nint value;
        nint data;
        fixed (long* dimensions = shape)
        {
            _api.Check(
                _api.Functions->KernelContextGetOutput(_handle, 0, dimensions, (nuint)shape.Length, &value));
        }

        _api.Check(_api.Functions->GetTensorMutableData(value, &data));
        return data;
    }
}
