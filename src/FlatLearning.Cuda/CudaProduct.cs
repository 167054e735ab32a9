using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Layout;
using FlatLearning.Dyn;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda;

/// <summary>
/// y = x · W + bias on a GPU: three launches for a block of rows, the first for x', the second for the partial sums of
/// all items (one for each width of codes), the third for y. Uploaded to a context when it first runs there; after that
/// a run allocates nothing and waits for nothing. Runs may overlap, on one stream or several.
/// </summary>
internal sealed unsafe class CudaProduct : IDisposable
{
    // Partial sums of a block of rows stay below so many numbers, or the block is as small as kernels allow.
    private const long MaxPartialSums = 1 << 24;
    private const int MaxBlockRows = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<CudaContext, DeviceProduct> _devices = [];
    private readonly DynWeight _weight;
    private readonly double[]? _bias;

    // For the first device; should there be another, the weight is laid out again.
    private DeviceWeight? _laidOut;
    private bool _isDisposed;

    private CudaProduct(DynWeight weight, double[]? bias)
    {
        (_weight, _bias, _laidOut) = (weight, bias, DeviceWeight.Create(weight, bias));
        (Bytes, IsDense) = (_laidOut.Bytes, _laidOut.IsDense);
    }

    /// <summary>K.</summary>
    public int Rows => _weight.Rows;

    /// <summary>N.</summary>
    public int Columns => _weight.Columns;

    /// <summary>Bytes that the weight takes on a device.</summary>
    public long Bytes { get; }

    /// <summary>Whether it is kept in float32 there.</summary>
    public bool IsDense { get; }

    /// <summary>One line on what a device holds, for logs.</summary>
    public string Describe() => FormattableString.Invariant(
        $"{Bytes / 1e6:0.00} MB on the GPU, {(IsDense ? "decoded to float32" : "packed")}");

    /// <summary>Lays a weight out for a device.</summary>
    /// <param name="weight">The weight; its bytes are read again should it run on a second device.</param>
    /// <param name="bias">[N], or null.</param>
    /// <exception cref="DynFormatException">It is too large.</exception>
    public static CudaProduct Create(DynWeight weight, double[]? bias) => new(weight, bias);

    /// <summary>Queues a product on a stream.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="x">[rows, K] on the stream's device.</param>
    /// <param name="y">[rows, N] on the stream's device.</param>
    /// <param name="rows">Rows of x.</param>
    /// <param name="type">The type of x and y; float32, float16 or bfloat16.</param>
    /// <exception cref="CudaException">The device or its driver cannot do it.</exception>
    public void Run(ICudaDriver driver, nint stream, ulong x, ulong y, long rows, ElementType type)
    {
        CudaContext context = CudaContext.Of(driver, stream);
        using CudaContext.Scope scope = context.Enter();
        DeviceProduct device = On(context);
        int size = type == ElementType.Float32 ? sizeof(float) : sizeof(ushort);
        for (long row = 0; row < rows;)
        {
            int count = (int)Math.Min(rows - row, device.MaxRows(rows - row));
            device.Run(
                stream, x + ((ulong)row * (ulong)Rows * (ulong)size), y + ((ulong)row * (ulong)Columns * (ulong)size),
                count, type);
            row += count;
        }
    }

    /// <summary>Frees what lies on devices. No run may be left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach ((CudaContext context, DeviceProduct device) in _devices)
            {
                context.Products.Return(device);
            }

            _devices.Clear();
        }
    }

    /// <summary>Rows of x that one launch of the tiled kernels takes.</summary>
    internal static int BlockRows(long partialSumsOfRow) => (int)Math.Clamp(
        MaxPartialSums / Math.Max(1, partialSumsOfRow) / KernelShape.ManyRows * KernelShape.ManyRows,
        KernelShape.ManyRows, MaxBlockRows);

    private DeviceProduct On(CudaContext context)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_devices.TryGetValue(context, out DeviceProduct? device))
            {
                DeviceWeight weight = _laidOut ?? DeviceWeight.Create(_weight, _bias);
                _devices.Add(context, device = context.Products.Take(weight));
                _laidOut = null;
            }

            return device;
        }
    }
}
