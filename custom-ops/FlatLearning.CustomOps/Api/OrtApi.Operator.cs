namespace FlatLearning.CustomOps.Api;

/// <content>What a custom operator calls: registration, attributes, constants, inputs, outputs, threads.</content>
internal readonly unsafe partial struct OrtApi
{
    public delegate* unmanaged<byte*, OrtCustomOpDomainHandle**, OrtStatusHandle*> CreateCustomOpDomain =>
        (delegate* unmanaged<byte*, OrtCustomOpDomainHandle**, OrtStatusHandle*>)At(OrtSlot.CreateCustomOpDomain);

    public delegate* unmanaged<OrtCustomOpDomainHandle*, OrtCustomOp*, OrtStatusHandle*> CustomOpDomainAdd =>
        (delegate* unmanaged<OrtCustomOpDomainHandle*, OrtCustomOp*, OrtStatusHandle*>)At(OrtSlot.CustomOpDomainAdd);

    public delegate* unmanaged<OrtSessionOptionsHandle*, OrtCustomOpDomainHandle*,
        OrtStatusHandle*> AddCustomOpDomain =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, OrtCustomOpDomainHandle*, OrtStatusHandle*>)At(
            OrtSlot.AddCustomOpDomain);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, float*, OrtStatusHandle*> KernelInfoGetAttributeFloat =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, float*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetAttributeFloat);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, long*, OrtStatusHandle*> KernelInfoGetAttributeInt64 =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, long*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetAttributeInt64);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, byte*, nuint*,
        OrtStatusHandle*> KernelInfoGetAttributeString =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, byte*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetAttributeString);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, float*, nuint*,
        OrtStatusHandle*> KernelInfoGetAttributeArrayFloat =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, float*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetAttributeArrayFloat);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, long*, nuint*,
        OrtStatusHandle*> KernelInfoGetAttributeArrayInt64 =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, long*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetAttributeArrayInt64);

    public delegate* unmanaged<OrtKernelInfoHandle*, nuint*, OrtStatusHandle*> KernelInfoGetInputCount =>
        (delegate* unmanaged<OrtKernelInfoHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.KernelInfoGetInputCount);

    public delegate* unmanaged<OrtKernelInfoHandle*, nuint*, OrtStatusHandle*> KernelInfoGetOutputCount =>
        (delegate* unmanaged<OrtKernelInfoHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.KernelInfoGetOutputCount);

    public delegate* unmanaged<OrtKernelInfoHandle*, nuint, byte*, nuint*, OrtStatusHandle*> KernelInfoGetInputName =>
        (delegate* unmanaged<OrtKernelInfoHandle*, nuint, byte*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetInputName);

    public delegate* unmanaged<OrtKernelInfoHandle*, nuint, OrtTypeInfoHandle**,
        OrtStatusHandle*> KernelInfoGetInputTypeInfo =>
        (delegate* unmanaged<OrtKernelInfoHandle*, nuint, OrtTypeInfoHandle**, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetInputTypeInfo);

    public delegate* unmanaged<OrtKernelInfoHandle*, byte*, nuint*, OrtStatusHandle*> KernelInfoGetNodeName =>
        (delegate* unmanaged<OrtKernelInfoHandle*, byte*, nuint*, OrtStatusHandle*>)At(OrtSlot.KernelInfoGetNodeName);

    public delegate* unmanaged<OrtKernelInfoHandle*, nuint, int*, OrtValueHandle**,
        OrtStatusHandle*> KernelInfoGetConstantInputTensor =>
        (delegate* unmanaged<OrtKernelInfoHandle*, nuint, int*, OrtValueHandle**, OrtStatusHandle*>)At(
            OrtSlot.KernelInfoGetConstantInputTensor);

    public delegate* unmanaged<OrtKernelContextHandle*, nuint*, OrtStatusHandle*> KernelContextGetInputCount =>
        (delegate* unmanaged<OrtKernelContextHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.KernelContextGetInputCount);

    public delegate* unmanaged<OrtKernelContextHandle*, nuint*, OrtStatusHandle*> KernelContextGetOutputCount =>
        (delegate* unmanaged<OrtKernelContextHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.KernelContextGetOutputCount);

    public delegate* unmanaged<OrtKernelContextHandle*, nuint, OrtValueHandle**,
        OrtStatusHandle*> KernelContextGetInput =>
        (delegate* unmanaged<OrtKernelContextHandle*, nuint, OrtValueHandle**, OrtStatusHandle*>)At(
            OrtSlot.KernelContextGetInput);

    public delegate* unmanaged<OrtKernelContextHandle*, nuint, long*, nuint, OrtValueHandle**,
        OrtStatusHandle*> KernelContextGetOutput =>
        (delegate* unmanaged<OrtKernelContextHandle*, nuint, long*, nuint, OrtValueHandle**, OrtStatusHandle*>)At(
            OrtSlot.KernelContextGetOutput);

    public delegate* unmanaged<OrtKernelContextHandle*, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*,
        OrtStatusHandle*> KernelContextParallelFor =>
        (delegate* unmanaged<OrtKernelContextHandle*, delegate* unmanaged<void*, nuint, void>, nuint, nuint, void*,
            OrtStatusHandle*>)At(OrtSlot.KernelContextParallelFor);

    public delegate* unmanaged<OrtShapeInferContextHandle*, nuint*, OrtStatusHandle*> ShapeInferContextGetInputCount =>
        (delegate* unmanaged<OrtShapeInferContextHandle*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.ShapeInferContextGetInputCount);

    public delegate* unmanaged<OrtShapeInferContextHandle*, nuint, OrtTensorInfoHandle**,
        OrtStatusHandle*> ShapeInferContextGetInputTypeShape =>
        (delegate* unmanaged<OrtShapeInferContextHandle*, nuint, OrtTensorInfoHandle**, OrtStatusHandle*>)At(
            OrtSlot.ShapeInferContextGetInputTypeShape);

    public delegate* unmanaged<OrtShapeInferContextHandle*, nuint, OrtTensorInfoHandle*,
        OrtStatusHandle*> ShapeInferContextSetOutputTypeShape =>
        (delegate* unmanaged<OrtShapeInferContextHandle*, nuint, OrtTensorInfoHandle*, OrtStatusHandle*>)At(
            OrtSlot.ShapeInferContextSetOutputTypeShape);

    public delegate* unmanaged<OrtShapeInferContextHandle*, byte*, OrtOpAttributeHandle**,
        OrtStatusHandle*> ShapeInferContextGetAttribute =>
        (delegate* unmanaged<OrtShapeInferContextHandle*, byte*, OrtOpAttributeHandle**, OrtStatusHandle*>)At(
            OrtSlot.ShapeInferContextGetAttribute);

    public delegate* unmanaged<OrtOpAttributeHandle*, int, void*, nuint, nuint*, OrtStatusHandle*> ReadOpAttr =>
        (delegate* unmanaged<OrtOpAttributeHandle*, int, void*, nuint, nuint*, OrtStatusHandle*>)At(OrtSlot.ReadOpAttr);

    public delegate* unmanaged<OrtKernelInfoHandle*, OrtLoggerHandle**, OrtStatusHandle*> KernelInfoGetLogger =>
        (delegate* unmanaged<OrtKernelInfoHandle*, OrtLoggerHandle**, OrtStatusHandle*>)At(OrtSlot.KernelInfoGetLogger);

    public delegate* unmanaged<OrtLoggerHandle*, OrtLogSeverity, byte*, void*, int, byte*,
        OrtStatusHandle*> LoggerLogMessage =>
        (delegate* unmanaged<OrtLoggerHandle*, OrtLogSeverity, byte*, void*, int, byte*, OrtStatusHandle*>)At(
            OrtSlot.LoggerLogMessage);

    public delegate* unmanaged<OrtSessionOptionsHandle*, byte*, byte*, nuint*,
        OrtStatusHandle*> GetSessionConfigEntry =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, byte*, byte*, nuint*, OrtStatusHandle*>)At(
            OrtSlot.GetSessionConfigEntry);

    public delegate* unmanaged<OrtSessionOptionsHandle*, byte*, int*, OrtStatusHandle*> HasSessionConfigEntry =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, byte*, int*, OrtStatusHandle*>)At(OrtSlot.HasSessionConfigEntry);
}
