namespace FlatLearning.CustomOps.Api;

/// <summary>
/// Positions of the C API functions that this project calls in ONNX Runtime's function table (<c>OrtApi</c>). The table
/// is append-only, so a position never moves; the names are those of the C header.
/// </summary>
internal static class OrtSlot
{
    public const int CreateStatus = 0;
    public const int GetErrorCode = 1;
    public const int GetErrorMessage = 2;
    public const int CreateCustomOpDomain = 26;
    public const int CustomOpDomainAdd = 27;
    public const int AddCustomOpDomain = 28;
    public const int IsTensor = 50;
    public const int GetTensorMutableData = 51;
    public const int CreateTensorTypeAndShapeInfo = 57;
    public const int SetTensorElementType = 58;
    public const int SetDimensions = 59;
    public const int GetTensorElementType = 60;
    public const int GetDimensionsCount = 61;
    public const int GetDimensions = 62;
    public const int GetSymbolicDimensions = 63;
    public const int GetTensorTypeAndShape = 65;
    public const int KernelInfoGetAttributeFloat = 85;
    public const int KernelInfoGetAttributeInt64 = 86;
    public const int KernelInfoGetAttributeString = 87;
    public const int KernelContextGetInputCount = 88;
    public const int KernelContextGetOutputCount = 89;
    public const int KernelContextGetInput = 90;
    public const int KernelContextGetOutput = 91;
    public const int ReleaseStatus = 93;
    public const int ReleaseValue = 96;
    public const int ReleaseTensorTypeAndShapeInfo = 99;
    public const int KernelInfoGetAttributeArrayFloat = 162;
    public const int KernelInfoGetAttributeArrayInt64 = 163;
    public const int KernelInfoGetInputCount = 230;
    public const int KernelInfoGetOutputCount = 231;
    public const int KernelInfoGetInputName = 232;
    public const int KernelInfoGetInputTypeInfo = 234;
    public const int HasSessionConfigEntry = 237;
    public const int GetSessionConfigEntry = 238;
    public const int KernelInfoGetNodeName = 244;
    public const int KernelInfoGetLogger = 245;
    public const int LoggerLogMessage = 247;
    public const int KernelInfoGetConstantInputTensor = 249;
    public const int ShapeInferContextGetInputCount = 267;
    public const int ShapeInferContextGetInputTypeShape = 268;
    public const int ShapeInferContextGetAttribute = 269;
    public const int ShapeInferContextSetOutputTypeShape = 270;
    public const int SetSymbolicDimensions = 271;
    public const int ReadOpAttr = 272;
    public const int KernelContextParallelFor = 274;
    public const int GetTensorElementTypeAndShapeDataReference = 414;
}
