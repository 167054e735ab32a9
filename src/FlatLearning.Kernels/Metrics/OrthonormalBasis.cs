using System.Numerics;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// Orthonormal vectors that span given columns to a tolerance, by Gram-Schmidt with the largest remaining column next,
/// orthogonalised twice.
/// </summary>
internal sealed class OrthonormalBasis(int length, int maxRank)
{
    private readonly float[] _vectors = new float[length * maxRank];

    /// <summary>How many there are.</summary>
    public int Rank { get; private set; }

    /// <summary>[rank, length].</summary>
    public ReadOnlySpan<float> Vectors => _vectors.AsSpan(0, Rank * length);

    /// <summary>Adds what some columns need.</summary>
    /// <param name="columns">[count, length]; overwritten.</param>
    /// <param name="count">How many.</param>
    /// <param name="tolerance">What may be left over, in parts of the columns' Frobenius norm.</param>
    /// <returns>False where more vectors would be needed than there is room for.</returns>
    public bool Extend(float[] columns, int count, double tolerance)
    {
        double[] squares = new double[count];
        double limit = 0;
        for (int c = 0; c < count; c++)
        {
            Span<float> column = columns.AsSpan(c * length, length);
            limit += Dot(column, column);
            for (int r = 0; r < Rank; r++)
            {
                Remove(column, Vector(r));
            }

            squares[c] = Dot(column, column);
        }

        limit *= tolerance * tolerance;
        while (squares.Sum() > limit)
        {
            if (Rank == maxRank)
            {
                return false;
            }

            int next = squares.AsSpan().IndexOf(squares.Max());
            columns.AsSpan(next * length, length).CopyTo(_vectors.AsSpan(Rank * length));
            Rank++;
            Span<float> vector = Vector(Rank - 1);
            for (int r = 0; r < Rank - 1; r++)
            {
                Remove(vector, Vector(r));
            }

            float scale = (float)(1 / Math.Sqrt(Dot(vector, vector)));
            foreach (ref float value in vector)
            {
                value *= scale;
            }

            for (int c = 0; c < count; c++)
            {
                Span<float> column = columns.AsSpan(c * length, length);
                Remove(column, vector);
                squares[c] = c == next ? 0 : Dot(column, column);
            }
        }

        return true;
    }

    /// <summary>Writes the vectors as columns: [length, rank].</summary>
    public unsafe void WriteRows(float* target)
    {
        for (int r = 0; r < Rank; r++)
        {
            Span<float> vector = Vector(r);
            for (int k = 0; k < length; k++)
            {
                target[((long)k * Rank) + r] = vector[k];
            }
        }
    }

    private Span<float> Vector(int r) => _vectors.AsSpan(r * length, length);

    private static void Remove(Span<float> from, ReadOnlySpan<float> vector)
    {
        float share = (float)-Dot(from, vector);
        int i = 0;
        Vector<float> factor = new(share);
        for (; i <= from.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(from[i..]) + (factor * new Vector<float>(vector[i..]))).CopyTo(from[i..]);
        }

        for (; i < from.Length; i++)
        {
            from[i] += share * vector[i];
        }
    }

    // Partial sums of 256 products in single precision, their sum in double.
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        const int Piece = 256;
        double sum = 0;
        for (int first = 0; first < a.Length; first += Piece)
        {
            int end = Math.Min(a.Length, first + Piece);
            int i = first;
            Vector<float> partial = Vector<float>.Zero;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                partial += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
            }

            float rest = System.Numerics.Vector.Sum(partial);
            for (; i < end; i++)
            {
                rest += a[i] * b[i];
            }

            sum += rest;
        }

        return sum;
    }
}
