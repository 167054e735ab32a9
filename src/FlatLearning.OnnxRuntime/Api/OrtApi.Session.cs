namespace FlatLearning.OnnxRuntime.Api;

/// <content>Environment, session options, sessions and runs.</content>
internal readonly unsafe partial struct OrtApi
{
    public delegate* unmanaged<delegate* unmanaged<void*, OrtLogSeverity, byte*, byte*, byte*, byte*, void>, void*,
        OrtLogSeverity, byte*, OrtEnvHandle**, OrtStatusHandle*> CreateEnvWithCustomLogger =>
        (delegate* unmanaged<delegate* unmanaged<void*, OrtLogSeverity, byte*, byte*, byte*, byte*, void>, void*,
            OrtLogSeverity, byte*, OrtEnvHandle**, OrtStatusHandle*>)At(OrtSlot.CreateEnvWithCustomLogger);

    public delegate* unmanaged<OrtEnvHandle*, void*, OrtSessionOptionsHandle*, OrtSessionHandle**,
        OrtStatusHandle*> CreateSession =>
        (delegate* unmanaged<OrtEnvHandle*, void*, OrtSessionOptionsHandle*, OrtSessionHandle**, OrtStatusHandle*>)At(
            OrtSlot.CreateSession);

    public delegate* unmanaged<OrtEnvHandle*, void*, nuint, OrtSessionOptionsHandle*, OrtSessionHandle**,
        OrtStatusHandle*> CreateSessionFromArray =>
        (delegate* unmanaged<OrtEnvHandle*, void*, nuint, OrtSessionOptionsHandle*, OrtSessionHandle**,
            OrtStatusHandle*>)At(OrtSlot.CreateSessionFromArray);

    public delegate* unmanaged<OrtSessionHandle*, OrtRunOptionsHandle*, byte**, OrtValueHandle**, nuint, byte**, nuint,
        OrtValueHandle**, OrtStatusHandle*> Run =>
        (delegate* unmanaged<OrtSessionHandle*, OrtRunOptionsHandle*, byte**, OrtValueHandle**, nuint, byte**, nuint,
            OrtValueHandle**, OrtStatusHandle*>)At(OrtSlot.Run);

    public delegate* unmanaged<OrtSessionOptionsHandle**, OrtStatusHandle*> CreateSessionOptions =>
        (delegate* unmanaged<OrtSessionOptionsHandle**, OrtStatusHandle*>)At(OrtSlot.CreateSessionOptions);

    public delegate* unmanaged<OrtSessionOptionsHandle*, void*, OrtStatusHandle*> SetOptimizedModelFilePath =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, void*, OrtStatusHandle*>)At(OrtSlot.SetOptimizedModelFilePath);

    public delegate* unmanaged<OrtSessionOptionsHandle*, OrtStatusHandle*> DisableMemPattern =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, OrtStatusHandle*>)At(OrtSlot.DisableMemPattern);

    public delegate* unmanaged<OrtSessionOptionsHandle*, OrtStatusHandle*> DisableCpuMemArena =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, OrtStatusHandle*>)At(OrtSlot.DisableCpuMemArena);

    public delegate* unmanaged<OrtSessionOptionsHandle*, byte*, OrtStatusHandle*> SetSessionLogId =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, byte*, OrtStatusHandle*>)At(OrtSlot.SetSessionLogId);

    public delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*> SetSessionLogSeverityLevel =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*>)At(OrtSlot.SetSessionLogSeverityLevel);

    public delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*> SetSessionGraphOptimizationLevel =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*>)At(
            OrtSlot.SetSessionGraphOptimizationLevel);

    public delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*> SetIntraOpNumThreads =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*>)At(OrtSlot.SetIntraOpNumThreads);

    public delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*> SetInterOpNumThreads =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, int, OrtStatusHandle*>)At(OrtSlot.SetInterOpNumThreads);

    public delegate* unmanaged<OrtSessionOptionsHandle*, byte*, long,
        OrtStatusHandle*> AddFreeDimensionOverrideByName =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, byte*, long, OrtStatusHandle*>)At(
            OrtSlot.AddFreeDimensionOverrideByName);

    public delegate* unmanaged<OrtSessionOptionsHandle*, byte*, byte*, OrtStatusHandle*> AddSessionConfigEntry =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, byte*, byte*, OrtStatusHandle*>)At(
            OrtSlot.AddSessionConfigEntry);

    public delegate* unmanaged<OrtSessionOptionsHandle*, void*, OrtStatusHandle*> RegisterCustomOpsLibraryV2 =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, void*, OrtStatusHandle*>)At(OrtSlot.RegisterCustomOpsLibraryV2);

    public delegate* unmanaged<OrtSessionHandle*, nuint*, OrtStatusHandle*> SessionGetInputCount =>
        (delegate* unmanaged<OrtSessionHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.SessionGetInputCount);

    public delegate* unmanaged<OrtSessionHandle*, nuint*, OrtStatusHandle*> SessionGetOutputCount =>
        (delegate* unmanaged<OrtSessionHandle*, nuint*, OrtStatusHandle*>)At(OrtSlot.SessionGetOutputCount);

    public delegate* unmanaged<OrtSessionHandle*, nuint, OrtTypeInfoHandle**,
        OrtStatusHandle*> SessionGetInputTypeInfo =>
        (delegate* unmanaged<OrtSessionHandle*, nuint, OrtTypeInfoHandle**, OrtStatusHandle*>)At(
            OrtSlot.SessionGetInputTypeInfo);

    public delegate* unmanaged<OrtSessionHandle*, nuint, OrtTypeInfoHandle**,
        OrtStatusHandle*> SessionGetOutputTypeInfo =>
        (delegate* unmanaged<OrtSessionHandle*, nuint, OrtTypeInfoHandle**, OrtStatusHandle*>)At(
            OrtSlot.SessionGetOutputTypeInfo);

    public delegate* unmanaged<OrtSessionHandle*, nuint, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> SessionGetInputName =>
        (delegate* unmanaged<OrtSessionHandle*, nuint, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.SessionGetInputName);

    public delegate* unmanaged<OrtSessionHandle*, nuint, OrtAllocatorHandle*, byte**,
        OrtStatusHandle*> SessionGetOutputName =>
        (delegate* unmanaged<OrtSessionHandle*, nuint, OrtAllocatorHandle*, byte**, OrtStatusHandle*>)At(
            OrtSlot.SessionGetOutputName);

    public delegate* unmanaged<byte***, int*, OrtStatusHandle*> GetAvailableProviders =>
        (delegate* unmanaged<byte***, int*, OrtStatusHandle*>)At(OrtSlot.GetAvailableProviders);

    public delegate* unmanaged<byte**, int, OrtStatusHandle*> ReleaseAvailableProviders =>
        (delegate* unmanaged<byte**, int, OrtStatusHandle*>)At(OrtSlot.ReleaseAvailableProviders);

    public delegate* unmanaged<OrtSessionHandle*, void> ReleaseSession =>
        (delegate* unmanaged<OrtSessionHandle*, void>)At(OrtSlot.ReleaseSession);

    public delegate* unmanaged<OrtSessionOptionsHandle*, void> ReleaseSessionOptions =>
        (delegate* unmanaged<OrtSessionOptionsHandle*, void>)At(OrtSlot.ReleaseSessionOptions);
}
