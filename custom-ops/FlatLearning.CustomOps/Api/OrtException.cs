namespace FlatLearning.CustomOps.Api;

/// <summary>An error that the host reported.</summary>
internal sealed class OrtException(string message) : Exception(message);
