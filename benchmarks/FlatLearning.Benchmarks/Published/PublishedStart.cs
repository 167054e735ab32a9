namespace FlatLearning.Benchmarks.Published;

/// <summary>
/// The published start: states uniform in [0, 1); weights and biases of a linear layer with n inputs uniform in
/// ±1/sqrt(n), which is what PyTorch's Linear does by default.
/// </summary>
internal static class PublishedStart
{
    public static AlignedArray Draw(PublishedShape shape, Random random)
    {
        float[] plain = new float[shape.ParameterCount];
        int states = (shape.Rows + shape.Columns) * shape.StateDim;
        int first = shape.Features * (shape.StateDim + 1);
        Fill(plain.AsSpan(0, states), random, 0, 1);
        Symmetric(plain.AsSpan(states, first), random, shape.StateDim);
        Symmetric(plain.AsSpan(states + first), random, shape.Width);
        return shape.Pack(plain);
    }

    private static void Symmetric(Span<float> values, Random random, int inputs)
    {
        float bound = 1 / MathF.Sqrt(inputs);
        Fill(values, random, -bound, bound);
    }

    private static void Fill(Span<float> values, Random random, float from, float to)
    {
        foreach (ref float value in values)
        {
            value = from + ((to - from) * random.NextSingle());
        }
    }
}
