using FlatLearning.Dyn.Decoding;
using FlatLearning.Dyn.Layout;
using FlatLearning.Dyn.Metrics;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.Dyn.Terms;

/// <summary>
/// One of the things that a weight is the sum of. The set is closed: <see cref="UniformCodes"/>,
/// <see cref="MixedCodes"/>, <see cref="EntropyCodes"/>, <see cref="MetricTerm"/>, <see cref="SparseTerm"/>. A term is
/// immutable and knows its own bytes, words and reference values.
/// </summary>
public abstract record WeightTerm
{
    private protected WeightTerm()
    {
    }

    /// <summary>Every byte that the file stores for the term.</summary>
    public abstract long StoredBytes { get; }

    /// <summary>Those of <see cref="StoredBytes"/> that weights with equal codebooks share; 0 without one.</summary>
    public virtual long CodebookBytes => 0;

    /// <summary>Numbers that the term stores: codes, states, entries of tables, elements.</summary>
    public abstract long StoredNumbers { get; }

    /// <summary>Whether the scales of rows and columns multiply the term; others are added behind them.</summary>
    public virtual bool IsScaled => true;

    /// <summary>Whether the term holds codes; a weight has at most one such term.</summary>
    public virtual bool IsCodes => false;

    /// <summary>Codes of one width, which a codebook belongs to; null where the term has none.</summary>
    public virtual (PackedCodes Codes, Codebook Codebook)? CodesOfOneWidth => null;

    /// <summary>Codes of several widths; null where the term has none.</summary>
    public virtual BandedCodes? CodesOfSeveralWidths => null;

    /// <summary>Columns of a group of the term's codes; null where it has none.</summary>
    public virtual int? GroupWidth => null;

    /// <summary>How the term is stored: one of the names in <see cref="StorageKinds"/>.</summary>
    public virtual string Storage => StorageKinds.Packed;

    /// <summary>Whether the term counts rows and columns in the order of their scales.</summary>
    public virtual bool CountsByScale => false;

    /// <summary>The same values in a term that can be read in place: the term itself, or what it decodes to.</summary>
    public virtual WeightTerm Decoded => this;

    /// <summary>The scales of a term that brings them along instead of leaving them to the weight, else null.</summary>
    public virtual WeightScales? OwnScales => null;

    /// <summary>The terms of a weight of this one behind a metric or none.</summary>
    public WeightTerm[] Behind(Metric? metric) => metric is null ? [this] : [new MetricTerm(metric), this];

    /// <summary>A few words, such as <c>codes 4 bits, 3 taps</c>, for tables and reports.</summary>
    public abstract string Describe();

    /// <summary>Throws <see cref="DynFormatException"/> where the term does not fit the weight.</summary>
    internal abstract void Check(DynWeight weight);

    /// <summary>Adds what the file stores; the inverse of <see cref="ITermKind{TSelf}.Read"/>.</summary>
    internal abstract void Write(WeightNodeWriter node);

    /// <summary>
    /// The term at other places: place (i, j) of the result is what stood at (<paramref name="rows"/>[i],
    /// <paramref name="columns"/>[j]). A term that counts by scale stays as it is.
    /// </summary>
    internal abstract WeightTerm Reordered(int[] rows, int[] columns);

    /// <summary>Adds what <see cref="WeightDecoder"/> reads of the term.</summary>
    internal abstract void AddTo(DecoderTables tables);

    /// <summary>
    /// The term's values without scales, row-major [K, N], in double precision and straight from the specification:
    /// the oracle of every other decoder.
    /// </summary>
    internal abstract double[] Reference(DynWeight weight);

    /// <summary>Throws <see cref="DynFormatException"/> with the message where the condition does not hold.</summary>
    private protected static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new DynFormatException(message);
        }
    }
}
