using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlatLearning.Fitting.Metrics.Distances;

/// <summary>The loops over the partners of one item, in float32 on whole registers.</summary>
/// <typeparam name="TKernel">The distance.</typeparam>
internal static class DistanceKernels<TKernel>
    where TKernel : struct, IDistanceKernel
{
    private const int Lanes = DistanceSide.Lanes;

    /// <summary>values[n] = metric of a state and each partner.</summary>
    /// <param name="model">lambda, beta and softening.</param>
    /// <param name="state">[D].</param>
    /// <param name="panels">Partners' states [D, padded].</param>
    /// <param name="values">[padded].</param>
    public static void Values(DistanceModel model, ReadOnlySpan<float> state, float[] panels, Span<float> values)
    {
        int padded = values.Length;
        for (int n = 0; n < padded; n += Lanes)
        {
            Vector512<float> sum = Vector512.Create((float)model.Linear[^1]);
            for (int h = 0; h < model.Heads; h++)
            {
                sum +=
                    Vector512.Create((float)model.Linear[h]) * TKernel.Term(Square(model, state, panels, padded, h, n));
            }

            sum.StoreUnsafe(ref values[n]);
        }
    }

    /// <summary>terms[n] = the term of one head for lambda 1.</summary>
    public static void Terms(
        DistanceModel model, int head, ReadOnlySpan<float> state, float[] panels, Span<float> terms)
    {
        for (int n = 0; n < terms.Length; n += Lanes)
        {
            TKernel.Term(Square(model, state, panels, terms.Length, head, n)).StoreUnsafe(ref terms[n]);
        }
    }

    /// <summary>
    /// The values as <see cref="Values"/>, and their derivatives by the state: jacobian[i, n], row-major [D, padded].
    /// </summary>
    public static void Jacobian(
        DistanceModel model, ReadOnlySpan<float> state, float[] panels, Span<float> values, Span<float> jacobian)
    {
        int padded = values.Length;
        int d = model.StateDim;
        for (int n = 0; n < padded; n += Lanes)
        {
            Vector512<float> sum = Vector512.Create((float)model.Linear[^1]);
            for (int h = 0; h < model.Heads; h++)
            {
                Vector512<float> lambda = Vector512.Create((float)model.Linear[h]);
                sum += lambda * TKernel.Term(Square(model, state, panels, padded, h, n), out Vector512<float> slope);
                Vector512<float> factor = (lambda + lambda) * slope;
                for (int i = h * d; i < (h + 1) * d; i++)
                {
                    Vector512<float> difference =
                        Vector512.Create(state[i]) - Vector512.LoadUnsafe(ref panels[(i * padded) + n]);
                    (factor * difference).StoreUnsafe(ref jacobian[(i * padded) + n]);
                }
            }

            sum.StoreUnsafe(ref values[n]);
        }
    }

    /// <summary>The lower triangle of J Jᵀ for J [D, padded], two rows by two, row-major [D, D] in double.</summary>
    public static void Gram(ReadOnlySpan<float> jacobian, int padded, Span<double> gram)
    {
        int size = jacobian.Length / padded;
        ref float first = ref MemoryMarshal.GetReference(jacobian);
        for (int i = 0; i < size; i += 2)
        {
            int below = Math.Min(i + 1, size - 1);
            ref float a0 = ref MemoryMarshal.GetReference(jacobian.Slice(i * padded, padded));
            ref float a1 = ref MemoryMarshal.GetReference(jacobian.Slice(below * padded, padded));
            for (int j = 0; j <= below; j += 4)
            {
                Tile(
                    ref a0, ref a1, ref first, j, size, padded, gram.Slice(i * size, size),
                    gram.Slice(below * size, size));
            }
        }
    }

    private static void Tile(
        ref float a0, ref float a1, ref float first, int j, int size, int padded, Span<double> upper,
        Span<double> lower)
    {
        (int j1, int j2, int j3) = (Math.Min(j + 1, size - 1), Math.Min(j + 2, size - 1), Math.Min(j + 3, size - 1));
        nuint stride = (nuint)padded;
        (Vector512<float> s00, Vector512<float> s01, Vector512<float> s02, Vector512<float> s03) =
            (default, default, default, default);
        (Vector512<float> s10, Vector512<float> s11, Vector512<float> s12, Vector512<float> s13) =
            (default, default, default, default);
        for (nuint n = 0; n < stride; n += Lanes)
        {
            Vector512<float> x0 = Vector512.LoadUnsafe(ref a0, n);
            Vector512<float> x1 = Vector512.LoadUnsafe(ref a1, n);
            Vector512<float> y0 = Vector512.LoadUnsafe(ref first, ((nuint)j * stride) + n);
            Vector512<float> y1 = Vector512.LoadUnsafe(ref first, ((nuint)j1 * stride) + n);
            Vector512<float> y2 = Vector512.LoadUnsafe(ref first, ((nuint)j2 * stride) + n);
            Vector512<float> y3 = Vector512.LoadUnsafe(ref first, ((nuint)j3 * stride) + n);
            s00 = Vector512.FusedMultiplyAdd(x0, y0, s00);
            s01 = Vector512.FusedMultiplyAdd(x0, y1, s01);
            s02 = Vector512.FusedMultiplyAdd(x0, y2, s02);
            s03 = Vector512.FusedMultiplyAdd(x0, y3, s03);
            s10 = Vector512.FusedMultiplyAdd(x1, y0, s10);
            s11 = Vector512.FusedMultiplyAdd(x1, y1, s11);
            s12 = Vector512.FusedMultiplyAdd(x1, y2, s12);
            s13 = Vector512.FusedMultiplyAdd(x1, y3, s13);
        }

        (upper[j], upper[j1], upper[j2], upper[j3]) =
            (Vector512.Sum(s00), Vector512.Sum(s01), Vector512.Sum(s02), Vector512.Sum(s03));
        (lower[j], lower[j1], lower[j2], lower[j3]) =
            (Vector512.Sum(s10), Vector512.Sum(s11), Vector512.Sum(s12), Vector512.Sum(s13));
    }

    private static Vector512<float> Square(
        DistanceModel model, ReadOnlySpan<float> state, float[] panels, int padded, int head, int n)
    {
        Vector512<float> square = Vector512.Create(model.Softening[head]);
        for (int i = head * model.StateDim; i < (head + 1) * model.StateDim; i++)
        {
            Vector512<float> difference =
                Vector512.Create(state[i]) - Vector512.LoadUnsafe(ref panels[(i * padded) + n]);
            square = Vector512.FusedMultiplyAdd(difference, difference, square);
        }

        return square;
    }
}
