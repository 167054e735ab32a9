using FlatLearning.Numerics;

namespace FlatLearning.Kernels.Ends;

/// <summary>
/// What goes behind every kernel: y in its own order and element type. Column scales and the bias are applied when a
/// kernel writes its sums (<see cref="OutputRows"/>); where the order is that of y, this writes y itself.
/// </summary>
internal readonly unsafe ref struct Epilogue
{
    private readonly Scratch _memory;
    private readonly ProductEnds _ends;
    private readonly ElementType _type;
    private readonly nint _y;
    private readonly long _rows;

    /// <summary>Prepares rows of y.</summary>
    /// <param name="ends">Scales, bias and the order.</param>
    /// <param name="form">What the kernel writes.</param>
    /// <param name="type">The element type of y.</param>
    /// <param name="y">[rows, N].</param>
    /// <param name="rows">1 or more.</param>
    public Epilogue(ProductEnds ends, OutputForm form, ElementType type, nint y, long rows)
    {
        (_ends, _type, _y, _rows) = (ends, type, y, rows);
        ElementType sums = type == ElementType.Float64 ? type : ElementType.Float32;
        bool isDirect = ends.Order is null && (form == OutputForm.Finished || type == sums);
        _memory = new Scratch(isDirect ? 0 : rows * ends.Columns * sums.Bytes());
        Rows = isDirect ? new OutputRows(y, type, ends) : new OutputRows((nint)_memory.Pointer, sums, ends);
    }

    /// <summary>Where the kernel writes.</summary>
    public OutputRows Rows { get; }

    /// <summary>Brings what the kernel wrote into y.</summary>
    /// <param name="workers">The threads.</param>
    public void Finish(IWorkers workers)
    {
        if (Rows.Data == _y)
        {
            return;
        }

        if (_type == ElementType.Float64)
        {
            GatherDoublesTask gather = new((double*)Rows.Data, _rows, _ends.Order!.Places, (double*)_y);
            workers.For(ref gather, gather.Items);
            return;
        }

        EpilogueTask task = new((float*)Rows.Data, _rows, _ends, _type, _y);
        workers.For(ref task, task.Items);
    }

    /// <summary>Returns the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
