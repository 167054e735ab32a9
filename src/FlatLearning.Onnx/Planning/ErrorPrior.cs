using FlatLearning.Fitting;

namespace FlatLearning.Onnx.Planning;

/// <summary>
/// What an error is taken to be worth where nothing is known of a weight's inputs. Small numbers tend to multiply large
/// inputs and to be followed by normalisations, so that errors count between absolute and relative: those of a row by
/// its mean square to the power -<see cref="Rows"/>, the relative error of a whole weight by elements · (mean
/// square)^(1 - <see cref="Matrix"/>).
/// </summary>
internal sealed record ErrorPrior
{
    /// <summary>Rows of less than this share of the mean square count no more than one of that share.</summary>
    private const double SmallestRow = 1e-4;

    /// <summary>0: a squared error counts alike in every weight; 1: relative errors do, by elements.</summary>
    public double Matrix { get; init; } = 1;

    /// <summary>0: a squared error counts alike in every row; 1: relative errors of rows do.</summary>
    public double Rows { get; init; } = 0.5;

    /// <summary>H = I and energies: the least squared error of all weights together.</summary>
    public static ErrorPrior WeightError { get; } = new() { Matrix = 0, Rows = 0 };

    /// <summary>H of a weight of which nothing is known.</summary>
    /// <param name="matrix">[K, N], row-major.</param>
    /// <param name="columns">N.</param>
    public Hessian HessianOf(float[] matrix, int columns)
    {
        if (Rows == 0)
        {
            return Hessian.Identity;
        }

        double[] squares = new double[matrix.Length / columns];
        for (int i = 0; i < matrix.Length; i++)
        {
            squares[i / columns] += (double)matrix[i] * matrix[i];
        }

        double mean = squares.Average();
        return mean > 0
            ? Hessian.Diagonal(
                Array.ConvertAll(squares, square => Math.Pow(Math.Max(square / mean, SmallestRow), -Rows)))
            : Hessian.Identity;
    }

    /// <summary>How much the relative error of a weight counts in the model's.</summary>
    /// <param name="energy">||W||².</param>
    /// <param name="elements">K·N.</param>
    public double SensitivityOf(double energy, long elements) =>
        elements == 0 ? 0 : elements * Math.Pow(energy / elements, 1 - Matrix);
}
