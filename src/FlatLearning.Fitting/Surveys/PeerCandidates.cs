using FlatLearning.Fitting.Peers;

namespace FlatLearning.Fitting.Surveys;

/// <summary>The formats of others, at each rate the widest of each family that fits.</summary>
internal static class PeerCandidates
{
    private const double PeerSeconds = 0.1;
    private const int MaxBits = 8;
    private static readonly int[] Bits = [.. Enumerable.Range(1, MaxBits)];

    /// <summary>
    /// Plain rounding, whose points at all bits are the reference that others are judged by. A family with blocks is of
    /// no use to columns up to the given length, which another family has as one block already.
    /// </summary>
    private static readonly (int UselessRows, IPeerFormat[] Formats)[] Rounding =
    [
        (0, [.. Bits.Select(bits => new UniformFormat(bits, 0))]),
        (32, [.. Bits.Select(bits => new UniformFormat(bits, 32))]),
        (128, [.. Bits.Select(bits => new UniformFormat(bits, 128))]),
        (0, [.. Bits.Select(bits => new FittedUniformFormat(bits, 0))]),
        (128, [.. Bits.Select(bits => new FittedUniformFormat(bits, 128))]),
    ];

    private static readonly (int UselessRows, IPeerFormat[] Formats)[] Others =
    [
        .. from symmetry in Enum.GetValues<BlockSymmetry>()
           from block in new[] { (UselessRows: 0, Size: 32), (UselessRows: 32, Size: 128) }
           select (block.UselessRows, (IPeerFormat[])[
               new OrtBlockFormat(4, block.Size, symmetry), new OrtBlockFormat(8, block.Size, symmetry)]),
        (0, [.. Enum.GetValues<KQuantType>().Select(type => new KQuantFormat(type))]),
        (0, [new NormalFloatFormat(doubleQuantisation: false)]),
        (0, [new NormalFloatFormat(doubleQuantisation: true)]),
        (0, [.. Bits.Select(bits => new HqqFormat(bits))]),
        (HqqFormat.DefaultGroupSize, [.. Bits.Select(bits => new HqqFormat(bits, 128))]),
    ];

    /// <summary>Whether a family is plain rounding.</summary>
    public static bool IsRounding(string family) => Rounding.Any(item => item.Formats[0].Family == family);

    /// <summary>Everything to be run; rounding at every number of bits, with its rate where it has one.</summary>
    public static IEnumerable<Candidate> Of(PeerMatrix matrix, IReadOnlyList<double> rates)
    {
        foreach ((_, IPeerFormat[] formats) in Rounding.Where(item => matrix.Rows > item.UselessRows))
        {
            Dictionary<IPeerFormat, double> chosen = Choose(formats, matrix, rates);
            foreach (IPeerFormat format in formats)
            {
                yield return Make(format, matrix, chosen.TryGetValue(format, out double rate) ? rate : null);
            }
        }

        foreach ((_, IPeerFormat[] formats) in Others.Where(item => matrix.Rows > item.UselessRows))
        {
            foreach ((IPeerFormat format, double rate) in Choose(formats, matrix, rates))
            {
                yield return Make(format, matrix, rate);
            }
        }

        foreach (double rate in rates)
        {
            SvdFormat svd = new(rate);
            if (RateWindow.Contains(rate, Planned(svd, matrix)))
            {
                yield return Make(svd, matrix, rate);
            }
        }
    }

    private static Dictionary<IPeerFormat, double> Choose(
        IPeerFormat[] formats, PeerMatrix matrix, IReadOnlyList<double> rates)
    {
        Dictionary<IPeerFormat, double> chosen = [];
        foreach (double rate in rates)
        {
            if (RateWindow.Widest(rate, formats, format => Planned(format, matrix)) is { } format)
            {
                // At two rates at once it belongs to the lower one.
                chosen.TryAdd(format, rate);
            }
        }

        return chosen;
    }

    private static double Planned(IPeerFormat format, PeerMatrix matrix) =>
        8.0 * format.PlannedBytes(matrix.Rows, matrix.Columns) / matrix.Values.Length;

    private static Candidate Make(IPeerFormat format, PeerMatrix matrix, double? rate) => new(
        format.Family,
        format.Name,
        Own: false,
        rate,
        PeerSeconds,
        (_, cancellation) =>
        {
            PeerResult result = format.RoundTrip(matrix, cancellation);
            return new CandidateResult(result.Values, result.StoredBytes, result.Parameters, result.Name, "done");
        });
}
