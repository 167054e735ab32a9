namespace FlatLearning.CustomOps.Api;

/// <summary>Severity of a message from ONNX Runtime, with the numbers of its C API.</summary>
public enum OrtLogSeverity
{
    /// <summary>Chatty information.</summary>
    Verbose = 0,

    /// <summary>Information.</summary>
    Information = 1,

    /// <summary>Something unusual that does not stop the work.</summary>
    Warning = 2,

    /// <summary>An error.</summary>
    Error = 3,

    /// <summary>An error that the process may not survive.</summary>
    Fatal = 4,
}
