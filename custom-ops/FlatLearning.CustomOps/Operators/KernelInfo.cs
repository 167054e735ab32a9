using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says when its kernel is created: name, attributes, constant inputs. Valid during the call only.
/// </summary>
public readonly unsafe ref partial struct KernelInfo
{
    private const int MaxRank = 64;

    private readonly OrtApi _api;
    private readonly OrtKernelInfoHandle* _handle;

    internal KernelInfo(OrtApi api, OrtKernelInfoHandle* handle)
    {
        _api = api;
        _handle = handle;
    }

    /// <summary>The node's name; empty where it has none.</summary>
    public string NodeName
    {
        get
        {
            nuint size = 0;
            _api.Check(_api.KernelInfoGetNodeName(_handle, null, &size));
            byte[] text = new byte[(int)size + 1];
            fixed (byte* p = text)
            {
                _api.Check(_api.KernelInfoGetNodeName(_handle, p, &size));
                return Utf8.Read(p) ?? string.Empty;
            }
        }
    }

    /// <summary>How many inputs the node lists, absent ones in the middle included.</summary>
    public int InputCount
    {
        get
        {
            nuint count;
            _api.Check(_api.KernelInfoGetInputCount(_handle, &count));
            return (int)count;
        }
    }

    /// <summary>Whether the node has an input at a position.</summary>
    public bool HasInput(int index)
    {
        if (index >= InputCount)
        {
            return false;
        }

        // An absent input has an empty name: nothing but the terminating zero.
        nuint size = 0;
        _api.Check(_api.KernelInfoGetInputName(_handle, (nuint)index, null, &size));
        return size > 1;
    }

    /// <summary>
    /// The constant at a position; null where the input is not constant. Absent inputs are for the caller to ask first.
    /// </summary>
    /// <exception cref="OperatorException">The constant is not a dense tensor, or has an absurd rank.</exception>
    public ConstantInput? GetConstantInput(int index)
    {
        int isConstant;
        OrtValueHandle* value = null;
        _api.Check(_api.KernelInfoGetConstantInputTensor(_handle, (nuint)index, &isConstant, &value));
        if (isConstant == 0 || value is null)
        {
            return null;
        }

        Span<long> shape = stackalloc long[MaxRank];
        TensorView view = TensorAccess.Read(_api, value, shape, out int rank);
        return rank <= MaxRank
            ? new ConstantInput(view, shape[..rank].ToArray())
            : throw new OperatorException($"input {index} has {rank} dimensions, expected at most {MaxRank}");
    }
}
