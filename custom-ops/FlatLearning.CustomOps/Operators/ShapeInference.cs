using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says while the host infers shapes. An input of unknown rank looks like a scalar here; a dimension
/// without size or name cannot be passed on. All of it is advice, so nothing is said where something is not known.
/// </summary>
/// <param name="api">The host.</param>
/// <param name="handle">The host's <c>OrtShapeInferContext*</c>.</param>
internal readonly unsafe ref struct ShapeInference(OrtApi api, nint handle)
{
    private const int ListOfInts = 2;

    private readonly OrtApi _api = api;
    private readonly nint _handle = handle;

    /// <summary>A list of integers; 0 where the node has no such attribute, or a longer one.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>How many there are.</returns>
    public int Ints(string name, Span<long> values)
    {
        using Utf8 key = new(name);
        nint attribute;
        nuint bytes = 0;
        fixed (long* p = values)
        {
            return _api.Succeeds(_api.Functions->ShapeInferContextGetAttribute(_handle, key.Pointer, &attribute))
                && _api.Succeeds(
                    _api.Functions->ReadOpAttr(
                        attribute, ListOfInts, p, (nuint)(values.Length * sizeof(long)), &bytes))
                ? (int)(bytes / sizeof(long))
                : 0;
        }
    }

    /// <summary>
    /// Gives the output the type of the first input and its dimensions except for the last one. (The host asks the
    /// first operator of a name, whatever the types.)
    /// </summary>
    public void SetOutputLikeInput(long lastDimension)
    {
        OrtFunctions* host = _api.Functions;
        nint source;
        TensorElementType type;
        nuint rank;
        nuint count;
        long* shape = stackalloc long[Tensor.MaxRank];
        byte** symbols = stackalloc byte*[Tensor.MaxRank];
        if (!_api.Succeeds(host->ShapeInferContextGetInputCount(_handle, &count)) || count == 0
            || !_api.Succeeds(host->ShapeInferContextGetInputTypeShape(_handle, 0, &source))
            || !_api.Succeeds(host->GetTensorElementType(source, &type))
            || !_api.Succeeds(host->GetDimensionsCount(source, &rank)) || rank is 0 or > Tensor.MaxRank
            || !_api.Succeeds(host->GetDimensions(source, shape, rank))
            || !_api.Succeeds(host->GetSymbolicDimensions(source, symbols, rank)))
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

        byte none = 0;
        shape[rank - 1] = lastDimension;
        symbols[rank - 1] = &none;
        Set(type, shape, symbols, rank);
    }

    private void Set(TensorElementType type, long* shape, byte** symbols, nuint rank)
    {
        OrtFunctions* host = _api.Functions;
        nint info;
        if (_api.Succeeds(host->CreateTensorTypeAndShapeInfo(&info)))
        {
            _ = _api.Succeeds(host->SetTensorElementType(info, type))
                && _api.Succeeds(host->SetDimensions(info, shape, rank))
                && _api.Succeeds(host->SetSymbolicDimensions(info, symbols, rank))
                && _api.Succeeds(host->ShapeInferContextSetOutputTypeShape(_handle, 0, info));
            host->ReleaseTensorTypeAndShapeInfo(info);
        }
    }
}
