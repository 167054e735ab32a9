namespace FlatLearning.Dyn.Terms;

/// <summary>What rows and columns of a weight are multiplied by.</summary>
/// <param name="Row">rho [K], or null for ones.</param>
/// <param name="Column">gamma [N], or null for ones.</param>
public sealed record WeightScales(ParameterTensor? Row, ParameterTensor? Column);
