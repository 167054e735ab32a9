namespace FlatLearning.Dyn.Operators;

/// <summary>
/// The attributes of a <c>DynMatMul</c> node as plain numbers; meaning and ranges in <c>schemas/DynMatMul.md</c>.
/// </summary>
/// <param name="SchemaVersion">Attribute <c>schema_version</c>.</param>
/// <param name="Rows">K, the first element of attribute <c>shape</c>.</param>
/// <param name="Columns">N, the second element of attribute <c>shape</c>.</param>
/// <param name="Bits">Bits of a code, 0 for none.</param>
/// <param name="Taps">Taps of the codebook.</param>
/// <param name="Metric">Attribute <c>metric</c>: one of the names in <see cref="Metrics.MetricKinds"/>.</param>
/// <param name="StateBits">Bits of a state code.</param>
/// <param name="StateDim">Coordinates of a state, or of one head of it.</param>
/// <param name="Heads">Heads of the dyn metrics; 1 for riem; 0 without a metric.</param>
/// <param name="Shifts">Cyclic shifts of riem; 0 otherwise.</param>
/// <param name="Width">Features per shift of riem; 0 otherwise.</param>
/// <param name="Storage">Attribute <c>storage</c>: one of the names in <see cref="StorageKinds"/>.</param>
/// <param name="GroupWidth">g of banded codes; 0 otherwise.</param>
/// <param name="BandBits">Bits of every band; null or empty without bands.</param>
/// <param name="BandTaps">Taps of every band; null or empty without bands.</param>
public sealed record DynAttributes(
    long SchemaVersion,
    long Rows,
    long Columns,
    long Bits,
    long Taps,
    string Metric,
    long StateBits,
    long StateDim,
    long Heads,
    long Shifts,
    long Width,
    string Storage = StorageKinds.Packed,
    long GroupWidth = 0,
    IReadOnlyList<long>? BandBits = null,
    IReadOnlyList<long>? BandTaps = null)
{
    /// <summary>Attribute name of <see cref="SchemaVersion"/>.</summary>
    public const string SchemaVersionName = "schema_version";

    /// <summary>Attribute name of <see cref="Rows"/> and <see cref="Columns"/>.</summary>
    public const string ShapeName = "shape";

    /// <summary>Attribute name of <see cref="Bits"/>.</summary>
    public const string BitsName = "bits";

    /// <summary>Attribute name of <see cref="Taps"/>.</summary>
    public const string TapsName = "taps";

    /// <summary>Attribute name of <see cref="Metric"/>.</summary>
    public const string MetricName = "metric";

    /// <summary>Attribute name of <see cref="StateBits"/>.</summary>
    public const string StateBitsName = "state_bits";

    /// <summary>Attribute name of <see cref="StateDim"/>.</summary>
    public const string StateDimName = "state_dim";

    /// <summary>Attribute name of <see cref="Heads"/>.</summary>
    public const string HeadsName = "heads";

    /// <summary>Attribute name of <see cref="Shifts"/>.</summary>
    public const string ShiftsName = "shifts";

    /// <summary>Attribute name of <see cref="Width"/>.</summary>
    public const string WidthName = "width";

    /// <summary>Attribute name of <see cref="Storage"/>.</summary>
    public const string StorageName = "storage";

    /// <summary>Attribute name of <see cref="GroupWidth"/>.</summary>
    public const string GroupWidthName = "group_width";

    /// <summary>Attribute name of <see cref="BandBits"/>.</summary>
    public const string BandBitsName = "band_bits";

    /// <summary>Attribute name of <see cref="BandTaps"/>.</summary>
    public const string BandTapsName = "band_taps";

    /// <summary>Whether the codes have bands.</summary>
    public bool HasBands => BandBits is { Count: > 0 };
}
