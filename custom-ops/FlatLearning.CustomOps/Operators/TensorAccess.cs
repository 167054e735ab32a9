using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>Reads tensors that the host hands to an operator. No managed allocation.</summary>
internal static unsafe class TensorAccess
{
    /// <summary>Type, data and shape of a value.</summary>
    /// <param name="api">The function table.</param>
    /// <param name="value">A dense tensor.</param>
    /// <param name="shape">Receives the dimensions, as many as fit.</param>
    /// <param name="rank">The number of dimensions.</param>
    /// <exception cref="OperatorException">The value is not a dense tensor.</exception>
    public static TensorView Read(OrtApi api, OrtValueHandle* value, Span<long> shape, out int rank)
    {
        if (api.HasShapeReference)
        {
            TensorElementType elementType;
            long* reference;
            nuint count;
            OrtStatusHandle* refused =
                api.GetTensorElementTypeAndShapeDataReference(value, &elementType, &reference, &count);
            if (refused is null)
            {
                return Refer(api, value, elementType, new ReadOnlySpan<long>(reference, (int)count), shape, out rank);
            }

            // What the value is instead is found out below.
            api.ReleaseStatus(refused);
        }

        return Describe(api, value, shape, out rank);
    }

    private static TensorView Refer(
        OrtApi api, OrtValueHandle* value, TensorElementType type, ReadOnlySpan<long> dimensions, Span<long> shape,
        out int rank)
    {
        rank = dimensions.Length;
        if (rank <= shape.Length)
        {
            dimensions.CopyTo(shape);
        }

        void* data = null;
        if (type != TensorElementType.String)
        {
            api.Check(api.GetTensorMutableData(value, &data));
        }

        return new TensorView(type, (nint)data, rank <= shape.Length ? CountOf(dimensions) : 0);
    }

    private static TensorView Describe(OrtApi api, OrtValueHandle* value, Span<long> shape, out int rank)
    {
        int isTensor;
        api.Check(api.IsTensor(value, &isTensor));
        if (isTensor == 0)
        {
            throw new OperatorException("an input is not a dense tensor");
        }

        OrtTensorInfoHandle* info;
        api.Check(api.GetTensorTypeAndShape(value, &info));
        try
        {
            TensorElementType type;
            api.Check(api.GetTensorElementType(info, &type));
            nuint dimensions;
            api.Check(api.GetDimensionsCount(info, &dimensions));
            rank = (int)dimensions;
            long count = 0;
            if (rank <= shape.Length)
            {
                fixed (long* p = shape)
                {
                    api.Check(api.GetDimensions(info, p, dimensions));
                }

                count = CountOf(shape[..rank]);
            }

            void* data = null;
            if (type != TensorElementType.String)
            {
                api.Check(api.GetTensorMutableData(value, &data));
            }

            return new TensorView(type, (nint)data, count);
        }
        finally
        {
            api.ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    private static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = checked(count * size);
        }

        return count;
    }
}
