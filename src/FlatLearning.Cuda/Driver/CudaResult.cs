namespace FlatLearning.Cuda.Driver;

/// <summary>Those of CUDA's results that have a sentence of their own; any other number may come.</summary>
internal enum CudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    NoDevice = 100,
    InvalidContext = 201,
    NoBinaryForGpu = 209,
    InvalidPtx = 218,
    UnsupportedPtxVersion = 222,
    NotFound = 500,
    IllegalAddress = 700,
}
