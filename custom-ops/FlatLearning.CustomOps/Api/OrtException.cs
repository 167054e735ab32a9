namespace FlatLearning.CustomOps.Api;

/// <summary>An error reported by ONNX Runtime, or by this binding in its place.</summary>
public sealed class OrtException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OrtException(OrtErrorCode code, string message)
        : base(message) => Code = code;

    /// <summary>Creates the exception with the one that caused it.</summary>
    public OrtException(OrtErrorCode code, string message, Exception inner)
        : base(message, inner) => Code = code;

    /// <summary>The error's class.</summary>
    public OrtErrorCode Code { get; }
}
