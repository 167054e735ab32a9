using FlatLearning.Fitting.Peers;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// What the data-free formats of others lose on all weights of a model, each format used for all of them.
/// </summary>
internal static class PeerErrors
{
    private static readonly int[] Bits = [1, 2, 3, 4, 5];

    /// <summary>Every format: rounding in columns and blocks, ONNX Runtime's blocks, NF4, HQQ, k-quants.</summary>
    public static IReadOnlyList<IPeerFormat> Formats { get; } =
    [
        .. Bits.SelectMany(
            bits =>
                new IPeerFormat[] { new UniformFormat(bits, 0), new UniformFormat(bits, 32),
                    new UniformFormat(bits, 128), new FittedUniformFormat(bits, 0),
                        new FittedUniformFormat(bits, 128) }),
        .. OrtBlocks(2),
        .. OrtBlocks(4),
        .. OrtBlocks(8),
        new NormalFloatFormat(doubleQuantisation: false),
        new NormalFloatFormat(doubleQuantisation: true),
        .. Bits.Where(bits => bits > 1)
            .SelectMany(bits => new IPeerFormat[] { new HqqFormat(bits), new HqqFormat(bits, 128) }),
        .. Enum.GetValues<KQuantType>().Select(type => new KQuantFormat(type)),
    ];

    /// <summary>ONNX Runtime's blocks of 32 and 128, symmetric and asymmetric.</summary>
    public static IEnumerable<OrtBlockFormat> OrtBlocks(int bits) =>
        from symmetry in Enum.GetValues<BlockSymmetry>()
        from block in new[] { 32, 128 }
        select new OrtBlockFormat(bits, block, symmetry);

    /// <summary>Beyond this many rows or columns the SVD of a weight takes too long.</summary>
    private const int LargestSvd = 2048;

    private const int NominalRows = 65536;
    private const int NominalColumns = 256;

    /// <summary>
    /// Every format, and, where no weight is too large for it, of an SVD of at most each of the given rates.
    /// </summary>
    public static List<PeerError> Of(List<MatrixWeight> weights, IEnumerable<double> rates)
    {
        List<PeerError> errors = [];
        PeerMatrix[] matrices = [
            .. weights.Select(weight => new PeerMatrix(weight.Values, weight.Rows, weight.Columns))];
        double energy = weights.Sum(weight => weight.Values.Sum(value => (double)value * value));
        double elements = weights.Sum(weight => (double)weight.Values.Length);
        foreach (IPeerFormat format in Formats.Concat(
            weights.All(weight => Math.Max(weight.Rows, weight.Columns) <= LargestSvd)
                ? rates.Select(rate => new SvdFormat(rate))
                : []))
        {
            (double lost, double bytes) = (0, 0);
            foreach (PeerMatrix matrix in matrices)
            {
                PeerResult result = format.RoundTrip(matrix);
                bytes += result.StoredBytes;
                for (int i = 0; i < result.Values.Length; i++)
                {
                    double difference = result.Values[i] - (double)matrix.Values.Span[i];
                    lost += difference * difference;
                }
            }

            errors.Add(
                new PeerError(
                    format.Name,
                    8 * bytes / elements,
                    8.0 * format.PlannedBytes(NominalRows, NominalColumns) / (NominalRows * NominalColumns),
                    lost / energy));
        }

        return errors;
    }
}
