namespace FlatLearning.Fitting.Peers;

/// <summary>A matrix as a peer format gives it back.</summary>
/// <param name="Values">The dequantised matrix, row-major [K, N].</param>
/// <param name="StoredBytes">Every byte that the format stores: codes, scales, zero points, ranges.</param>
/// <param name="Parameters">How many numbers that is, codes included.</param>
/// <param name="Name">What was stored, where it says more than <see cref="IPeerFormat.Name"/>, such as the rank that
/// was chosen.</param>
internal sealed record PeerResult(float[] Values, long StoredBytes, long Parameters, string Name);
