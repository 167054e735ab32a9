using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says while the host infers shapes. An input of unknown rank looks like a scalar here; a dimension
/// without size or name cannot be passed on. Everything is advisory, so readers answer "unknown" instead of throwing.
/// </summary>
public readonly unsafe ref struct ShapeInference
{
    private const int MaxRank = 64;
    private const int AttributeInts = 2;

    private readonly OrtApi _api;
    private readonly OrtShapeInferContextHandle* _handle;

    internal ShapeInference(OrtApi api, OrtShapeInferContextHandle* handle)
    {
        _api = api;
        _handle = handle;
    }

    /// <summary>A list of integers; empty where the node has no such attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Receives the values; longer lists count as absent.</param>
    /// <returns>The number of values.</returns>
    public int GetInts(string name, Span<long> values)
    {
        using Utf8 key = new(name);
        OrtOpAttributeHandle* attribute;
        if (!Succeeds(_api.ShapeInferContextGetAttribute(_handle, key.Pointer, &attribute)))
        {
            return 0;
        }

        fixed (long* p = values)
        {
            nuint bytes;
            bool read =
                Succeeds(_api.ReadOpAttr(attribute, AttributeInts, p, (nuint)(values.Length * sizeof(long)), &bytes));
            return read ? (int)(bytes / sizeof(long)) : 0;
        }
    }

    /// <summary>
    /// Gives an output the type of an input and its dimensions except for the last one. Does nothing where the input's
    /// rank, or one of its dimensions, is not known at all. (The host asks the first operator of a name, whatever the
    /// types.)
    /// </summary>
    public void SetOutputLike(int output, int input, long lastDimension)
    {
        nuint count;
        OrtTensorInfoHandle* source;
        TensorElementType type;
        nuint rank;
        if (!Succeeds(_api.ShapeInferContextGetInputCount(_handle, &count)) || (nuint)input >= count
            || !Succeeds(_api.ShapeInferContextGetInputTypeShape(_handle, (nuint)input, &source))
            || !Succeeds(_api.GetTensorElementType(source, &type))
            || !Succeeds(_api.GetDimensionsCount(source, &rank)) || rank is 0 or > MaxRank)
        {
            return;
        }

        long* shape = stackalloc long[MaxRank];
        byte** symbols = stackalloc byte*[MaxRank];
        byte none = 0;
        if (!Succeeds(_api.GetDimensions(source, shape, rank))
            || !Succeeds(_api.GetSymbolicDimensions(source, symbols, rank)))
        {
            return;
        }

        for (nuint i = 0; i + 1 < rank; i++)
        {
            if (shape[i] < 0 && (symbols[i] is null || symbols[i][0] == 0))
            {
                return;
            }
        }

        shape[rank - 1] = lastDimension;
        symbols[rank - 1] = &none;
        Set(output, type, shape, symbols, rank);
    }

    private void Set(int output, TensorElementType type, long* shape, byte** symbols, nuint rank)
    {
        OrtTensorInfoHandle* info;
        if (!Succeeds(_api.CreateTensorTypeAndShapeInfo(&info)))
        {
            return;
        }

        if (Succeeds(_api.SetTensorElementType(info, type))
            && Succeeds(_api.SetDimensions(info, shape, rank))
            && Succeeds(_api.SetSymbolicDimensions(info, symbols, rank)))
        {
            Succeeds(_api.ShapeInferContextSetOutputTypeShape(_handle, (nuint)output, info));
        }

        _api.ReleaseTensorTypeAndShapeInfo(info);
    }

    private bool Succeeds(OrtStatusHandle* status)
    {
        if (status is null)
        {
            return true;
        }

        _api.ReleaseStatus(status);
        return false;
    }
}
