using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>One input or output of a custom operator.</summary>
/// <param name="Name">Its name in the operator's specification, for messages.</param>
/// <param name="Type">Its element type; <see cref="TensorElementType.Undefined"/> accepts any.</param>
/// <param name="Presence">Whether a node may leave it out.</param>
public sealed record OperatorParameter(string Name, TensorElementType Type, ParameterPresence Presence);
