using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Fitting.Metrics;

/// <summary>
/// Sizes of a RieM fit and where each group of unknowns lies in the flat vector theta:
/// P [d, rows padded], Q [d, columns padded], A [R·M, d], c [R·M], v [M], beta. States are stored coordinate by coordinate, so that
/// kernels run along rows and columns; the padding is zero and stays zero.
/// </summary>
internal sealed class RiemShape
{
    public const int Lanes = 16;

    public RiemShape(int rows, int columns, int stateDim, int shifts, int width)
    {
        (Rows, Columns, StateDim, Shifts, Width) = (rows, columns, stateDim, shifts, width);
        PaddedRows = (rows + Lanes - 1) / Lanes * Lanes;
        PaddedColumns = (columns + Lanes - 1) / Lanes * Lanes;
        Features = shifts * width;
        Q = checked(stateDim * PaddedRows);
        A = checked(Q + (stateDim * PaddedColumns));
        C = checked(A + (Features * stateDim));
        V = C + Features;
        Beta = V + width;
        Length = Beta + 1;
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>d.</summary>
    public int StateDim { get; }

    /// <summary>R.</summary>
    public int Shifts { get; }

    /// <summary>M.</summary>
    public int Width { get; }

    /// <summary>F = R·M; feature f belongs to shift f / M and weight v[f mod M].</summary>
    public int Features { get; }

    public int PaddedRows { get; }

    public int PaddedColumns { get; }

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
    /// The weights B [F, d] that columns are seen with: A_f·(S_r q) = B_f·q, where B_f is A_f moved to the right by r's shift.
    /// </summary>
    public void Rotate(ReadOnlySpan<float> a, Span<float> b)
    {
        for (int f = 0; f < Features; f++)
        {
            int shift = RiemMetric.ShiftOf(f / Width, StateDim, Shifts);
            for (int i = 0; i < StateDim; i++)
            {
                b[(f * StateDim) + ((i + shift) % StateDim)] = a[(f * StateDim) + i];
            }
        }
    }

    /// <summary>The transpose of <see cref="Rotate"/>, added: what a gradient with respect to B is for A.</summary>
    public void AddRotatedBack(ReadOnlySpan<float> b, Span<float> a)
    {
        for (int f = 0; f < Features; f++)
        {
            int shift = RiemMetric.ShiftOf(f / Width, StateDim, Shifts);
            for (int i = 0; i < StateDim; i++)
            {
                a[(f * StateDim) + i] += b[(f * StateDim) + ((i + shift) % StateDim)];
            }
        }
    }
}
