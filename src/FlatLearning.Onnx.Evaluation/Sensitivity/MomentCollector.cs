using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;
using FlatLearning.Onnx.Wire;

namespace FlatLearning.Onnx.Evaluation.Sensitivity;

/// <summary>
/// Runs the original with the inputs of its weights as further outputs and streams them into second moments. Memory:
/// the moments, and the values of one run.
/// </summary>
internal static class MomentCollector
{
    /// <summary>
    /// Moments of all weights together have at most so many numbers; the widest weights get diagonals first.
    /// </summary>
    private const long MaxNumbers = 1L << 24;

    private const int WidestFull = 4096;

    /// <summary>Collects the moments of every candidate whose inputs can be seen.</summary>
    /// <param name="model">The original.</param>
    /// <param name="draft">Its candidates.</param>
    /// <param name="samples">What to run it on.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <returns>By candidate; null where there are none.</returns>
    public static InputMoment?[] Collect(
        OnnxModel model, ConversionDraft draft, IEnumerable<ComparisonSample> samples, CancellationToken cancellation)
    {
        WeightInputs?[] inputs = [
            .. draft.Candidates.Select(candidate => WeightInputs.Of(candidate, draft.Constants.Index.Main))];
        Dictionary<string, InputMoment> moments = Allocate(draft, inputs);
        InputMoment?[] found = new InputMoment?[inputs.Length];
        if (moments.Count == 0)
        {
            return found;
        }

        HashSet<string> given = [.. model.Proto.Graph.Input.Select(input => input.Name)];
        HashSet<string> outputs = [.. model.Proto.Graph.Output.Select(output => output.Name)];
        string[] names = [
            .. inputs.OfType<WeightInputs>().SelectMany(one => one.Names).Distinct(StringComparer.Ordinal)];
        string[] wanted = [.. names.Where(name => !given.Contains(name))];
        using ModelRunner runner =
            ProbedModel.Open(model, wanted.Where(name => !outputs.Contains(name)), new RunnerOptions());
        ILookup<string, InputMoment> byName = Enumerable.Range(0, inputs.Length)
            .Where(i => inputs[i] is not null)
            .SelectMany(i => inputs[i]!.Names.Select(name => (Name: name, Moment: moments[Key(inputs[i]!)])))
            .Distinct()
            .ToLookup(pair => pair.Name, pair => pair.Moment, StringComparer.Ordinal);
        foreach (ComparisonSample sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<string, OrtTensor> values = wanted.Length > 0
                ? runner.Run(sample.Inputs, wanted)
                : sample.Inputs;
            foreach (string name in names)
            {
                double[] x = TensorNumbers.ToDoubles(
                    values.TryGetValue(name, out OrtTensor? value) ? value : sample.Inputs[RawText.Shown(name)], name);
                foreach (InputMoment moment in byName[name])
                {
                    moment.Add(x);
                }
            }
        }

        for (int i = 0; i < found.Length; i++)
        {
            found[i] = inputs[i] is { } one && moments[Key(one)].Count > 0 ? moments[Key(one)] : null;
        }

        return found;
    }

    private static string Key(WeightInputs inputs) => string.Join('\n', inputs.Names);

    /// <summary>
    /// One moment for all candidates that read the same values, the narrow ones full while there is room.
    /// </summary>
    private static Dictionary<string, InputMoment> Allocate(ConversionDraft draft, WeightInputs?[] inputs)
    {
        Dictionary<string, InputMoment> moments = [];
        long left = MaxNumbers;
        foreach (int i in Enumerable.Range(0, inputs.Length)
            .Where(i => inputs[i] is not null)
            .OrderBy(i => draft.Candidates[i].Rows))
        {
            int rows = draft.Candidates[i].Rows;
            bool full = rows <= WidestFull && (long)rows * rows <= left;
            if (moments.TryAdd(Key(inputs[i]!), new InputMoment(rows, full)) && full)
            {
                left -= (long)rows * rows;
            }
        }

        return moments;
    }
}
