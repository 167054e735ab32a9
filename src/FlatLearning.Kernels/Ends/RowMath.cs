using System.Runtime.Intrinsics;

namespace FlatLearning.Kernels.Ends;

/// <summary>Element-wise arithmetic on rows.</summary>
internal static unsafe class RowMath
{
    /// <summary>values *= factors.</summary>
    public static void Multiply(float* values, float* factors, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Load(values + i) * Vector256.Load(factors + i)).Store(values + i);
        }

        for (; i < count; i++)
        {
            values[i] *= factors[i];
        }
    }

    /// <summary>values += terms.</summary>
    public static void Add(float* values, float* terms, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256.Load(values + i) + Vector256.Load(terms + i)).Store(values + i);
        }

        for (; i < count; i++)
        {
            values[i] += terms[i];
        }
    }

    /// <summary>
    /// target = values · factors + terms; <paramref name="target"/> may be <paramref name="values"/> or
    /// <paramref name="terms"/>.
    /// </summary>
    public static void MultiplyAdd(float* values, float* factors, float* terms, float* target, int count)
    {
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            ((Vector256.Load(values + i) * Vector256.Load(factors + i)) + Vector256.Load(terms + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = (values[i] * factors[i]) + terms[i];
        }
    }
}
