using FlatLearning.Fitting;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Numpy;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// What a user's .npz says of a weight: an array named as the weight's initializer holds its second moment E[x xᵀ] [K,
/// K] or the diagonal of that [K]; one named as the initializer with ":x" holds vectors that multiply it [any, K]. All
/// other arrays are samples of the model's inputs, as for <see cref="NpzInputSource"/>.
/// </summary>
internal static class DataMoments
{
    /// <summary>The suffix of arrays of vectors.</summary>
    public const string VectorSuffix = ":x";

    /// <summary>
    /// The H that the file gives directly, by candidate, and whether other arrays are left, which then are inputs.
    /// </summary>
    /// <exception cref="UsageException">An array has the wrong shape.</exception>
    /// <exception cref="Files.OnnxModelException">The file cannot be read.</exception>
    public static (Hessian?[] Weights, IReadOnlyDictionary<string, NpyArray> Inputs) Read(
        string path, ConversionDraft draft)
    {
        NpzArchive archive = NpzFile.Read(path);
        Dictionary<string, NpyArray> arrays = new(archive.Arrays.DistinctBy(pair => pair.Key), StringComparer.Ordinal);
        Hessian?[] weights = new Hessian?[draft.Candidates.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            WeightCandidate candidate = draft.Candidates[i];
            if (candidate.Reason is not null)
            {
                continue;
            }

            if (arrays.Remove(candidate.Name, out NpyArray? moment))
            {
                weights[i] = OfMoment(path, candidate, moment);
            }

            if (arrays.Remove(candidate.Name + VectorSuffix, out NpyArray? vectors))
            {
                weights[i] = OfVectors(path, candidate, vectors);
            }
        }

        return (weights, arrays);
    }

    private static Hessian OfMoment(string path, WeightCandidate candidate, NpyArray array)
    {
        int rows = candidate.Rows;
        double[] values = Array.ConvertAll(array.ToSingles(), value => (double)value);
        try
        {
            return array.Dims is [long k] && k == rows ? Hessian.Diagonal(values)
                : array.Dims is [long first, long second] && first == rows && second == rows
                    ? Hessian.Full(values, rows)
                : throw new UsageException(
                    Messages.MomentShape(path, candidate.Name, string.Join(',', array.Dims), rows));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(Messages.MomentValues(path, candidate.Name, exception.Message));
        }
    }

    private static Hessian OfVectors(string path, WeightCandidate candidate, NpyArray array)
    {
        if (array.Dims.Length < 1 || array.Dims[^1] != candidate.Rows)
        {
            throw new UsageException(
                Messages.VectorShape(
                    path, candidate.Name + VectorSuffix, string.Join(',', array.Dims), candidate.Rows));
        }

        InputMoment moment = new(candidate.Rows, full: true);
        moment.Add(Array.ConvertAll(array.ToSingles(), value => (double)value));
        return moment.Weight(Hessian.DefaultRidge);
    }
}
