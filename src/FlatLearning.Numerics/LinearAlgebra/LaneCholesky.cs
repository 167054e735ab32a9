using System.Runtime.Intrinsics;

namespace FlatLearning.Numerics;

/// <summary>
/// Sixteen symmetric positive definite systems at once, one per lane: element (i, j), j at most i, of all sixteen is
/// the vector at i (i + 1) / 2 + j. float32; meant for preconditioners, where a rough factor is as good as an exact
/// one.
/// </summary>
public static unsafe class LaneCholesky
{
    private const int Lanes = 16;

    /// <summary>
    /// A pivot below this share of its diagonal is raised to it: rounding may leave a singular matrix slightly
    /// indefinite.
    /// </summary>
    private const float MinPivot = 1e-5f;

    /// <summary>Vectors of a packed lower triangle.</summary>
    public static int Size(int n) => n * (n + 1) / 2;

    /// <summary>
    /// factor = L with L Lᵀ = matrix + damping · diagonal; the diagonal of L is stored inverted. 0 where the whole row
    /// is 0.
    /// </summary>
    /// <param name="matrix">[Size(n), 16].</param>
    /// <param name="diagonal">[n, 16], not negative.</param>
    /// <param name="factor">[Size(n), 16].</param>
    public static void Factorise(float* matrix, float* diagonal, float damping, float* factor, int n)
    {
        Vector512<float> lambda = Vector512.Create(damping);
        for (int i = 0; i < n; i++)
        {
            float* row = factor + (Size(i) * Lanes);
            float* from = matrix + (Size(i) * Lanes);
            for (int j = 0; j < i; j++)
            {
                float* other = factor + (Size(j) * Lanes);
                Vector512<float> sum = Vector512.Load(from + (j * Lanes));
                Vector512<float> odd = default;
                int t = 0;
                for (; t + 1 < j; t += 2)
                {
                    sum = Vector512.FusedMultiplyAdd(
                        -Vector512.Load(row + (t * Lanes)), Vector512.Load(other + (t * Lanes)), sum);
                    odd = Vector512.FusedMultiplyAdd(
                        -Vector512.Load(row + ((t + 1) * Lanes)), Vector512.Load(other + ((t + 1) * Lanes)), odd);
                }

                if (t < j)
                {
                    sum = Vector512.FusedMultiplyAdd(
                        -Vector512.Load(row + (t * Lanes)), Vector512.Load(other + (t * Lanes)), sum);
                }

                ((sum + odd) * Vector512.Load(other + (j * Lanes))).Store(row + (j * Lanes));
            }

            Vector512<float> damped = Vector512.FusedMultiplyAdd(
                lambda, Vector512.Load(diagonal + (i * Lanes)), Vector512.Load(from + (i * Lanes)));
            Vector512<float> pivot = damped;
            for (int t = 0; t < i; t++)
            {
                Vector512<float> l = Vector512.Load(row + (t * Lanes));
                pivot = Vector512.FusedMultiplyAdd(-l, l, pivot);
            }

            pivot = Vector512.Max(pivot, damped * MinPivot);
            Vector512<float> inverse = Vector512.Create(1f) / Vector512.Sqrt(pivot);
            Vector512.ConditionalSelect(
                Vector512.GreaterThan(pivot, Vector512<float>.Zero),
                inverse,
                Vector512<float>.Zero).Store(row + (i * Lanes));
        }
    }

    /// <summary>x = (L Lᵀ)^-1 x for x [n, 16].</summary>
    public static void Solve(float* factor, float* x, int n)
    {
        for (int i = 0; i < n; i++)
        {
            float* row = factor + (Size(i) * Lanes);
            Vector512<float> even = Vector512.Load(x + (i * Lanes));
            Vector512<float> odd = default;
            int j = 0;
            for (; j + 1 < i; j += 2)
            {
                even = Vector512.FusedMultiplyAdd(
                    -Vector512.Load(row + (j * Lanes)), Vector512.Load(x + (j * Lanes)), even);
                odd = Vector512.FusedMultiplyAdd(
                    -Vector512.Load(row + ((j + 1) * Lanes)), Vector512.Load(x + ((j + 1) * Lanes)), odd);
            }

            if (j < i)
            {
                even = Vector512.FusedMultiplyAdd(
                    -Vector512.Load(row + (j * Lanes)), Vector512.Load(x + (j * Lanes)), even);
            }

            ((even + odd) * Vector512.Load(row + (i * Lanes))).Store(x + (i * Lanes));
        }

        // Backward by rows of L: x_i is final when its turn comes, and is taken out of all x_j above.
        for (int i = n - 1; i >= 0; i--)
        {
            float* row = factor + (Size(i) * Lanes);
            Vector512<float> value = Vector512.Load(x + (i * Lanes)) * Vector512.Load(row + (i * Lanes));
            value.Store(x + (i * Lanes));
            for (int j = 0; j < i; j++)
            {
                Vector512.FusedMultiplyAdd(-Vector512.Load(row + (j * Lanes)), value, Vector512.Load(x + (j * Lanes)))
                    .Store(x + (j * Lanes));
            }
        }
    }
}
