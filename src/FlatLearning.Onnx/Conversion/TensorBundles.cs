using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Operators.Tensors;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Conversion;

/// <summary>
/// Joins small weights that become dense tensors again: a function and its node cost ONNX Runtime some milliseconds
/// when it creates a session, whatever their size, and a file some hundred bytes.
/// </summary>
internal static class TensorBundles
{
    /// <summary>Weights of so many elements stay by themselves.</summary>
    public const long LargeWeight = 1 << 17;

    /// <summary>All weights of a bundle, so that no value comes near what is folded.</summary>
    private const long MaxElements = 1 << 24;

    /// <summary>The candidates, with bundles at the places of their first weights.</summary>
    public static IReadOnlyList<WeightCandidate> Join(IReadOnlyList<WeightCandidate> candidates)
    {
        Dictionary<(GraphScope, DataType, bool), List<List<WeightCandidate>>> bundles = [];
        foreach (WeightCandidate candidate in candidates.Where(IsSmall))
        {
            (GraphScope, DataType, bool) key = (candidate.Root.Scope, candidate.ElementType, candidate.IsValues);
            if (!bundles.TryGetValue(key, out List<List<WeightCandidate>>? known))
            {
                bundles[key] = known = [];
            }

            if (known.Count == 0 || known[^1].Sum(one => one.Info.Count) + candidate.Info.Count > MaxElements)
            {
                known.Add([]);
            }

            known[^1].Add(candidate);
        }

        Dictionary<WeightCandidate, WeightCandidate?> joined = new(ReferenceEqualityComparer.Instance);
        foreach (List<WeightCandidate> members in bundles.Values.SelectMany(known => known).Where(one => one.Count > 1))
        {
            members.ForEach(member => joined.Add(member, null));
            joined[members[0]] = Bundle(members);
        }

        return [
            .. candidates.Select(candidate => joined.GetValueOrDefault(candidate, candidate))
                .OfType<WeightCandidate>()];
    }

    private static bool IsSmall(WeightCandidate candidate) =>
        candidate is { Reason: null, Uses: [TensorUse { IsExact: false } use] } && use.Numbers != NumberKind.Unfit
        && candidate.Info.Count < LargeWeight;

    private static WeightCandidate Bundle(List<WeightCandidate> members)
    {
        TensorUse[] uses = [.. members.Select(member => (TensorUse)member.Uses[0])];
        long rows = members.Sum(member => BundleView.RowsOf(member.Info.Count));
        TensorInfo info = new(
            members[0].Name, members[0].Info.Type, [rows, BundleView.Width], members.Sum(member => member.Info.Count),
            members.Sum(member => member.Info.ByteLength));
        TensorUse use = new(uses[0].Constant, [.. uses.SelectMany(one => one.Tensors)], new BundleView())
        {
            IsValues = uses[0].IsValues,
        };
        return new WeightCandidate(members[0].Root, info, [use], [.. members.SelectMany(one => one.Readers)], null)
        {
            Members = members,
            Rows = (int)rows,
            Columns = BundleView.Width,
            ElementType = members[0].ElementType,
        };
    }
}
