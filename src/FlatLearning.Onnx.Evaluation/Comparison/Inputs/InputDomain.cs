using FlatLearning.Onnx.Sensitivity;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>The whole numbers that make sense for an input.</summary>
internal sealed class InputDomain
{
    /// <summary>More values than ways to work or rates of samples: symbols, such as all bytes.</summary>
    private const int MaxModes = 8;

    private readonly long[]? _values;
    private readonly long _limit;

    private InputDomain(long limit, long[]? values) => (_limit, _values) = (limit, values);

    /// <summary>0 and 1: for inputs of which nothing is known.</summary>
    public static InputDomain Binary { get; } = new(2, null);

    /// <summary>From 0 to <paramref name="limit"/> - 1: positions in a table.</summary>
    public static InputDomain Below(long limit) => new(Math.Max(limit, 1), null);

    /// <summary>The values that the model compares the input with.</summary>
    public static InputDomain OneOf(IEnumerable<long> values) => new(0, [.. values.Distinct().Order()]);

    /// <summary>How many numbers there are from 0 on; null for other domains.</summary>
    public long? Limit => _values is null ? _limit : null;

    /// <summary>Whether they stand for words, classes or bytes, of which each means something of its own.</summary>
    public bool IsSymbols => _values is null ? _limit > 2 : _values.Length > MaxModes;

    /// <summary>Draws one.</summary>
    public long Draw(SampleGenerator random) =>
        _values is null ? random.Below(_limit) : _values[random.Below(_values.Length)];

    /// <inheritdoc/>
    public override string ToString() => _values switch
    {
        null => FormattableString.Invariant($"0 to {_limit - 1}"),
        [long only] => FormattableString.Invariant($"{only}"),
        [long first, .., long last] => FormattableString.Invariant($"{_values.Length} values from {first} to {last}"),
        _ => "none",
    };
}
