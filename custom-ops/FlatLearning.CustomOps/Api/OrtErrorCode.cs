namespace FlatLearning.CustomOps.Api;

/// <summary>Those of ONNX Runtime's error codes that an operator gives.</summary>
internal enum OrtErrorCode
{
    Fail = 1,
    InvalidArgument = 2,
    RuntimeException = 6,
}
