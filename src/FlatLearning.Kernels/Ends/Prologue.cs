using FlatLearning.Dyn;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// What goes before every kernel: x in float32, in the kernel's order, multiplied by rho and padded as far as the
/// kernel wants it. Where nothing is to be done, x is read where it lies.
/// </summary>
internal readonly unsafe ref struct Prologue
{
    private readonly Scratch _memory;

    /// <summary>Prepares rows of x.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="ends">rho and the order.</param>
    /// <param name="form">What the kernel reads.</param>
    /// <param name="type">The element type of x.</param>
    /// <param name="x">[rows, K].</param>
    /// <param name="rows">1 or more.</param>
    public Prologue(IWorkers workers, ProductEnds ends, InputForm form, ElementType type, nint x, long rows)
    {
        float[]? scale = form == InputForm.Plain ? null : ends.RowScale;
        int stride = ends.Rows + (form == InputForm.ScaledAndPadded ? Codebook.MaxTaps : 0);
        bool isConverted = type is ElementType.Float16 or ElementType.BFloat16;
        if (!isConverted && ends.Order is null && scale is null && stride == ends.Rows)
        {
            _memory = new Scratch(0);
            Rows = new InputRows(x, stride);
            return;
        }

        int bytes = type == ElementType.Float64 ? sizeof(double) : sizeof(float);
        _memory = new Scratch(rows * stride * bytes);
        Rows = new InputRows((nint)_memory.Pointer, stride);
        if (type == ElementType.Float64)
        {
            GatherDoublesTask gather = new((double*)x, rows, ends.Order!.Rows, (double*)_memory.Pointer);
            workers.For(ref gather, gather.Items);
            return;
        }

        PrologueTask task = new(ends, scale, type, x, rows, Rows);
        workers.For(ref task, task.Items);
    }

    /// <summary>What the kernel reads.</summary>
    public InputRows Rows { get; }

    /// <summary>Returns the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
