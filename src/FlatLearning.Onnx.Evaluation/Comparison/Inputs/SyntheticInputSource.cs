using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Inputs made up from a model's declared types and shapes and from what its graph does with them. The same seed gives
/// the same values on every machine. Where a model fails with the size tried for its open dimensions, others are tried,
/// and a note says so.
/// </summary>
/// <param name="model">The original model.</param>
public sealed class SyntheticInputSource(OnnxModel model) : InputSource
{
    /// <summary>Samples where <see cref="InputSource.Limit"/> names no number.</summary>
    public const int DefaultSamples = 8;

    // Small first: positional tables and attention limit the size from above; strides and windows from below.
    private static readonly long[] Sizes = [16, 8, 4, 2, 1, 32, 64, 128, 256, 512, 1024];

    /// <summary>Seed of all values.</summary>
    public int Seed { get; init; }

    /// <summary>Shapes for inputs by name, in place of the declared ones (<see cref="ShapeOption"/>).</summary>
    public IReadOnlyDictionary<string, long[]> Shapes { get; init; } = new Dictionary<string, long[]>();

    /// <summary>Size of an open batch dimension.</summary>
    public int Batch { get; init; } = 1;

    /// <inheritdoc/>
    internal override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return Prepare(original.Inputs, [original]);
    }

    /// <summary>Inputs for several models of one network at once.</summary>
    /// <param name="inputs">The inputs that they have in common; a dimension that any of them fixes is fixed.</param>
    /// <param name="models">The models, each of which must run with the sizes chosen.</param>
    internal PreparedInputs Prepare(IReadOnlyList<ValueDescription> inputs, IReadOnlyList<ModelRunner> models)
    {
        InputDomains domains = new(model);
        SyntheticValues[] values = [.. inputs.Select(input => new SyntheticValues(input, domains))];
        SyntheticShapes shapes = ShapesOf(inputs);
        List<string> notes = [];
        long size = FindSize(inputs, models, shapes, values, notes);
        notes.AddRange(
            inputs.Select(
                (input, i) =>
                    $"Input '{input.Name}' is made up: "
                        + $"{input.ElementType.OnnxName()}[{string.Join(',', shapes.Of(input, size))}], "
                        + $"{values[i].Description}."));
        int count = Math.Max(Limit ?? DefaultSamples, 0);
        IEnumerable<ComparisonSample> samples = Enumerable.Range(0, count)
            .Select(index => Sample(inputs, shapes, values, size, index));
        return new PreparedInputs("the made-up input", samples, notes);
    }

    /// <summary>Whether <see cref="Batch"/> has any effect on inputs.</summary>
    internal bool HasBatch(IReadOnlyList<ValueDescription> inputs) => ShapesOf(inputs).HasBatch;

    private SyntheticShapes ShapesOf(IReadOnlyList<ValueDescription> inputs) => new(inputs, Unranked(), Shapes, Batch);

    private long FindSize(
        IReadOnlyList<ValueDescription> inputs, IReadOnlyList<ModelRunner> models, SyntheticShapes shapes,
        SyntheticValues[] values, List<string> notes)
    {
        if (!shapes.DependOnSize)
        {
            return 1;
        }

        OnnxModelException? first = null;
        string name = models[0].Name;
        foreach (long size in Sizes)
        {
            try
            {
                IReadOnlyDictionary<string, OrtTensor> sample = Sample(inputs, shapes, values, size, 0).Inputs;
                foreach (ModelRunner runner in models)
                {
                    name = first is null ? runner.Name : name;
                    runner.Run(sample);
                }

                if (first is not null)
                {
                    notes.Add(
                        FormattableString.Invariant(
                            $"Open dimensions are {size}, because the model fails with {Sizes[0]}."));
                }

                return size;
            }
            catch (OnnxModelException exception)
            {
                first ??= exception;
            }
        }

        throw new UsageException(
            Messages.NoShapeRuns(
                name, string.Join(", ", Sizes.Order()), OrtRuntime.Reason(first!.InnerException ?? first)));
    }

    private ComparisonSample Sample(
        IReadOnlyList<ValueDescription> inputs,
        SyntheticShapes shapes,
        SyntheticValues[] values,
        long size,
        int index) => new()
    {
        Inputs = inputs.Select(
            (input, i) =>
                (input.Name, Tensor: values[i].Draw(new SampleGenerator(Seed, index, i), shapes.Of(input, size))))
            .ToDictionary(pair => pair.Name, pair => pair.Tensor, StringComparer.Ordinal),
    };

    private HashSet<string> Unranked() =>
        [.. model.Proto.Graph.Input.Where(input => input.Type?.TensorType is { Shape: null })
            .Select(input => input.Name)];
}
