namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// What dyn-l2 and dyn-inverse-l2 share: heads of d coordinates on one grid of whole numbers, 2^s of which are the unit
/// of length, and a whole offset of the columns' origin per coordinate. Squared distances are then whole numbers below
/// 2^24: exact in float32, however they are summed. See <c>docs/decisions/0004-one-grid-per-head.md</c>.
/// </summary>
public abstract class DistanceMetric : Metric
{
    /// <summary>Squared distances, softening included, are below this: the whole numbers that float32 holds.</summary>
    public const int MaxSquare = 1 << 24;

    private protected DistanceMetric(MetricStates states, ParameterTensor parameters, int heads, int parametersPerHead)
        : base(states, parameters)
    {
        string kind = Kind;
        Require(
            heads is >= 1 and <= MaxHeads && states.Coordinates % heads == 0,
            $"{kind} needs 1 to {MaxHeads} heads and a multiple of that many coordinates, found {heads} heads and "
                + $"{states.Coordinates} coordinates");
        (Heads, StateDim) = (heads, states.Coordinates / heads);
        Require(StateDim <= MaxStateDim, $"a head of {kind} has at most {MaxStateDim} coordinates, found {StateDim}");
        Require(
            states.Range.Shape[0] == 1,
            $"{kind} needs a state_range of [1, {states.Coordinates}], found "
                + $"[{string.Join(", ", states.Range.Shape)}]");
        Require(
            parameters.Values.Length == (heads * parametersPerHead) + 1,
            $"{kind} with {heads} heads needs {(heads * parametersPerHead) + 1} metric parameters, found "
                + $"{parameters.Values.Length}");
        for (int h = 0; h < heads; h++)
        {
            CheckHead(h, parametersPerHead == 2 ? parameters.Values[heads + h] : 0);
        }
    }

    /// <inheritdoc/>
    public override int StateDim { get; }

    /// <inheritdoc/>
    public override int Heads { get; }

    /// <inheritdoc/>
    public override int Shifts => 0;

    /// <inheritdoc/>
    public override int Width => 0;

    /// <summary>lambda [H].</summary>
    public ReadOnlySpan<float> Lambda => Parameters.Values.AsSpan(0, Heads);

    /// <summary>The constant that is added.</summary>
    public float Beta => Parameters.Values[^1];

    /// <summary>What is added to the squared distance of a head.</summary>
    public abstract float Softening(int head);

    /// <summary>A head's distance or inverse distance in steps, from its squared distance with softening.</summary>
    public abstract double Term(double square);

    /// <summary>What a head's <see cref="Term"/> is multiplied with: lambda, in units of 2^s steps.</summary>
    public double Factor(int head) => Lambda[head] * UnitFactor(States.Bits);

    /// <summary>What the term in steps is multiplied with to be one in units of 2^s steps: a power of two.</summary>
    private protected abstract double UnitFactor(int bits);

    /// <inheritdoc/>
    public override double Evaluate(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        double sum = Beta;
        for (int h = 0; h < Heads; h++)
        {
            double square = Softening(h);
            for (int i = h * StateDim; i < (h + 1) * StateDim; i++)
            {
                square += (p[i] - q[i]) * (p[i] - q[i]);
            }

            sum += Factor(h) * Term(square);
        }

        return sum;
    }

    /// <summary>
    /// The largest offset, up or down, that a head of d coordinates of s bits may have: 0 or more, or negative where
    /// even 0 is too much.
    /// </summary>
    /// <param name="stateDim">d.</param>
    /// <param name="bits">s.</param>
    /// <param name="softening">The head's softening.</param>
    public static int MaxOffset(int stateDim, int bits, double softening)
    {
        // A few more or less than the root, so that its rounding does not matter.
        double room = MaxSquare - 1 - softening;
        int span = (int)Math.Sqrt(Math.Max(0, room) / stateDim) + 2;
        while (span >= 0 && (double)span * span * stateDim > room)
        {
            span--;
        }

        return span - ((1 << bits) - 1);
    }

    private void CheckHead(int head, float softening)
    {
        int max = MaxOffset(StateDim, States.Bits, softening);
        Require(
            max >= 0,
            $"head {head} of {Kind} has {StateDim} coordinates of {States.Bits} bits and a softening of "
                + $"{softening}: squared distances reach 2^24, expected less");
        for (int i = head * StateDim; i < (head + 1) * StateDim; i++)
        {
            float offset = States.Range.Values[i];
            Require(
                float.IsInteger(offset) && Math.Abs(offset) <= max,
                $"state_range of {Kind} is {offset} at coordinate {i}, expected a whole number of at most {max} in "
                    + "magnitude, so that squared distances stay below 2^24");
        }
    }

    private protected static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message);
        }
    }
}
