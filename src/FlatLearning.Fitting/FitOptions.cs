using FlatLearning.Numerics;

namespace FlatLearning.Fitting;

/// <summary>
/// What <see cref="WeightFitter"/> is asked for. Results depend on these values and the weight alone, never on time or
/// threads.
/// </summary>
public sealed record FitOptions
{
    /// <summary>The parts to fit.</summary>
    public FitMethod Method { get; init; } = FitMethod.Auto;

    /// <summary>Bits of a code: 2, 3, 4, 5, 6 or 8. Ignored by the pure metrics.</summary>
    public int Bits { get; init; } = 4;

    /// <summary>
    /// Taps of the codebook, 1 to 5; 0 for the default of the bits (<see cref="DefaultTaps"/>). At most 2^16
    /// transitions per weight: (bits · taps) is 16 or less.
    /// </summary>
    public int Taps { get; init; }

    /// <summary>
    /// Bits of a code on average, for codes of several widths in one weight (bands): wide ones where rows and columns
    /// are strong, narrow ones or none where they are weak. 0 for codes of one width. <see cref="Bits"/>,
    /// <see cref="Taps"/> and <see cref="RowScales"/> are then not used.
    /// </summary>
    public double BandBits { get; init; }

    /// <summary>Whether rows have scales of their own.</summary>
    public RowScales RowScales { get; init; } = RowScales.WhereTheyPay;

    /// <summary>
    /// Whether a metric is followed by scales and codes of <see cref="Bits"/> and <see cref="Taps"/> for what it
    /// leaves: W~ = rho gamma (metric + code). The metric then takes the smallest sizes that pay
    /// (docs/derivations/hybrid.md) unless <see cref="StateDim"/> is given. <see cref="FitMethod.Codes"/> has nothing
    /// to leave.
    /// </summary>
    public bool Residual { get; init; }

    /// <summary>
    /// Stored bits per weight that <see cref="FitMethod.Auto"/> may use at most, every part counted; it then ignores
    /// <see cref="Bits"/> and tries codes, hybrids and metrics. 0 for what codes of <see cref="Bits"/> take, where it
    /// fits those alone. Ignored by the other methods.
    /// </summary>
    public double BitsPerWeight { get; init; }

    /// <summary>
    /// How codes are stored. <see cref="CodeStorage.Entropy"/> ignores <see cref="Bits"/>, <see cref="Taps"/> and
    /// <see cref="RowScales"/> where <see cref="Step"/> is given; <see cref="FitResult.Weight"/> then counts the exact
    /// bytes of the coded stream.
    /// </summary>
    public CodeStorage Storage { get; init; } = CodeStorage.Packed;

    /// <summary>
    /// The uniform step of entropy-coded values, in units of the weight, for H = I; rows with another H[k,k] get it
    /// divided by the root of H[k,k], whose mean is 1. Equal steps (divided by the root of a weight's sensitivity) are
    /// the best allocation over the weights of a model: the error is close to 0.2 · step² a value wherever values are
    /// several steps large. 0 for the largest step whose stored bits per weight are near <see cref="BitsPerWeight"/>
    /// or, where that is 0, <see cref="Bits"/>, from below.
    /// </summary>
    public double Step { get; init; }

    /// <summary>
    /// The second moment H of the error tr(dWᵀ H dW) that every fitter minimises; for as many inputs as the weight has
    /// rows.
    /// </summary>
    public Hessian Hessian { get; init; } = Hessian.Identity;

    /// <summary>The start of every random number.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// d, coordinates of a metric's state; 0 for the published 52 (all heads together), or as many as keep the
    /// representation below a quarter of the weight in float32.
    /// </summary>
    public int StateDim { get; init; }

    /// <summary>s, bits of a state's coordinate, 1 to 8.</summary>
    public int StateBits { get; init; } = 8;

    /// <summary>R, cyclic shifts of RieM.</summary>
    public int Shifts { get; init; } = 6;

    /// <summary>M, features per shift of RieM.</summary>
    public int Width { get; init; } = 14;

    /// <summary>H, heads of the DyN metrics.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>
    /// Seconds that the fit of a metric may take on a reference core. It is turned into a number of iterations
    /// by counting operations, so that the result does not depend on the machine or its load.
    /// </summary>
    public double MetricSeconds { get; init; } = 20;

    /// <summary>
    /// Seconds by the clock after which the fit of a metric stops, best so far, wherever it is; 0 for none. Only where
    /// it stops a fit does the result depend on the machine.
    /// </summary>
    public double TimeLimit { get; init; }

    /// <summary>The threads of the fit; its result is the same for any number. By default the caller's alone.</summary>
    public IWorkers Workers { get; init; } = ThreadWorkers.Single;

    /// <summary>The most bits of a code on average in bands.</summary>
    public const double MaxBandBits = 6;

    /// <summary>
    /// The taps that a number of bits gets by default: the most whose encoder has at most 4,096 transitions per weight,
    /// but one at 8 bits (measured in benchmarks, commands <c>train-tables</c> and <c>fit-speed</c>).
    /// </summary>
    public static int DefaultTaps(int bits) => bits switch
    {
        2 => 5,
        3 => 4,
        4 => 3,
        5 or 6 => 2,
        _ => 1,
    };

    /// <summary>Throws <see cref="ArgumentException"/> with one sentence when a value is out of range.</summary>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Hessian);
        ArgumentNullException.ThrowIfNull(Workers);
        Require(
            BandBits is >= 0 and <= MaxBandBits, $"the bits of bands are {BandBits}, expected 0 to {MaxBandBits}");
        Require(Bits is 2 or 3 or 4 or 5 or 6 or 8, $"bits is {Bits}, expected 2, 3, 4, 5, 6 or 8");
        Require(
            Taps is >= 0 and <= 5 && (Taps <= 1 || Bits * Taps <= 16),
            $"taps is {Taps}, expected 0 to 5 and at most 16 bits in all taps together, found {Bits * Taps}");
        Require(StateDim is >= 0 and <= 4096, $"the state dimension is {StateDim}, expected 0 to 4096");
        Require(StateBits is >= 1 and <= 8, $"state bits is {StateBits}, expected 1 to 8");
        Require(Shifts is >= 1 and <= 4096, $"shifts is {Shifts}, expected 1 to 4096");
        Require(Width is >= 1 and <= 4096, $"width is {Width}, expected 1 to 4096");
        Require(Heads is >= 1 and <= 4096, $"heads is {Heads}, expected 1 to 4096");
        Require(TimeLimit >= 0, $"the time limit is {TimeLimit} seconds, expected 0 or more");
        Require(BitsPerWeight is >= 0 and <= 64, $"the bits per weight are {BitsPerWeight}, expected 0 to 64");
        Require(Step >= 0 && double.IsFinite(Step), $"the step is {Step}, expected 0 or more");
        Require(MetricSeconds > 0, $"the time for a metric is {MetricSeconds} seconds, expected a positive number");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
