using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>Which outputs can be compared: those that two models give as something that can be read.</summary>
/// <param name="outputs">The outputs as the model declares them.</param>
internal sealed class ReadableOutputs(IReadOnlyList<ValueDescription> outputs)
{
    private readonly HashSet<string> _names = [.. outputs.Select(output => output.Name)];

    /// <summary>A sentence for each output that is left out.</summary>
    public IEnumerable<string> Notes => outputs.Where(output => !Has(output.Name)).Select(
        output => $"Output '{output.Name}' ({output.Kind.ToString()["ONNX_TYPE_".Length..].ToLowerInvariant()}) "
            + "held nothing that can be compared here, and is left out.");

    /// <summary>Whether an output takes part.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>Those of all outputs that take part.</summary>
    public IEnumerable<OutputStatistics> Of(IEnumerable<OutputStatistics> all) =>
        all.Where(output => Has(output.Name));

    /// <summary>Adds two runs to the statistics, and leaves out what one of the two did not give.</summary>
    /// <exception cref="UsageException">Nothing is left, or an output differs in type or shape.</exception>
    public void Add(
        IEnumerable<OutputStatistics> all, IReadOnlyDictionary<string, OrtTensor> a,
        IReadOnlyDictionary<string, OrtTensor> b)
    {
        _names.RemoveWhere(name => !a.ContainsKey(name) || !b.ContainsKey(name));
        if (_names.Count == 0)
        {
            throw new UsageException(Messages.NoReadableOutput());
        }

        foreach (OutputStatistics output in Of(all))
        {
            output.Add(a[output.Name], b[output.Name]);
        }
    }
}
