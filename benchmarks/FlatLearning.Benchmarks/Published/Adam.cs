using System.Runtime.Intrinsics;

namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) with PyTorch's defaults beta 0.9 and 0.999, epsilon 1e-8, no decay; epsilon
/// is added to the root of the corrected second moment. float32 like PyTorch's, scalars in double.
/// </summary>
internal sealed class Adam(int length, double learningRate = Adam.PublishedRate)
{
    /// <summary>The learning rate of the published notebook.</summary>
    public const double PublishedRate = 5e-5;

    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;

    private readonly AlignedArray _first = new(length);
    private readonly AlignedArray _second = new(length);
    private long _steps;

    /// <summary>Moves theta against the gradient; both have the length of this object.</summary>
    public void Step(AlignedArray theta, AlignedArray gradient)
    {
        _steps++;
        Vector512<float> step = Vector512.Create((float)(learningRate / (1 - Math.Pow(Beta1, _steps))));
        Vector512<float> correction = Vector512.Create((float)Math.Sqrt(1 - Math.Pow(Beta2, _steps)));
        (Vector512<float> b1, Vector512<float> rest1) =
            (Vector512.Create((float)Beta1), Vector512.Create((float)(1 - Beta1)));
        (Vector512<float> b2, Vector512<float> rest2) =
            (Vector512.Create((float)Beta2), Vector512.Create((float)(1 - Beta2)));
        Vector512<float> epsilon = Vector512.Create(Epsilon);
        for (int i = 0; i < theta.Length; i += AlignedArray.Lanes)
        {
            Vector512<float> g = Vector512.LoadUnsafe(ref gradient.At(i));
            Vector512<float> m = (Vector512.LoadUnsafe(ref _first.At(i)) * b1) + (g * rest1);
            Vector512<float> v = (Vector512.LoadUnsafe(ref _second.At(i)) * b2) + (g * g * rest2);
            m.StoreUnsafe(ref _first.At(i));
            v.StoreUnsafe(ref _second.At(i));
            Vector512<float> root = (Vector512.Sqrt(v) / correction) + epsilon;
            (Vector512.LoadUnsafe(ref theta.At(i)) - (step * m / root)).StoreUnsafe(ref theta.At(i));
        }
    }
}
