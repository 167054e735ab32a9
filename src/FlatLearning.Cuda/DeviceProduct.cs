using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Layout;
using FlatLearning.Kernels;

namespace FlatLearning.Cuda;

/// <summary>A weight in the memory of one context, and its launches there. The context must be current.</summary>
internal sealed unsafe class DeviceProduct : IDisposable
{
    private const nuint Alignment = 256;
    private const int ChunkBytes = 1 << 20;

    private readonly CudaContext _context;
    private readonly int _k;
    private readonly int _n;
    private readonly int _places;
    private readonly DevicePlan _lookUp;
    private readonly DevicePlan _tile;
    private readonly int _maxLookUpRows;
    private readonly CodeSection[] _sections;
    private readonly List<ulong> _memory = [];
    private readonly (ulong Address, nuint Bytes)[] _contents;
    private readonly nint _prepare;
    private readonly nint _finish;

    /// <summary>Uploads a weight.</summary>
    /// <param name="context">The context.</param>
    /// <param name="weight">The weight.</param>
    /// <exception cref="CudaException">There is not enough memory.</exception>
    public DeviceProduct(CudaContext context, DeviceWeight weight)
    {
        (_context, _k, _n, _places) = (context, weight.Rows, weight.Columns, weight.Places);
        _maxLookUpRows = weight.Sections
            .Select(ProductCosts.MaxLookUpRows).DefaultIfEmpty(KernelShape.FewRows).Min();
        _contents = new (ulong, nuint)[DeviceWeight.Contents.Length];
        _sections = [.. weight.Sections];
        try
        {
            for (int i = 0; i < _contents.Length; i++)
            {
                ReadOnlySpan<byte> content = weight.Content(i);
                _contents[i] = (Upload(content, DeviceWeight.Contents[i]), (nuint)content.Length);
            }

            _lookUp = Plan(WorkPlan.LookUp(weight, context.Multiprocessors));
            _tile = Plan(WorkPlan.Tile(weight, context.Multiprocessors));
            _prepare = context.Function("Prepare");
            _finish = context.Function("Finish");
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>Rows of x that one call of <see cref="Run"/> may take, when so many are left.</summary>
    public int MaxRows(long left) => left <= _maxLookUpRows
        ? _maxLookUpRows
        : CudaProduct.BlockRows((long)_tile.Work.Slots * _places);

    /// <summary>Products that use it; see <see cref="SharedProducts"/>.</summary>
    public int Users { get; set; }

    /// <summary>Whether a weight is the same as this one, to the bit.</summary>
    public bool Holds(DeviceWeight weight)
    {
        if ((_k, _n, _places) != (weight.Rows, weight.Columns, weight.Places)
            || !_sections.SequenceEqual(weight.Sections))
        {
            return false;
        }

        byte[] buffer = new byte[ChunkBytes];
        for (int i = 0; i < _contents.Length; i++)
        {
            ReadOnlySpan<byte> content = weight.Content(i);
            if (_contents[i].Bytes != (nuint)content.Length)
            {
                return false;
            }

            for (int at = 0; at < content.Length; at += ChunkBytes)
            {
                int count = Math.Min(ChunkBytes, content.Length - at);
                fixed (byte* to = buffer)
                {
                    CudaException.Check(
                        _context.Driver.MemcpyDtoH(to, _contents[i].Address + (ulong)at, (nuint)count),
                        "to compare weights");
                }

                if (!content.Slice(at, count).SequenceEqual(buffer.AsSpan(0, count)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Queues a product of up to <see cref="MaxRows"/> rows.</summary>
    public void Run(nint stream, ulong x, ulong y, int rows, ElementType type)
    {
        DevicePlan plan = rows <= _maxLookUpRows ? _lookUp : _tile;
        nuint inputBytes = Aligned(4 * (nuint)rows * (nuint)_k);
        nuint sumBytes = Aligned(4 * (nuint)plan.Work.Slots * (nuint)rows * (nuint)_places);
        ulong inputs = _context.WorkspaceOf(stream).Take(inputBytes + sumBytes);
        ulong sums = inputs + inputBytes;
        int kind = type switch { ElementType.Float16 => 1, ElementType.BFloat16 => 2, _ => 0 };
        if (plan.Work.Launches.Length > 0)
        {
            Prepare(stream, x, inputs, rows, kind);
        }

        foreach (WorkLaunch launch in plan.Work.Launches)
        {
            Multiply(stream, plan, launch, inputs, sums, rows);
        }

        Finish(stream, plan, sums, x, y, rows, kind);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using CudaContext.Scope scope = _context.Enter();
        Free();
    }

    private void Prepare(nint stream, ulong x, ulong inputs, int rows, int kind)
    {
        View source = new(x), order = Content(2), scale = Content(3), target = new(inputs);
        int k = _k;
        void** arguments = stackalloc void*[] { &source, &source, &order, &scale, &target, &k, &kind };
        Launch(_prepare, Blocks(k, KernelShape.PrepareThreads), rows, KernelShape.PrepareThreads, stream, arguments);
    }

    private void Multiply(nint stream, DevicePlan plan, WorkLaunch launch, ulong inputs, ulong sums, int rows)
    {
        // Kernels take items from number 0 on.
        View codes = Content(0), tables = Content(1), x = new(inputs), partial = new(sums);
        View items = new(plan.Items + ((ulong)launch.First * (ulong)sizeof(WorkItem)), launch.Count);
        int k = _k, places = _places;
        void** arguments =
            stackalloc void*[] { &codes, &tables, &x, &items, &partial, &k, &places, &rows };
        (string name, int blocks, int threads) =
            ReferenceEquals(plan, _lookUp) ? (launch.IsNarrow ? "Narrow" : "LookUp", rows, KernelShape.LookUpThreads)
            : rows <= KernelShape.FewRows ? ("TileFew", 1, KernelShape.TileThreads)
            : ("TileMany", Blocks(rows, KernelShape.ManyRows), KernelShape.TileThreads);
        Launch(plan.Function(_context, name, launch.Bits), launch.Count, blocks, threads, stream, arguments);
    }

    private void Finish(nint stream, DevicePlan plan, ulong sums, ulong x, ulong y, int rows, int kind)
    {
        View partial = new(sums), outputs = new(plan.Outputs), scale = Content(4), bias = Content(5);
        View starts = Content(6), elementRows = Content(7), values = Content(8);
        View source = new(x), target = new(y);
        int k = _k, n = _n, places = _places;
        void** arguments = stackalloc void*[]
        {
            &partial, &outputs, &scale, &bias, &starts, &elementRows, &values, &source, &source, &target, &target,
            &k, &n, &places, &rows, &kind,
        };
        Launch(
            _finish, Blocks(places, KernelShape.FinishPlaces), rows, KernelShape.FinishThreads, stream, arguments);
    }

    private void Launch(nint function, int gridX, int gridY, int threads, nint stream, void** arguments) =>
        CudaException.Check(
            _context.Driver.LaunchKernel(function, gridX, gridY, threads, stream, arguments), "to start a kernel");

    private DevicePlan Plan(WorkPlan work) => new(
        work, Upload<WorkItem>(work.Items, "work items"), Upload<OutputPlace>(work.Outputs, "places of outputs"));

    private ulong Upload<T>(ReadOnlySpan<T> data, string what)
        where T : unmanaged
    {
        ulong address = _context.Upload(data, what);
        _memory.Add(address);
        return address;
    }

    private void Free()
    {
        foreach (ulong address in _memory)
        {
            _context.Driver.MemFree(address);
        }

        _memory.Clear();
    }

    // One of DeviceWeight.Contents.
    private View Content(int i) => new(_contents[i].Address);

    private static int Blocks(int count, int size) => (count + size - 1) / size;

    private static nuint Aligned(nuint bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
