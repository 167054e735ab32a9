using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says when its kernel is created: name, attributes, constant inputs. Valid during the call only.
/// </summary>
/// <param name="api">The host.</param>
/// <param name="handle">The host's <c>OrtKernelInfo*</c>.</param>
internal readonly unsafe ref struct NodeInfo(OrtApi api, nint handle)
{
    private const int Verbose = 0;

    // What an attribute is that exists and that no reader can read, or an empty list.
    private static readonly object Unknown = new();

    private readonly OrtApi _api = api;
    private readonly nint _handle = handle;

    /// <summary>The node's name; empty where it has none.</summary>
    public string NodeName
    {
        get
        {
            nuint size = 0;
            _api.Check(_api.Functions->KernelInfoGetNodeName(_handle, null, &size));
            byte[] text = new byte[(int)size + 1];
            fixed (byte* p = text)
            {
                _api.Check(_api.Functions->KernelInfoGetNodeName(_handle, p, &size));
                return OrtApi.Text(p);
            }
        }
    }

    /// <summary>Whether the node has an input at a position.</summary>
    public bool HasInput(int index)
    {
        nuint count;
        _api.Check(_api.Functions->KernelInfoGetInputCount(_handle, &count));
        if ((nuint)index >= count)
        {
            return false;
        }

        // An absent input has an empty name: nothing but the zero at its end.
        nuint size = 0;
        _api.Check(_api.Functions->KernelInfoGetInputName(_handle, (nuint)index, null, &size));
        return size > 1;
    }

    /// <summary>
    /// The constant at a position where the node has an input, in place; false where it is no constant.
    /// </summary>
    /// <param name="index">The position.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="shape">Receives the dimensions.</param>
    /// <param name="constant">Type and data, valid as long as the node's kernel.</param>
    /// <exception cref="OperatorException">The constant is not a dense tensor, or has an absurd rank.</exception>
    public bool TryGetConstant(int index, string name, out long[] shape, out Tensor constant)
    {
        int isConstant;
        nint value = 0;
        _api.Check(
            _api.Functions->KernelInfoGetConstantInputTensor(_handle, (nuint)index, &isConstant, &value));
        (shape, constant) = ([], default);
        if (isConstant == 0 || value == 0)
        {
            return false;
        }

        Span<long> dimensions = stackalloc long[Tensor.MaxRank];
        constant = Tensor.Read(_api, value, name, dimensions, out int rank);
        shape = dimensions[..rank].ToArray();
        return true;
    }

    /// <summary>An attribute, or null where the node has none of that name.</summary>
    /// <param name="spec">Its name and type.</param>
    /// <exception cref="OperatorException">The attribute has another type.</exception>
    public DynAttribute? Attribute(DynAttributeSpec spec)
    {
        (string name, DynAttributeType type) = (spec.Name, spec.Type);
        return (Attribute(name), type) switch
        {
            (null, _) => null,
            (long value, DynAttributeType.Int) => DynAttribute.Int(name, value),
            (long[] values, DynAttributeType.Ints) => DynAttribute.Ints(name, values),
            (string text, DynAttributeType.String) => DynAttribute.String(name, text),
            (object other, _) => throw new OperatorException(
                $"attribute {name} is {WordsOf(other)}, expected {WordsOf(type)}"),
        };
    }

    /// <summary>Writes one sentence that only sessions with a verbose log show.</summary>
    public void LogVerbose(string message)
    {
        nint logger;
        _api.Check(_api.Functions->KernelInfoGetLogger(_handle, &logger));
        using Utf8 text = new(message);
        using Utf8 place = new(nameof(NodeInfo));

        // The file's name is in the platform's own characters: none.
        char none = '\0';
        _api.Check(_api.Functions->LoggerLogMessage(logger, Verbose, text.Pointer, (nint)(&none), 0, place.Pointer));
    }

    // The C API has no question for the type of an attribute: most readers fail both where it is absent and where it
    // has another type, and those of lists give an empty one for another type. So all are asked.
    private object? Attribute(string name)
    {
        using Utf8 key = new(name);
        OrtFunctions* host = _api.Functions;
        long number;
        if (_api.Succeeds(host->KernelInfoGetAttributeInt64(_handle, key.Pointer, &number)))
        {
            return number;
        }

        float real;
        if (_api.Succeeds(host->KernelInfoGetAttributeFloat(_handle, key.Pointer, &real)))
        {
            return real;
        }

        nuint size = 0;
        if (_api.Succeeds(host->KernelInfoGetAttributeString(_handle, key.Pointer, null, &size)))
        {
            byte[] text = new byte[(int)size + 1];
            fixed (byte* p = text)
            {
                _api.Check(host->KernelInfoGetAttributeString(_handle, key.Pointer, p, &size));
                return OrtApi.Text(p);
            }
        }

        size = 0;
        bool exists = _api.Succeeds(host->KernelInfoGetAttributeArrayInt64(_handle, key.Pointer, null, &size));
        if (exists && size > 0)
        {
            long[] numbers = new long[(int)size];
            fixed (long* p = numbers)
            {
                _api.Check(host->KernelInfoGetAttributeArrayInt64(_handle, key.Pointer, p, &size));
            }

            return numbers;
        }

        size = 0;
        exists |= _api.Succeeds(host->KernelInfoGetAttributeArrayFloat(_handle, key.Pointer, null, &size));
        return size > 0 ? Array.Empty<float>() : exists ? Unknown : null;
    }

    private static string WordsOf(object value) => value switch
    {
        long or DynAttributeType.Int => "an int",
        float => "a float",
        string or DynAttributeType.String => "a string",
        long[] or DynAttributeType.Ints => "a list of ints",
        float[] => "a list of floats",
        _ => "empty or of another type",
    };
}
