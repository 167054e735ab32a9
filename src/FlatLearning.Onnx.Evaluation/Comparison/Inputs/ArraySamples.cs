using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Numpy;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Cuts arrays into runs. Arrays are matched to inputs by name; a single array, whatever its name, serves a single
/// input. An array named "labels" holds the right answers and is cut along with the inputs.
/// </summary>
internal static class ArraySamples
{
    /// <summary>The name of the array of right answers.</summary>
    public const string Labels = "labels";

    /// <summary>Cuts arrays.</summary>
    /// <param name="source">The source, for error texts.</param>
    /// <param name="arrays">The arrays by name.</param>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="batch">Rows to a run where the model leaves their number open.</param>
    /// <param name="limit">The most rows; null for all.</param>
    /// <exception cref="UsageException">An input has no array, or shapes do not fit.</exception>
    public static IReadOnlyList<Func<ComparisonSample>> Cut(
        string source, IReadOnlyDictionary<string, NpyArray> arrays, IReadOnlyList<ValueDescription> inputs, int batch,
        int? limit)
    {
        NpyArray? labels = inputs.Any(input => input.Name == Labels) ? null : arrays.GetValueOrDefault(Labels);
        ArrayFit[] fits = [.. inputs.Select(input => ArrayFit.Of(source, input, Find(source, arrays, inputs, input)))];
        ArrayFit[] cut = [.. fits.Where(fit => fit.Kind != ArrayCut.Whole)];
        if (cut.Length == 0)
        {
            // A label for each row of a fixed batch, or one answer to the whole.
            int count = fits is [{ Array.Dims: [long rows, ..] }, ..]
                && fits.All(fit => fit.Array.Dims is [long own, ..] && own == rows) ? (int)rows : 1;
            return [
                () =>
                    new ComparisonSample { Inputs = Inputs(source, fits, 0, 0), Count = count,
                        Labels = Tensor(labels) }];
        }

        ArrayFit longest = cut[0];
        if (cut.FirstOrDefault(fit => fit.Rows != longest.Rows) is { } other)
        {
            throw new UsageException(
                Messages.InputsRows(source, other.Input.Name, other.Rows, longest.Input.Name, longest.Rows));
        }

        if (labels is not null && (labels.Dims.Length == 0 || labels.Dims[0] != longest.Rows))
        {
            throw new UsageException(
                Messages.InputsRows(
                    source, Labels, labels.Dims is [long found, ..] ? found : 1, longest.Input.Name, longest.Rows));
        }

        long perRun = PerRun(source, cut, batch);
        long total = Math.Min(longest.Rows, Math.Max(limit ?? long.MaxValue, perRun));
        total = cut.Any(fit => fit.PerRun > 0) ? total - (total % perRun) : Math.Min(total, limit ?? long.MaxValue);
        List<Func<ComparisonSample>> runs = [];
        for (long start = 0; start < total; start += perRun)
        {
            (long first, long count) = (start, Math.Min(perRun, total - start));
            runs.Add(() => new ComparisonSample
            {
                Inputs = Inputs(source, fits, first, count),
                Count = (int)count,
                Labels = labels is null
                    ? null
                    : Tensor(ArrayConversion.Rows(labels, first, [count, .. labels.Dims[1..]])),
            });
        }

        return runs;
    }

    private static NpyArray Find(
        string source,
        IReadOnlyDictionary<string, NpyArray> arrays,
        IReadOnlyList<ValueDescription> inputs,
        ValueDescription input)
    {
        if (arrays.TryGetValue(input.Name, out NpyArray? array))
        {
            return array;
        }

        KeyValuePair<string, NpyArray>[] data = [.. arrays.Where(pair => pair.Key != Labels)];
        return inputs.Count == 1 && data.Length == 1
            ? data[0].Value
            : throw new UsageException(
                Messages.InputsNoArray(
                    source,
                    input.Name,
                    arrays.Count == 0 ? "none" : string.Join(", ", arrays.Keys.Select(name => $"'{name}'"))));
    }

    private static long PerRun(string source, ArrayFit[] cut, int batch)
    {
        ArrayFit? bound = cut.FirstOrDefault(fit => fit.PerRun > 0);
        if (bound is null)
        {
            return Math.Max(batch, 1);
        }

        return cut.FirstOrDefault(fit => fit.PerRun > 0 && fit.PerRun != bound.PerRun) is { } other
            ? throw new UsageException(Messages.InputsBatch(source, other.Input.Name, other.Rows, other.PerRun))
            : bound.PerRun;
    }

    private static Dictionary<string, OrtTensor> Inputs(string source, ArrayFit[] fits, long start, long count) =>
        fits.ToDictionary(fit => fit.Input.Name, fit => fit.Cut(source, start, count), StringComparer.Ordinal);

    private static OrtTensor? Tensor(NpyArray? array) =>
        array is null ? null : OrtTensor.FromBytes((TensorElementType)array.Type, array.Data, array.Dims);
}
