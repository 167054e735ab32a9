// The C API's opaque types: never dereferenced here, only told apart by the compiler. One line each, hence one file.
namespace FlatLearning.CustomOps.Api;

internal readonly struct OrtStatusHandle;

internal readonly struct OrtEnvHandle;

internal readonly struct OrtSessionHandle;

internal readonly struct OrtSessionOptionsHandle;

internal readonly struct OrtRunOptionsHandle;

internal readonly struct OrtValueHandle;

internal readonly struct OrtMemoryInfoHandle;

internal readonly struct OrtAllocatorHandle;

internal readonly struct OrtTypeInfoHandle;

internal readonly struct OrtTensorInfoHandle;

internal readonly struct OrtModelMetadataHandle;

internal readonly struct OrtCustomOpDomainHandle;

internal readonly struct OrtKernelInfoHandle;

internal readonly struct OrtKernelContextHandle;

internal readonly struct OrtShapeInferContextHandle;

internal readonly struct OrtOpAttributeHandle;

internal readonly struct OrtLoggerHandle;
