namespace FlatLearning.OnnxRuntime.Api;

/// <content>What a model says of itself.</content>
internal readonly unsafe partial struct OrtApi
{
    public delegate* unmanaged<OrtSessionHandle*, OrtModelMetadataHandle**, OrtStatusHandle*> SessionGetModelMetadata =>
        (delegate* unmanaged<OrtSessionHandle*, OrtModelMetadataHandle**, OrtStatusHandle*>)At(
            OrtSlot.SessionGetModelMetadata);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> ModelMetadataGetProducerName =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataGetProducerName);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> ModelMetadataGetGraphName =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataGetGraphName);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> ModelMetadataGetDomain =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataGetDomain);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> ModelMetadataGetDescription =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataGetDescription);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte*, byte**,
        OrtStatusHandle*> ModelMetadataLookupCustomMetadataMap =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte*, byte**, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataLookupCustomMetadataMap);

    public delegate* unmanaged<OrtModelMetadataHandle*, long*, OrtStatusHandle*> ModelMetadataGetVersion =>
        (delegate* unmanaged<OrtModelMetadataHandle*, long*, OrtStatusHandle*>)At(OrtSlot.ModelMetadataGetVersion);

    public delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte***, long*,
        OrtStatusHandle*> ModelMetadataGetCustomMetadataMapKeys =>
        (delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte***, long*, OrtStatusHandle*>)At(
            OrtSlot.ModelMetadataGetCustomMetadataMapKeys);

    public delegate* unmanaged<OrtModelMetadataHandle*, void> ReleaseModelMetadata =>
        (delegate* unmanaged<OrtModelMetadataHandle*, void>)At(OrtSlot.ReleaseModelMetadata);
}
