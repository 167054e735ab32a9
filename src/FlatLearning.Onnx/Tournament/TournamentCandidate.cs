namespace FlatLearning.Onnx.Tournament;

/// <summary>One candidate of a tournament.</summary>
/// <param name="Name">What it is.</param>
/// <param name="BitsPerWeight">Stored bits over all weights that are planned.</param>
/// <param name="Loss">Its loss in the measure; null where its outputs are not finite.</param>
/// <param name="LossLow">Lower end of the 95 % interval of its loss over the winner's.</param>
/// <param name="LossHigh">Upper end of the same.</param>
public sealed record TournamentCandidate(
    string Name, double BitsPerWeight, double? Loss, double? LossLow, double? LossHigh);
