using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Terms;

/// <summary>Codes as an entropy-coded stream, which says codebook and scales too.</summary>
public sealed record EntropyCodes : WeightTerm
{
    private readonly UniformCodes _decoded;

    /// <summary>Decodes a stream.</summary>
    /// <param name="stream">The stored codes.</param>
    /// <param name="workers">The threads to decode on; by default the caller's alone.</param>
    /// <exception cref="DynFormatException">The stream is damaged.</exception>
    public EntropyCodes(EntropyStream stream, IWorkers? workers = null)
        : this(stream, stream.Decode(workers))
    {
    }

    private EntropyCodes(EntropyStream stream, PackedCodes codes)
    {
        (Stream, _decoded) = (stream, new UniformCodes(codes, stream.Codebook()));
        OwnScales = new WeightScales(stream.RowScale(), stream.ColumnScale());
    }

    /// <summary>
    /// A stream that is decoded when its codes are first read, on the thread that reads them, which takes a byte for
    /// every weight.
    /// </summary>
    /// <param name="stream">The stored codes; known to be whole.</param>
    public static EntropyCodes Deferred(EntropyStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new EntropyCodes(stream, new PackedCodes(stream.Layout, () => stream.Decode().Bytes));
    }

    /// <summary>The stored stream.</summary>
    public EntropyStream Stream { get; }

    /// <inheritdoc/>
    public override long StoredBytes => Stream.ByteLength;

    /// <summary>Levels and the scales of rows and columns.</summary>
    public override long StoredNumbers => ((long)Stream.Rows * Stream.Columns) + Stream.Rows + Stream.Columns;

    /// <inheritdoc/>
    public override bool IsCodes => true;

    /// <inheritdoc/>
    public override WeightTerm Decoded => _decoded;

    /// <inheritdoc/>
    public override WeightScales? OwnScales { get; }

    /// <summary>For example <c>entropy-coded codes, step 0.0123, row steps</c>.</summary>
    public override string Describe() =>
        $"entropy-coded codes, step {Stream.Step:g3}{(Stream.Fields.HasRowSteps ? ", row steps" : string.Empty)}";

    internal override void Check(DynWeight weight) => _decoded.Check(weight);

    internal override WeightTerm Reordered(int[] rows, int[] columns) => _decoded.Reordered(rows, columns);

    internal override double[] Reference(DynWeight weight) => _decoded.Reference(weight);
}
