using FlatLearning.Dyn;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Terms;
using FlatLearning.Fitting.Bands;
using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting.Entropy;

namespace FlatLearning.Fitting.Planning;

/// <summary>
/// One representation that a weight may get: a point of its estimated rate-distortion curve. Its bytes are exact where
/// the scales keep their storage type, its errors are estimates.
/// </summary>
public sealed class PlanOption
{
    private readonly StoredNumbers? _numbers;

    internal PlanOption(
        int rows, int columns, FitOptions options, CodesStart? start, StoredNumbers numbers, double error,
        double plainError)
    {
        (Rows, Columns, Options, Start, _numbers, Error, PlainError) =
            (rows, columns, options, start, numbers, error, plainError);
        Bytes = Layout.ByteLength + (start?.Metric?.ByteLength ?? 0) + numbers.Column.ByteLength
            + numbers.Codebook.ByteLength + (numbers.Row?.ByteLength ?? 0);
    }

    internal PlanOption(int rows, int columns, FitOptions options, BandChoice bands)
    {
        (Rows, Columns, Options, Start, Bands, Error, PlainError) = (rows, columns, options, bands.Start.Metric is null
            ? null
            : bands.Start, bands, bands.Plan.Error, bands.Plan.PlainError);
        Bytes = bands.Bytes;
    }

    internal PlanOption(
        int rows, int columns, FitOptions options, SparseElements sparse, double error, double plainError)
    {
        (Rows, Columns, Options, Sparse, Error, PlainError) = (rows, columns, options, sparse, error, plainError);
        Bytes = sparse.ByteLength;
    }

    internal PlanOption(
        int rows, int columns, FitOptions options, EntropyPoint entropy, long streamBytes, double error,
        double plainError)
    {
        (Rows, Columns, Options, Entropy, Error, PlainError) =
            (rows, columns, options with { Step = entropy.Step }, entropy, error, plainError);
        Bytes = streamBytes + (entropy.Metric?.ByteLength ?? 0);
    }

    /// <summary>K.</summary>
    public int Rows { get; }

    /// <summary>N.</summary>
    public int Columns { get; }

    /// <summary>The options of its fit, <see cref="FitOptions.Hessian"/> included.</summary>
    public FitOptions Options { get; }

    /// <summary>Stored bytes, every part counted; an estimate where <see cref="IsCoded"/>.</summary>
    public long Bytes { get; }

    /// <summary>Whether its codes are entropy coded.</summary>
    public bool IsCoded => Entropy is not null;

    /// <summary>The estimated weighted error, relative (<see cref="FitResult.WeightedError"/>).</summary>
    public double Error { get; }

    /// <summary>The estimated ||W - W~||² / ||W||².</summary>
    public double PlainError { get; }

    /// <summary>8 · <see cref="Bytes"/> / (K·N).</summary>
    public double BitsPerWeight => 8.0 * Bytes / ((double)Rows * Columns);

    /// <summary>
    /// Equal for two options of the same structure, whatever their sizes: weights of one structure share a model-local
    /// function.
    /// </summary>
    public string Structure
    {
        get
        {
            string codes = this switch
            {
                { Entropy: not null } => "entropy",
                { Sparse: not null } => "sparse",
                { Bands: not null } => "bands",
                _ => $"{Options.Bits}/{Options.Taps}/{(_numbers!.Row is null ? 0 : 1)}",
            };
            string metric = Start is null && Entropy?.Metric is null
                ? "codes"
                : $"{Options.Method} {Options.StateBits} {Options.StateDim} {Options.Shifts} {Options.Width} "
                    + $"{Options.Heads}";
            return $"{codes}/{metric}";
        }
    }

    /// <summary>
    /// Bytes of tables that a model stores once for all weights that use them; not in <see cref="Bytes"/>.
    /// </summary>
    public long CommonBytes => Bands is { Errors.Own: null } ? BandCodebooks.TableBytes : 0;

    /// <summary>Step and metric of entropy-coded codes, else null.</summary>
    internal EntropyPoint? Entropy { get; }

    /// <summary>The elements of a weight that is stored by these alone, else null.</summary>
    internal SparseElements? Sparse { get; }

    /// <summary>Codes in bands, planned; null for codes of one width.</summary>
    internal BandChoice? Bands { get; }

    /// <summary>The metric, already fitted, in units of its scales; null for codes alone.</summary>
    internal CodesStart? Start { get; }

    private CodeLayout Layout => new(Rows, Columns, Options.Bits, CodeLayout.ChooseGroupWidth(Columns));

    /// <summary>
    /// A weight of the same size and structure whose codes are zeros: what a file will look like before anything is
    /// fitted.
    /// </summary>
    /// <param name="bytes">Bytes of a coded option, where more is known than its own estimate.</param>
    public DynWeight Skeleton(long? bytes = null) =>
        Entropy is { Metric: var metric }
            ? EntropyFitter.Weight(
                EntropyWriter.Blank(Rows, Columns, (bytes ?? Bytes) - (metric?.ByteLength ?? 0)), metric)
        : Sparse is not null ? new DynWeight(Rows, Columns, null, null, new SparseTerm(Sparse))
        : Bands is { } bands
            ? new DynWeight(
                Rows, Columns, bands.RowScale, bands.ColumnScale,
                MetricTerm.Before(Start?.Metric, new MixedCodes(bands.Skeleton(Rows, Columns))))
        : new DynWeight(
            Rows,
            Columns,
            _numbers!.Row,
            _numbers.Column,
            MetricTerm.Before(
                Start?.Metric,
                new UniformCodes(
                    new PackedCodes(Layout, new byte[Layout.ByteLength]),
                    new Codebook(_numbers.Codebook, Options.Bits, Options.Taps))));
}
