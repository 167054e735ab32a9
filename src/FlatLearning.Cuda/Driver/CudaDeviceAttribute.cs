namespace FlatLearning.Cuda.Driver;

/// <summary>Attributes of a device.</summary>
internal enum CudaDeviceAttribute
{
    Multiprocessors = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
}
