using FlatLearning.Onnx.Evaluation.Runtime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// Shapes for inputs with open dimensions. Sizes of the same symbol are the same; an open first dimension is the batch,
/// and so is an open dimension behind fixed ones of which one exceeds one (as in a state [layers, batch, hidden]);
/// every other open dimension takes the size that is being tried.
/// </summary>
internal sealed class SyntheticShapes
{
    private readonly IReadOnlyList<ValueDescription> _inputs;
    private readonly IReadOnlyDictionary<string, long[]> _given;
    private readonly Dictionary<string, long> _symbols = new(StringComparer.Ordinal);
    private readonly long _batch;

    /// <summary>Checks the given shapes against the inputs.</summary>
    /// <param name="inputs">The model's inputs.</param>
    /// <param name="unranked">Names of the inputs whose rank the model leaves open.</param>
    /// <param name="given">Shapes by input name.</param>
    /// <param name="batch">The size of the batch.</param>
    /// <exception cref="UsageException">A shape is given for an unknown input, has the wrong rank, or contradicts a
    /// fixed dimension.</exception>
    public SyntheticShapes(
        IReadOnlyList<ValueDescription> inputs,
        IReadOnlySet<string> unranked,
        IReadOnlyDictionary<string, long[]> given,
        long batch = 1)
    {
        (_inputs, _given, _batch) = (inputs, given, batch);
        foreach ((string name, long[] shape) in given)
        {
            ValueDescription input = inputs.FirstOrDefault(one => one.Name == name)
                ?? throw new UsageException(
                    Messages.ShapeUnknownInput(name, string.Join(", ", inputs.Select(one => $"'{one.Name}'"))));
            if (!unranked.Contains(name))
            {
                Check(input, shape);
            }
        }

        foreach (ValueDescription input in inputs.Where(input => !given.ContainsKey(input.Name)))
        {
            for (int i = 0; i < input.Shape.Count; i++)
            {
                if (input.Shape[i] is { IsFree: true, Symbol: { } symbol } && IsBatch(input, i))
                {
                    _symbols.TryAdd(symbol, batch);
                }
            }
        }
    }

    /// <summary>Whether any dimension takes the size that is tried.</summary>
    public bool DependOnSize => _inputs.Any(input => !Of(input, 1).SequenceEqual(Of(input, 2)));

    /// <summary>Whether the batch shows in any input's shape.</summary>
    public bool HasBatch =>
        _inputs.Any(
            input => !_given.ContainsKey(input.Name)
                && input.Shape.Where((dimension, i) => dimension.IsFree && IsBatch(input, i)).Any());

    /// <summary>The shape of an input.</summary>
    public long[] Of(ValueDescription input, long size) =>
        _given.TryGetValue(input.Name, out long[]? shape)
            ? shape
            : [.. input.Shape.Select((dimension, i) => SizeOf(input, i, dimension, size))];

    private static bool IsBatch(ValueDescription input, int position)
    {
        IEnumerable<OrtDimension> before = input.Shape.Take(position);
        return position == 0
            || (before.All(dimension => !dimension.IsFree) && before.Any(dimension => dimension.Value > 1));
    }

    private long SizeOf(ValueDescription input, int position, OrtDimension dimension, long size)
    {
        return !dimension.IsFree ? dimension.Value
            : dimension.Symbol is not null && _symbols.TryGetValue(dimension.Symbol, out long known) ? known
            : IsBatch(input, position) ? _batch
            : size;
    }

    private void Check(ValueDescription input, long[] shape)
    {
        if (shape.Length != input.Shape.Count)
        {
            throw new UsageException(Messages.ShapeRank(input.Name, input.Shape.Count, shape.Length, input.ToString()));
        }

        for (int i = 0; i < shape.Length; i++)
        {
            OrtDimension dimension = input.Shape[i];
            if (!dimension.IsFree && dimension.Value != shape[i])
            {
                throw new UsageException(
                    Messages.ShapeFixed(input.Name, i, dimension.Value, shape[i], input.ToString()));
            }

            if (dimension.IsFree && dimension.Symbol is not null)
            {
                _symbols.TryAdd(dimension.Symbol, shape[i]);
            }
        }
    }
}
