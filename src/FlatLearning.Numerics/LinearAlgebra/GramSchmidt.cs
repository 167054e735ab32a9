namespace FlatLearning.Numerics;

/// <summary>Modified Gram-Schmidt, each line orthogonalised twice.</summary>
public static class GramSchmidt
{
    /// <summary>Makes lines orthonormal; one that vanishes becomes zero.</summary>
    /// <param name="lines">[count, length].</param>
    /// <param name="length">Floats of a line.</param>
    /// <param name="vanished">A line has vanished where less than this share of its length is left.</param>
    public static void Orthonormalise(Span<float> lines, int length, double vanished)
    {
        for (int i = 0; i < lines.Length / length; i++)
        {
            Span<float> line = lines.Slice(i * length, length);
            double before = Math.Sqrt(Dot.InDouble(line, line));
            for (int j = 0; j < 2 * i; j++)
            {
                ReadOnlySpan<float> other = lines.Slice(j % i * length, length);
                Lines.AddScaled(line, -Dot.InDouble(line, other), other);
            }

            double after = Math.Sqrt(Dot.InDouble(line, line));
            Lines.Scale(line, after > vanished * before ? (float)(1 / after) : 0);
        }
    }
}
