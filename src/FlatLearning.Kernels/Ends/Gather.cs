namespace FlatLearning.Kernels.Ends;

/// <summary>
/// Rows of floats in another order. One element at a time: a gather instruction takes as long on the processors at
/// hand.
/// </summary>
internal static unsafe class Gather
{
    /// <summary>target[i] = source[places[i]].</summary>
    public static void Rows(float* source, int* places, float* target, int count)
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            (float a, float b, float c, float d) =
                (source[places[i]], source[places[i + 1]], source[places[i + 2]], source[places[i + 3]]);
            target[i] = a;
            target[i + 1] = b;
            target[i + 2] = c;
            target[i + 3] = d;
        }

        for (; i < count; i++)
        {
            target[i] = source[places[i]];
        }
    }

    /// <summary>target[i] = source[places[i]] · scale[i].</summary>
    public static void Rows(float* source, int* places, float* scale, float* target, int count)
    {
        int i = 0;
        for (; i <= count - 4; i += 4)
        {
            (float a, float b, float c, float d) =
                (source[places[i]], source[places[i + 1]], source[places[i + 2]], source[places[i + 3]]);
            target[i] = a * scale[i];
            target[i + 1] = b * scale[i + 1];
            target[i + 2] = c * scale[i + 2];
            target[i + 3] = d * scale[i + 3];
        }

        for (; i < count; i++)
        {
            target[i] = source[places[i]] * scale[i];
        }
    }
}
