using FlatLearning.Dyn;
using FlatLearning.Dyn.Decoding;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;

namespace FlatLearning.Onnx.Tournament;

/// <summary>The matrices of a model's weights, as they are and as candidates have them.</summary>
/// <param name="draft">The weights.</param>
/// <param name="work">Reads them.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class WeightMatrices(ConversionDraft draft, CandidateWork work, CancellationToken cancellation)
{
    private readonly float[]?[] _originals = work.Run(
        draft.Candidates, (_, matrix, _) => matrix, null, cancellation);

    /// <summary>A weight [K, N], row-major.</summary>
    public float[] Original(int weight) => _originals[weight]!;

    /// <summary>What a converted weight stands for.</summary>
    public static float[] Decode(DynWeight weight)
    {
        float[] decoded = new float[checked(weight.Rows * weight.Columns)];
        new WeightDecoder(weight).Decode(decoded);
        return decoded;
    }

    /// <summary>||W - W~||² / ||W||².</summary>
    public double ErrorOf(int weight, DynWeight converted) =>
        RelativeSquares.Error(Original(weight), Decode(converted));

    /// <summary>Gives a live model the weights of a candidate; its own where they stay.</summary>
    /// <param name="live">The model.</param>
    /// <param name="outcomes">What was decided; null for the model as it is.</param>
    public void Show(ILiveModel live, IReadOnlyList<WeightOutcome?>? outcomes)
    {
        foreach (int i in live.Weights)
        {
            live.Set(i, outcomes?[i]?.Fit?.Weight is { } weight ? Decode(weight) : Original(i));
        }
    }
}
