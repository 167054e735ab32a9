namespace FlatLearning.Benchmarks.Published;

/// <summary>The published protocol; the defaults are its numbers.</summary>
internal sealed record PublishedOptions
{
    public int StateDim { get; init; } = 52;

    public int Shifts { get; init; } = 6;

    public int Width { get; init; } = 14;

    /// <summary>States are rounded to 2^bits steps where an error is reported.</summary>
    public int StateBits { get; init; } = 8;

    /// <summary>Random starts, of which the best after <see cref="PickSteps"/> steps goes on.</summary>
    public int Picks { get; init; } = 100;

    public int PickSteps { get; init; } = 5000;

    /// <summary>Steps after the picks.</summary>
    public long Steps { get; init; } = 1_000_001;

    /// <summary>Steps from one checkpoint to the next.</summary>
    public int CheckEvery { get; init; } = 5000;

    public int Seed { get; init; } = 42;

    public int Threads { get; init; } = Environment.ProcessorCount;
}
