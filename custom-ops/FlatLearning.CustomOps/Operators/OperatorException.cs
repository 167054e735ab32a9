namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A node or its inputs break the operator's specification. The message is one sentence without the node's name.
/// </summary>
internal sealed class OperatorException(string message) : Exception(message);
