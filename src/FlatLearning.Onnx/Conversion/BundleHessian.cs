using FlatLearning.Fitting;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// What errors of the rows of a bundle count: those of each weight over its own mean square, since one of small numbers
/// matters as much to its operator as one of large numbers to another.
/// </summary>
internal static class BundleHessian
{
    /// <summary>The diagonal, of mean 1; null where a candidate is one weight.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="matrix">Its K x N matrix, row-major.</param>
    public static WeightHessian? Of(WeightCandidate candidate, float[] matrix)
    {
        if (candidate.Members.Count == 0)
        {
            return null;
        }

        double[] rows = new double[candidate.Rows];
        int begin = 0;
        foreach (WeightCandidate member in candidate.Members)
        {
            int count = (int)BundleView.RowsOf(member.Info.Count);
            double energy = 0;
            foreach (float value in matrix.AsSpan(begin * BundleView.Width, count * BundleView.Width))
            {
                energy += (double)value * value;
            }

            Array.Fill(rows, energy > 0 ? member.Info.Count / energy : 0, begin, count);
            begin += count;
        }

        double mean = rows.Average();
        return mean > 0
            ? new WeightHessian(
                Hessian.Diagonal(Array.ConvertAll(rows, value => value / mean), ridge: 0),
                WeightHessian.Identity.Source)
            : WeightHessian.Identity;
    }
}
