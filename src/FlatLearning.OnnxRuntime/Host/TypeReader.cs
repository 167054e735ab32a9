using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>Reads element types and shapes out of the C API's descriptions.</summary>
internal static unsafe class TypeReader
{
    /// <summary>The description of a value; releases nothing.</summary>
    public static ValueDescription Describe(OrtApi api, string name, OrtTypeInfoHandle* type)
    {
        OnnxValueKind kind;
        api.Check(api.GetOnnxTypeFromTypeInfo(type, &kind));
        OrtTensorInfoHandle* tensor = null;
        if (kind == OnnxValueKind.Tensor)
        {
            api.Check(api.CastTypeInfoToTensorInfo(type, &tensor));
        }

        return tensor is null
            ? new ValueDescription(name, kind, TensorElementType.Undefined, [])
            : new ValueDescription(name, kind, ElementType(api, tensor), Dimensions(api, tensor));
    }

    public static TensorElementType ElementType(OrtApi api, OrtTensorInfoHandle* tensor)
    {
        TensorElementType type;
        api.Check(api.GetTensorElementType(tensor, &type));
        return type;
    }

    /// <summary>The sizes; -1 for open ones.</summary>
    public static long[] Shape(OrtApi api, OrtTensorInfoHandle* tensor)
    {
        nuint rank;
        api.Check(api.GetDimensionsCount(tensor, &rank));
        long[] shape = new long[(int)rank];
        fixed (long* p = shape)
        {
            api.Check(api.GetDimensions(tensor, p, rank));
        }

        return shape;
    }

    private static OrtDimension[] Dimensions(OrtApi api, OrtTensorInfoHandle* tensor)
    {
        long[] shape = Shape(api, tensor);
        nint[] symbols = new nint[shape.Length];
        fixed (nint* p = symbols)
        {
            api.Check(api.GetSymbolicDimensions(tensor, (byte**)p, (nuint)symbols.Length));
        }

        OrtDimension[] result = new OrtDimension[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            string? symbol = shape[i] < 0 ? Utf8.Read((byte*)symbols[i]) : null;
            result[i] = new OrtDimension(shape[i], string.IsNullOrEmpty(symbol) ? null : symbol);
        }

        return result;
    }
}
