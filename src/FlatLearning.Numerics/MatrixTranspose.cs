namespace FlatLearning.Numerics;

/// <summary>The transpose of a row-major matrix.</summary>
public static class MatrixTranspose
{
    // Both sides of a block stay in the first-level cache.
    private const int Block = 32;

    /// <summary>Transposes [rows, columns] into a new [columns, rows].</summary>
    /// <exception cref="ArgumentException">The matrix does not have rows times columns elements.</exception>
    public static float[] Of(float[] source, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(source);
        if ((long)rows * columns != source.Length)
        {
            throw new ArgumentException($"{source.Length} elements are no {rows} x {columns} matrix.", nameof(source));
        }

        float[] result = new float[source.Length];
        for (int row0 = 0; row0 < rows; row0 += Block)
        {
            for (int column0 = 0; column0 < columns; column0 += Block)
            {
                for (int row = row0; row < Math.Min(row0 + Block, rows); row++)
                {
                    for (int column = column0; column < Math.Min(column0 + Block, columns); column++)
                    {
                        result[((long)column * rows) + row] = source[((long)row * columns) + column];
                    }
                }
            }
        }

        return result;
    }
}
