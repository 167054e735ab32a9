using FlatLearning.Dyn.Metrics;

namespace FlatLearning.Dyn.Tests.Support;

/// <summary>What a random weight looks like; <see cref="WeightGenerator.Create"/> fills it with values.</summary>
internal sealed record WeightCase
{
    public int Rows { get; init; } = 17;

    public int Columns { get; init; } = 40;

    public int Bits { get; init; }

    public int Taps { get; init; } = 1;

    public bool IsWindow { get; init; }

    /// <summary>Bits of every band instead of <see cref="Bits"/>; empty for codes of one width.</summary>
    public int[] Bands { get; init; } = [];

    /// <summary>Sparse elements to add.</summary>
    public int Sparse { get; init; }

    /// <summary>Whether scales are stored as 8-bit logarithms.</summary>
    public bool HasLogScales { get; init; }

    /// <summary>0 for the default group width.</summary>
    public int GroupWidth { get; init; }

    public string Metric { get; init; } = MetricKinds.None;

    public int StateBits { get; init; } = 8;

    public int StateDim { get; init; } = 6;

    public int Heads { get; init; } = 1;

    public int Shifts { get; init; } = 3;

    public int Width { get; init; } = 5;

    /// <summary>Spread of riem's arguments; from about 50 on the decoder cannot store their exponentials.</summary>
    public double Spread { get; init; } = 3;

    public bool HasRowScale { get; init; } = true;

    public bool HasColumnScale { get; init; } = true;

    public ParameterType Type { get; init; } = ParameterType.Float32;

    public int Seed { get; init; } = 1;
}
