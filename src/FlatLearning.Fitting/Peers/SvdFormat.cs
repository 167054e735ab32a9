using FlatLearning.Dyn;
using MathNet.Numerics.LinearAlgebra;

namespace FlatLearning.Fitting.Peers;

/// <summary>
/// Truncated SVD with quantised factors: for each component, row and column factor are rounded to 2^f levels between
/// their smallest and largest value, which are stored as minimum and step of 16 bits. The rank is what a number of bits
/// per weight has room for; f from 3 to 8 and whether the column factors are solved for again once the row factors are
/// rounded is what gives the least error.
/// </summary>
/// <param name="targetBits">Bits per weight that must not be exceeded.</param>
internal sealed class SvdFormat(double targetBits) : IPeerFormat
{
    /// <summary>
    /// Tried in this order, the likely best first, so that more of the others can be ruled out by what their rank
    /// leaves.
    /// </summary>
    private static readonly int[] FactorBits = [6, 5, 7, 4, 8, 3];

    private const int RangeBitsPerComponent = 64;
    private const double Ridge = 1e-12;

    /// <inheritdoc/>
    public string Family => "SVD";

    /// <inheritdoc/>
    public string Name => "SVD";

    /// <inheritdoc/>
    /// <remarks>
    /// The most that any choice of factor bits takes; more than the target where not even rank 1 has room.
    /// </remarks>
    public long PlannedBytes(int rows, int columns)
    {
        long[] possible = [
            .. FactorBits.Select(bits => (Rank: RankFor(rows, columns, bits), Bits: bits))
                .Where(c => c.Rank > 0)
                .Select(c => Bytes(rows, columns, c.Rank, c.Bits))];
        return possible.Length > 0 ? possible.Max() : Bytes(rows, columns, 1, FactorBits.Min());
    }

    /// <inheritdoc/>
    public PeerResult RoundTrip(PeerMatrix matrix, CancellationToken cancellation = default)
    {
        SingularValues values = matrix.SingularValues;
        Matrix<double> w = Matrix<double>.Build.Dense(matrix.Rows, matrix.Columns);
        for (int i = 0; i < matrix.Values.Length; i++)
        {
            w[i / matrix.Columns, i % matrix.Columns] = matrix.Values.Span[i];
        }

        (Matrix<double>? Product, double Error, int Rank, int Bits, long Bytes) best =
            (null, double.PositiveInfinity, 0, 0, 0);
        foreach (int bits in FactorBits)
        {
            int rank = Math.Min(values.Rank, RankFor(matrix.Rows, matrix.Columns, bits));
            if (rank == 0 || values.Energies.Skip(rank).Sum() >= best.Error)
            {
                continue;
            }

            Matrix<double> left = Rounded(values.Left.SubMatrix(0, matrix.Rows, 0, rank), bits, out long leftRange);
            foreach (Matrix<double>? factors in (Matrix<double>?[])[
                values.Right.SubMatrix(0, matrix.Columns, 0, rank), Refitted(w, left)])
            {
                cancellation.ThrowIfCancellationRequested();
                if (factors is null)
                {
                    continue;
                }

                Matrix<double> product = left.TransposeAndMultiply(Rounded(factors, bits, out long rightRange));
                double error = (product - w).FrobeniusNorm();
                long bytes = StoredBits.Bytes((long)matrix.Rows * rank, bits)
                    + StoredBits.Bytes((long)matrix.Columns * rank, bits) + leftRange + rightRange;
                if (error * error < best.Error)
                {
                    best = (product, error * error, rank, bits, bytes);
                }
            }
        }

        float[] result = new float[matrix.Values.Length];
        for (int i = 0; i < result.Length && best.Product is not null; i++)
        {
            result[i] =
                (float)Math.Clamp(best.Product[i / matrix.Columns, i % matrix.Columns], float.MinValue, float.MaxValue);
        }

        long parameters = (matrix.Rows + matrix.Columns + 4L) * best.Rank;
        return new PeerResult(
            result,
            best.Bytes,
            parameters,
            best.Rank == 0 ? "SVD rank 0" : $"SVD rank {best.Rank}, {best.Bits}-bit factors");
    }

    private static long Bytes(int rows, int columns, int rank, int bits) =>
        StoredBits.Bytes((long)rows * rank, bits) + StoredBits.Bytes((long)columns * rank, bits)
            + ((long)rank * RangeBitsPerComponent / 8);

    private int RankFor(int rows, int columns, int bits)
    {
        double total = targetBits * rows * columns;
        int rank =
            (int)Math.Min(Math.Min(rows, columns), total / ((((double)rows + columns) * bits) + RangeBitsPerComponent));
        return rank > 0 && 8.0 * Bytes(rows, columns, rank, bits) > total ? rank - 1 : rank;
    }

    /// <summary>argmin over B of ||W - A Bᵀ||; null where A's columns are too nearly dependent.</summary>
    private static Matrix<double>? Refitted(Matrix<double> w, Matrix<double> left)
    {
        Matrix<double> normal = left.TransposeThisAndMultiply(left);
        double ridge = Ridge * normal.Diagonal().Maximum();
        for (int i = 0; i < normal.RowCount; i++)
        {
            normal[i, i] += ridge;
        }

        try
        {
            return normal.Cholesky().Solve(left.TransposeThisAndMultiply(w)).Transpose();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Every column on 2^bits levels from its smallest to its largest value.</summary>
    private static Matrix<double> Rounded(Matrix<double> factors, int bits, out long rangeBytes)
    {
        int largest = (1 << bits) - 1;
        float[] ranges = new float[2 * factors.ColumnCount];
        for (int i = 0; i < factors.ColumnCount; i++)
        {
            double low = factors.Column(i).Minimum();
            ranges[2 * i] = (float)low;
            ranges[(2 * i) + 1] = (float)((factors.Column(i).Maximum() - low) / largest);
        }

        ParameterTensor stored = ParameterTensor.Smallest(ranges, ranges.Length);
        rangeBytes = stored.ByteLength;
        return Matrix<double>.Build.Dense(factors.RowCount, factors.ColumnCount, (k, i) =>
        {
            (double low, double step) = (stored.Values[2 * i], stored.Values[(2 * i) + 1]);
            return low + (step > 0 ? step * Math.Clamp(Math.Round((factors[k, i] - low) / step), 0, largest) : 0);
        });
    }
}
