using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>
/// Sizes of a RieM fit and where each group of unknowns lies in the flat vector theta:
/// P [row blocks, d, 16], Q [column blocks, d, 16], A [F, d], c [F], v [M], beta. States are stored in blocks of 16
/// rows or columns, coordinate by coordinate, so that one vector holds one coordinate of 16 states; the padding of the
/// last block is zero and stays zero.
/// </summary>
/// <remarks>
/// Features are ordered by their weight: feature f belongs to v[f / R] and shift f mod R. The stored metric has them
/// the other way round (<see cref="Stored"/>).
/// </remarks>
internal sealed class RiemShape
{
    public const int Lanes = 16;

    public RiemShape(int rows, int columns, int stateDim, int shifts, int width)
    {
        (Rows, Columns, StateDim, Shifts, Width) = (rows, columns, stateDim, shifts, width);
        RowBlocks = (rows + Lanes - 1) / Lanes;
        ColumnBlocks = (columns + Lanes - 1) / Lanes;
        Features = shifts * width;
        Q = checked(stateDim * RowBlocks * Lanes);
        A = checked(Q + (stateDim * ColumnBlocks * Lanes));
        C = checked(A + (Features * stateDim));
        V = C + Features;
        Beta = V + width;
        Length = Beta + 1;
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>d.</summary>
    public int StateDim { get; }

    /// <summary>R.</summary>
    public int Shifts { get; }

    /// <summary>M.</summary>
    public int Width { get; }

    /// <summary>F = R·M.</summary>
    public int Features { get; }

    /// <summary>Blocks of 16 rows.</summary>
    public int RowBlocks { get; }

    /// <summary>Blocks of 16 columns.</summary>
    public int ColumnBlocks { get; }

    /// <summary>N rounded up to whole blocks.</summary>
    public int PaddedColumns => ColumnBlocks * Lanes;

    /// <summary>Offset of Q; P begins at 0.</summary>
    public int Q { get; }

    /// <summary>Offset of A.</summary>
    public int A { get; }

    /// <summary>Offset of c.</summary>
    public int C { get; }

    /// <summary>Offset of v.</summary>
    public int V { get; }

    /// <summary>Offset of beta.</summary>
    public int Beta { get; }

    /// <summary>Length of theta.</summary>
    public int Length { get; }

    /// <summary>
    /// Where coordinate <paramref name="i"/> of row <paramref name="k"/> lies in theta; of a column, relative to
    /// <see cref="Q"/>.
    /// </summary>
    public int State(int k, int i) => (((k / Lanes * StateDim) + i) * Lanes) + (k % Lanes);

    /// <summary>The position of feature f in the stored metric, whose order is [R, M].</summary>
    public int Stored(int f) => (f % Shifts * Width) + (f / Shifts);

    /// <summary>How far the shift of feature f moves the coordinates to the left.</summary>
    public int ShiftOf(int f) => RiemMetric.ShiftOf(f % Shifts, StateDim, Shifts);

    /// <summary>
    /// The weights B [F, d] that columns are seen with: A_f·(S_r q) = B_f·q, where B_f is A_f moved to the right by r's
    /// shift.
    /// </summary>
    public void Rotate(ReadOnlySpan<float> a, Span<float> b)
    {
        for (int f = 0; f < Features; f++)
        {
            int shift = ShiftOf(f);
            ReadOnlySpan<float> row = a.Slice(f * StateDim, StateDim);
            row[..(StateDim - shift)].CopyTo(b[((f * StateDim) + shift)..]);
            row[(StateDim - shift)..].CopyTo(b[(f * StateDim)..]);
        }
    }

    /// <summary>The transpose of <see cref="Rotate"/>, added: what a gradient with respect to B is for A.</summary>
    public void AddRotatedBack(ReadOnlySpan<float> b, Span<float> a)
    {
        for (int f = 0; f < Features; f++)
        {
            int shift = ShiftOf(f);
            for (int i = 0; i < StateDim; i++)
            {
                a[(f * StateDim) + i] += b[(f * StateDim) + ((i + shift) % StateDim)];
            }
        }
    }
}
