namespace FlatLearning.Dyn.Metrics;

/// <summary>
/// A metric between the states of rows and columns: the mean field of a weight. Sealed subclasses, one file each;
/// adding one touches this folder, <see cref="MetricKinds"/> and the specification.
/// </summary>
public abstract class Metric
{
    /// <summary>The largest d.</summary>
    public const int MaxStateDim = 4096;

    /// <summary>The largest H.</summary>
    public const int MaxHeads = 4096;

    /// <summary>The largest M.</summary>
    public const int MaxWidth = 4096;

    /// <summary>The largest D.</summary>
    public const int MaxCoordinates = 65536;

    private protected Metric(MetricStates states, ParameterTensor parameters)
    {
        if (parameters.Shape.Length != 1 || states.Coordinates > MaxCoordinates)
        {
            throw new DynFormatException(
                $"metric_parameters must have rank 1 and states at most {MaxCoordinates} coordinates, found rank "
                    + $"{parameters.Shape.Length} and {states.Coordinates} coordinates");
        }

        (States, Parameters) = (states, parameters);
    }

    /// <summary>The value of attribute <c>metric</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Quantised states.</summary>
    public MetricStates States { get; }

    /// <summary>The metric's own parameters, rank 1, in the order of the specification.</summary>
    public ParameterTensor Parameters { get; }

    /// <summary>d: coordinates of a state, or of one head of it.</summary>
    public abstract int StateDim { get; }

    /// <summary>H: heads; 1 where there are none.</summary>
    public abstract int Heads { get; }

    /// <summary>R: cyclic shifts; 0 where there are none.</summary>
    public abstract int Shifts { get; }

    /// <summary>M: features per shift; 0 where there are none.</summary>
    public abstract int Width { get; }

    /// <summary>Bytes in the file.</summary>
    public long ByteLength => States.ByteLength + Parameters.ByteLength;

    /// <summary>The same metric with other states.</summary>
    public Metric With(MetricStates states) => MetricKinds.Create(Kind, states, Parameters, Heads, Shifts, Width);

    /// <summary>Kind and sizes in a few words, such as <c>dyn-l1 d=26 H=2</c>.</summary>
    public virtual string Describe() => $"{Kind} d={StateDim} H={Heads}";

    /// <summary>metric(p, q) in double precision, straight from the formula.</summary>
    /// <param name="p">A row state, D values.</param>
    /// <param name="q">A column state, D values.</param>
    public abstract double Evaluate(ReadOnlySpan<double> p, ReadOnlySpan<double> q);
}
