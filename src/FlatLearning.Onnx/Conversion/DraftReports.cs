using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Operators.Tensors;

namespace FlatLearning.Onnx.Conversion;

/// <summary>The entries of a candidate in the report: itself, or each of the weights that are stored as one.</summary>
/// <param name="constants">Reads the weights.</param>
/// <param name="predictOnly">Whether what is stored is zeros.</param>
internal sealed class DraftReports(ModelConstants constants, bool predictOnly)
{
    /// <summary>The entries.</summary>
    /// <param name="candidate">A candidate.</param>
    /// <param name="report">What is said of it as a whole.</param>
    /// <param name="weight">What is stored; null where it stays.</param>
    public IEnumerable<WeightReport> Of(WeightCandidate candidate, WeightReport report, DynWeight? weight)
    {
        if (candidate.Members.Count == 0)
        {
            return [report];
        }

        float[]? decoded = weight is null || predictOnly ? null : WeightDecoder.Dense(weight);
        List<WeightReport> reports = [];
        (long elements, long bytes, long begin) = (0, 0, 0);
        foreach (WeightCandidate member in candidate.Members)
        {
            WeightReport own = member.Skipped(report.SkippedReason ?? string.Empty);
            if (report.SkippedReason is null)
            {
                elements += member.Info.Count;
                long until = (long)((double)report.StoredBytes * elements / candidate.Info.Count);
                own = own with
                {
                    StoredBytes = until - bytes,
                    BitsPerWeight = 8.0 * (until - bytes) / member.Info.Count,
                    Error = decoded is null ? report.Error : Error(member, decoded.AsSpan((int)begin)),
                    Representation = report.Representation,
                    Hessian = report.Hessian,
                    Storage = report.Storage,
                    SkippedReason = null,
                    PredictedError = report.PredictedError,
                    Dense = member.DenseReason,
                };
                bytes = until;
                begin += BundleView.RowsOf(member.Info.Count) * BundleView.Width;
            }

            reports.Add(own with { Candidate = report.Candidate, Choice = report.Choice });
        }

        return reports;
    }

    private double Error(WeightCandidate member, ReadOnlySpan<float> decoded) =>
        RelativeSquares.Error(constants.Read(member.Root.Scope, member.Root.Name)!.ToSingles(), decoded);
}
