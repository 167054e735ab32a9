using FlatLearning.Kernels.DequantGemm;

namespace FlatLearning.Kernels.Metrics;

/// <summary>
/// A dense matrix in parts of up to 64 columns, [parts][rows][64]: each part is a panel for <see cref="PanelProduct"/>.
/// Columns are padded with zeros to whole registers.
/// </summary>
internal sealed class ThinMatrix
{
    /// <summary>Columns of a part.</summary>
    public const int PartColumns = 64;

    /// <summary>Rows of the matrix that are multiplied at once: a panel of 64 KB.</summary>
    public const int ChunkRows = 256;

    private ThinMatrix(int rows, int columns)
    {
        (Rows, Columns) = (rows, columns);
        PaddedColumns = (columns + PanelProduct.Block - 1) / PanelProduct.Block * PanelProduct.Block;
        Values = GC.AllocateArray<float>(checked(rows * PaddedColumns), pinned: true);
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Columns rounded up to whole registers.</summary>
    public int PaddedColumns { get; }

    /// <summary>The parts.</summary>
    public float[] Values { get; }

    /// <summary>How many parts there are.</summary>
    public int Parts => (PaddedColumns + PartColumns - 1) / PartColumns;

    /// <summary>How many chunks of rows there are.</summary>
    public int Chunks => (Rows + ChunkRows - 1) / ChunkRows;

    /// <summary>From a row-major [rows, columns].</summary>
    public static ThinMatrix FromRows(ReadOnlySpan<float> values, int rows, int columns)
    {
        ThinMatrix matrix = new(rows, columns);
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                matrix.At(r, c) = values[(r * columns) + c];
            }
        }

        return matrix;
    }

    /// <summary>From a column-major [columns, rows].</summary>
    public static ThinMatrix FromColumns(ReadOnlySpan<float> values, int rows, int columns)
    {
        ThinMatrix matrix = new(rows, columns);
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < rows; r++)
            {
                matrix.At(r, c) = values[(c * rows) + r];
            }
        }

        return matrix;
    }

    /// <summary>Columns of a part, padding included.</summary>
    public int WidthOf(int part) => Math.Min(PartColumns, PaddedColumns - (part * PartColumns));

    /// <summary>The index in <see cref="Values"/> where a row of a part starts.</summary>
    public int Start(int part, int row) => (part * PartColumns * Rows) + (row * WidthOf(part));

    private ref float At(int row, int column) => ref Values[Start(column / PartColumns, row) + (column % PartColumns)];
}
