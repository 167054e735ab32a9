using System.Runtime.InteropServices;

namespace FlatLearning.CudaBenchmark;

/// <summary>cuBLAS' product in float16 with float32 sums, to compare with.</summary>
internal sealed unsafe class HalfProduct
{
    private const int Half = 2;
    private const int Float32Sums = 68;
    private const int DefaultAlgorithm = -1;

    private readonly nint _library;
    private readonly nint _handle;

    private HalfProduct(nint library, nint stream)
    {
        _library = library;
        nint handle;
        Check(((delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2"))(&handle));
        Check(((delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "cublasSetStream_v2"))(
            handle, stream));
        _handle = handle;
    }

    /// <summary>cuBLAS, or null where there is none.</summary>
    public static HalfProduct? TryOpen(nint stream)
    {
        foreach (string name in (string[])["libcublas.so.13", "libcublas.so.12", "cublas64_13.dll", "cublas64_12.dll"])
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new HalfProduct(library, stream);
            }
        }

        return null;
    }

    /// <summary>y [m, n] = x [m, k] · w [k, n], all row-major: columns first, y' = w' · x'.</summary>
    public void Multiply(ulong x, ulong w, ulong y, int m, int k, int n)
    {
        float one = 1, zero = 0;
        Check(((delegate* unmanaged<
            nint, int, int, int, int, int, void*, ulong, int, int, ulong, int, int, void*, ulong, int, int, int, int,
            int>)NativeLibrary.GetExport(_library, "cublasGemmEx"))(
            _handle, 0, 0, n, m, k, &one, w, Half, n, x, Half, k, &zero, y, Half, n, Float32Sums, DefaultAlgorithm));
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"cuBLAS failed with status {status}.");
        }
    }
}
