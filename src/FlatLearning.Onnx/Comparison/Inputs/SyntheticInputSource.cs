using FlatLearning.Onnx.Files;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.Onnx.Comparison;

/// <summary>
/// Inputs made up from a model's declared types and shapes and from what its graph does with them. The same seed gives the same values on
/// every machine. Where a model fails with the size tried for its open dimensions, others are tried, and a note says so.
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

    /// <inheritdoc/>
    public override PreparedInputs Prepare(ModelRunner original)
    {
        ArgumentNullException.ThrowIfNull(original);
        IReadOnlyList<ValueDescription> inputs = original.Inputs;
        InputDomains domains = new(model);
        SyntheticValues[] values = [.. inputs.Select(input => new SyntheticValues(input, domains))];
        SyntheticShapes shapes = new(inputs, Unranked(), Shapes);
        List<string> notes = [];
        long size = FindSize(original, shapes, values, notes);
        notes.AddRange(inputs.Select((input, i) => $"Input '{input.Name}' is made up: {input.ElementType.OnnxName()}[{string.Join(',', shapes.Of(input, size))}], {values[i].Description}."));
        int count = Math.Max(Limit ?? DefaultSamples, 0);
        IEnumerable<ComparisonSample> samples = Enumerable.Range(0, count).Select(index => Sample(inputs, shapes, values, size, index));
        return new PreparedInputs("the made-up input", samples, notes);
    }

    private long FindSize(ModelRunner original, SyntheticShapes shapes, SyntheticValues[] values, List<string> notes)
    {
        if (!shapes.DependOnSize)
        {
            return 1;
        }

        OnnxModelException? first = null;
        foreach (long size in Sizes)
        {
            try
            {
                original.Run(Sample(original.Inputs, shapes, values, size, 0).Inputs);
                if (first is not null)
                {
                    notes.Add(FormattableString.Invariant($"Open dimensions are {size}, because the model fails with {Sizes[0]}."));
                }

                return size;
            }
            catch (OnnxModelException exception)
            {
                first ??= exception;
            }
        }

        throw new UsageException(Messages.NoShapeRuns(original.Name, string.Join(", ", Sizes.Order()), ModelRunner.Reason(first!.InnerException ?? first)));
    }

    private ComparisonSample Sample(IReadOnlyList<ValueDescription> inputs, SyntheticShapes shapes, SyntheticValues[] values, long size, int index) => new()
    {
        Inputs = inputs.Select((input, i) => (input.Name, Tensor: values[i].Draw(new SampleGenerator(Seed, index, i), shapes.Of(input, size))))
            .ToDictionary(pair => pair.Name, pair => pair.Tensor, StringComparer.Ordinal),
    };

    private HashSet<string> Unranked() => [.. model.Proto.Graph.Input.Where(input => input.Type?.TensorType is { Shape: null }).Select(input => input.Name)];
}
