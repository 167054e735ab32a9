using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says while the host infers shapes, and what can be said of its output. All of it is advice: whatever
/// fails here goes unsaid.
/// </summary>
/// <param name="api">The host.</param>
/// <param name="context">The host's <c>OrtShapeInferContext*</c>.</param>
internal sealed unsafe class ShapeInference(OrtApi api, nint context)
{
    private const int ListOfInts = 2;

    private readonly OrtFunctions* _host = api.Functions;

    /// <summary>A list of so many integers, or the first of them.</summary>
    /// <exception cref="OrtException">The node has no such attribute, or a longer one.</exception>
    public long[] Ints(string name, int count)
    {
        using Utf8 key = new(name);
        nint attribute;
        nuint bytes = 0;
        long[] values = new long[count];
        fixed (long* p = values)
        {
            api.Check(_host->ShapeInferContextGetAttribute(context, key.Pointer, &attribute));
            api.Check(_host->ReadOpAttr(attribute, ListOfInts, p, (nuint)(count * sizeof(long)), &bytes));
        }

        return values[..(int)(bytes / sizeof(long))];
    }

    /// <summary>
    /// Gives the output the type of an input and its dimensions except for the last one. (The host asks the first
    /// operator of a name, whatever the types.) Says nothing of a scalar, as an input of unknown rank looks, nor where
    /// another dimension has neither size nor name, which cannot be passed on.
    /// </summary>
    public void SetOutputLikeInput(int position, long lastDimension)
    {
        nint input;
        api.Check(_host->ShapeInferContextGetInputTypeShape(context, (nuint)position, &input));
        Span<long> shape = api.Shape(input, stackalloc long[OrtApi.MaxRank], out TensorType type);
        int rank = shape.Length;
        byte** symbols = stackalloc byte*[OrtApi.MaxRank];
        api.Check(_host->GetSymbolicDimensions(input, symbols, (nuint)rank));
        for (int i = 0; i + 1 < rank; i++)
        {
            if (shape[i] < 0 && (symbols[i] is null || symbols[i][0] == 0))
            {
                return;
            }
        }

        if (rank > 0)
        {
            byte none = 0;
            shape[^1] = lastDimension;
            symbols[rank - 1] = &none;
            SetOutput(type, shape, symbols);
        }
    }

    private void SetOutput(TensorType type, ReadOnlySpan<long> shape, byte** symbols)
    {
        nuint rank = (nuint)shape.Length;
        nint info;
        api.Check(_host->CreateTensorTypeAndShapeInfo(&info));
        try
        {
            fixed (long* p = shape)
            {
                api.Check(_host->SetTensorElementType(info, type));
                api.Check(_host->SetDimensions(info, p, rank));
                api.Check(_host->SetSymbolicDimensions(info, symbols, rank));
                api.Check(_host->ShapeInferContextSetOutputTypeShape(context, 0, info));
            }
        }
        finally
        {
            _host->ReleaseTensorTypeAndShapeInfo(info);
        }
    }
}
