using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Operators.Products;

/// <summary>
/// Converted weights that older versions of ONNX Runtime do not show to the library as constants. Without the library
/// such a model runs on all of the supported versions; <c>NestedOrtVersionTests</c> holds what is said here.
/// </summary>
internal static class LibraryLimits
{
    /// <summary>A sentence for every limit that the converted weights meet.</summary>
    public static IEnumerable<string> Notes(IEnumerable<WeightCandidate> candidates)
    {
        // Weights that are dense when the model runs are none of the library's.
        WeightCandidate[] converted = [.. candidates.Where(candidate => !candidate.IsTensor)];

        // ONNX Runtime 1.23 gives kernels in a subgraph no constants of the graphs around it. 1.30 does.
        int shared = converted.Count(candidate => IsReadFromOutside(candidate.Uses));
        if (shared > 0)
        {
            yield return $"{shared} weights are shared by several bodies of If, Loop or Scan nodes, which the "
                + "library can read on ONNX Runtime 1.30 and newer; older ones run the model without the library";
        }

        // ONNX Runtime 1.17 cannot infer the type of an operator with an absent input in the middle, and a function
        // body declares none.
        int inFunctions =
            converted.Count(candidate => candidate.Uses.Any(use => use.Scope.EnclosingFunction is not null));
        if (inFunctions > 0)
        {
            yield return $"{inFunctions} weights are inside model-local functions, which the library can read on "
                + "ONNX Runtime 1.20 and newer; older ones run the model without the library";
        }
    }

    /// <summary>Whether the stored parts end up in a graph around one of the readers.</summary>
    private static bool IsReadFromOutside(IReadOnlyList<WeightUse> uses) =>
        uses.Select(use => use.Scope).Distinct(ReferenceEqualityComparer.Instance).Skip(1).Any();
}
