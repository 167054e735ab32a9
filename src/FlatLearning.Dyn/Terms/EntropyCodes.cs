using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Entropy;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Operators;
using FlatLearning.Numerics;

namespace FlatLearning.Dyn.Terms;

/// <summary>Codes as an entropy-coded stream, which says codebook and scales too.</summary>
public sealed record EntropyCodes : WeightTerm, ITermKind<EntropyCodes>
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

    // That there are such codes is said by the attribute storage, which is nobody's own.
    static IReadOnlyList<DynAttributeSpec> ITermKind<EntropyCodes>.Attributes => [];

    /// <summary>The stored stream.</summary>
    public EntropyStream Stream { get; }

    /// <inheritdoc/>
    public override long StoredBytes => Stream.ByteLength;

    /// <summary>Levels and the scales of rows and columns.</summary>
    public override long StoredNumbers => ((long)Stream.Rows * Stream.Columns) + Stream.Rows + Stream.Columns;

    /// <inheritdoc/>
    public override bool IsCodes => true;

    /// <inheritdoc/>
    public override int? GroupWidth => _decoded.GroupWidth;

    /// <inheritdoc/>
    public override string Storage => StorageKinds.Entropy;

    /// <inheritdoc/>
    public override WeightTerm Decoded => _decoded;

    /// <inheritdoc/>
    public override WeightScales? OwnScales { get; }

    /// <summary>For example <c>entropy-coded codes, step 0.0123, row steps</c>.</summary>
    public override string Describe() =>
        $"entropy-coded codes, step {Stream.Step:g3}{(Stream.Fields.HasRowSteps ? ", row steps" : string.Empty)}";

    static EntropyCodes? ITermKind<EntropyCodes>.Read(WeightNode node)
    {
        if (node.Storage != StorageKinds.Entropy)
        {
            return null;
        }

        (long bits, long taps) = (node.Int(UniformCodes.BitsAttribute), node.Int(UniformCodes.TapsAttribute));
        if (bits != EntropyStream.CodeBits || taps != 1)
        {
            throw new DynFormatException(
                $"attributes bits and taps are {bits} and {taps}, expected {EntropyStream.CodeBits} and 1 for entropy "
                    + "storage");
        }

        node.RequireAbsent(
            "storage is entropy", WeightInput.Codebook, WeightInput.RowScale, WeightInput.ColumnScale,
            WeightInput.Bands, WeightInput.SparseGaps, WeightInput.SparseValues);
        return new EntropyCodes(
            new EntropyStream(node.Bytes(WeightInput.Codes), node.Rows, node.Columns), node.Workers);
    }

    internal override void Write(WeightNodeWriter node)
    {
        node.Add(UniformCodes.BitsAttribute, EntropyStream.CodeBits);
        node.Add(WeightInput.Codes, Stream.Bytes);
    }

    internal override void Check(DynWeight weight) => _decoded.Check(weight);

    internal override WeightTerm Reordered(int[] rows, int[] columns) => _decoded.Reordered(rows, columns);

    internal override void AddTo(DecoderTables tables) => _decoded.AddTo(tables);

    internal override double[] Reference(DynWeight weight) => _decoded.Reference(weight);
}
