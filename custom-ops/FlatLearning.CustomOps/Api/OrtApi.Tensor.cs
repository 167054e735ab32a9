namespace FlatLearning.CustomOps.Api;

/// <content>Tensors, their types and shapes, memory.</content>
internal readonly unsafe partial struct OrtApi
{
    public delegate* unmanaged<OrtValueHandle*, int*, OrtStatusHandle*> IsTensor =>
        (delegate* unmanaged<OrtValueHandle*, int*, OrtStatusHandle*>)At(OrtSlot.IsTensor);

    public delegate* unmanaged<OrtValueHandle*, void**, OrtStatusHandle*> GetTensorMutableData =>
        (delegate* unmanaged<OrtValueHandle*, void**, OrtStatusHandle*>)At(OrtSlot.GetTensorMutableData);

    public delegate* unmanaged<OrtValueHandle*, OrtTensorInfoHandle**, OrtStatusHandle*> GetTensorTypeAndShape =>
        (delegate* unmanaged<OrtValueHandle*, OrtTensorInfoHandle**, OrtStatusHandle*>)At(
            OrtSlot.GetTensorTypeAndShape);

    /// <summary>Only where <see cref="HasShapeReference"/>.</summary>
    public delegate* unmanaged<OrtValueHandle*, TensorElementType*, long**, nuint*,
        OrtStatusHandle*> GetTensorElementTypeAndShapeDataReference =>
        (delegate* unmanaged<OrtValueHandle*, TensorElementType*, long**, nuint*, OrtStatusHandle*>)At(
            OrtSlot.GetTensorElementTypeAndShapeDataReference);

    public delegate* unmanaged<OrtTensorInfoHandle**, OrtStatusHandle*> CreateTensorTypeAndShapeInfo =>
        (delegate* unmanaged<OrtTensorInfoHandle**, OrtStatusHandle*>)At(OrtSlot.CreateTensorTypeAndShapeInfo);

    public delegate* unmanaged<OrtTensorInfoHandle*, TensorElementType, OrtStatusHandle*> SetTensorElementType =>
        (delegate* unmanaged<OrtTensorInfoHandle*, TensorElementType, OrtStatusHandle*>)At(
            OrtSlot.SetTensorElementType);

    public delegate* unmanaged<OrtTensorInfoHandle*, long*, nuint, OrtStatusHandle*> SetDimensions =>
        (delegate* unmanaged<OrtTensorInfoHandle*, long*, nuint, OrtStatusHandle*>)At(OrtSlot.SetDimensions);

    public delegate* unmanaged<OrtTensorInfoHandle*, byte**, nuint, OrtStatusHandle*> SetSymbolicDimensions =>
        (delegate* unmanaged<OrtTensorInfoHandle*, byte**, nuint, OrtStatusHandle*>)At(OrtSlot.SetSymbolicDimensions);

    public delegate* unmanaged<OrtTensorInfoHandle*, TensorElementType*, OrtStatusHandle*> GetTensorElementType =>
        (delegate* unmanaged<OrtTensorInfoHandle*, TensorElementType*, OrtStatusHandle*>)At(
            OrtSlot.GetTensorElementType);

    public delegate* unmanaged<OrtTensorInfoHandle*, nuint*, OrtStatusHandle*> GetDimensionsCount =>
        (delegate* unmanaged<OrtTensorInfoHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.GetDimensionsCount);

    public delegate* unmanaged<OrtTensorInfoHandle*, long*, nuint, OrtStatusHandle*> GetDimensions =>
        (delegate* unmanaged<OrtTensorInfoHandle*, long*, nuint, OrtStatusHandle*>)At(OrtSlot.GetDimensions);

    public delegate* unmanaged<OrtTensorInfoHandle*, byte**, nuint, OrtStatusHandle*> GetSymbolicDimensions =>
        (delegate* unmanaged<OrtTensorInfoHandle*, byte**, nuint, OrtStatusHandle*>)At(OrtSlot.GetSymbolicDimensions);

    public delegate* unmanaged<OrtValueHandle*, void> ReleaseValue =>
        (delegate* unmanaged<OrtValueHandle*, void>)At(OrtSlot.ReleaseValue);

    public delegate* unmanaged<OrtTensorInfoHandle*, void> ReleaseTensorTypeAndShapeInfo =>
        (delegate* unmanaged<OrtTensorInfoHandle*, void>)At(OrtSlot.ReleaseTensorTypeAndShapeInfo);
}
