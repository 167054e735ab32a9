using FlatLearning.Fitting.Peers;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>What a model loses in the formats of others, each measured once.</summary>
/// <param name="path">The original.</param>
/// <param name="meter">Measures.</param>
internal sealed class PeerLosses(string path, LossMeter meter)
{
    private const int MinSize = 1024;
    private const int NominalRows = 65536;
    private const int NominalColumns = 256;

    private readonly List<MatrixWeight> _weights = ModelWeights.Load(path, MinSize);
    private readonly Dictionary<IPeerFormat, (double Bits, LossResult Loss)> _known = [];

    /// <summary>The format of at most so many stored bits that loses least; null where there is none.</summary>
    /// <param name="bits">Stored bits per weight.</param>
    public (string Name, double Bits, LossResult Loss)? Best(double bits) => PeerErrors.Formats
        .Where(format => NominalBits(format) <= bits)
        .Select(format => (format.Name, Of(format).Bits, Of(format).Loss))
        .Where(peer => peer.Bits <= bits)
        .OrderBy(peer => peer.Loss.Nll.Count > 0 ? peer.Loss.Nll.Sum() : peer.Loss.Outputs.Loss)
        .Select(peer => ((string, double, LossResult)?)peer)
        .FirstOrDefault();

    private static double NominalBits(IPeerFormat format) =>
        8.0 * format.PlannedBytes(NominalRows, NominalColumns) / (NominalRows * NominalColumns);

    private (double Bits, LossResult Loss) Of(IPeerFormat format)
    {
        if (!_known.TryGetValue(format, out (double Bits, LossResult Loss) found))
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("flat-peers-");
            try
            {
                string file = Path.Combine(folder.FullName, "model.onnx");
                double stored = PeerModel.Write(path, file, _weights, format);
                found = (stored, meter.Of(OnnxModelFile.Load(file), isConverted: false));
            }
            finally
            {
                folder.Delete(recursive: true);
            }

            _known[format] = found;
        }

        return found;
    }
}
