using FlatLearning.Kernels.Ends;
using FlatLearning.Numerics;

namespace FlatLearning.Kernels;

/// <summary>
/// One way to multiply x with one prepared weight. Immutable; any number of threads may run it at once. What goes
/// before it and after it is the same for all kernels: <see cref="Prologue"/> and <see cref="Epilogue"/>.
/// </summary>
internal interface IMatMulKernel
{
    /// <summary>The most rows for which it is the best; it can multiply more.</summary>
    long MaxRows { get; }

    /// <summary>The most rows that are brought to it at once.</summary>
    long MaxPassRows => long.MaxValue;

    /// <summary>Scales, bias and order of rows and columns, as this kernel needs them applied.</summary>
    ProductEnds Ends { get; }

    /// <summary>What rows of x it reads.</summary>
    InputForm Input { get; }

    /// <summary>What rows of y it writes.</summary>
    OutputForm Output => OutputForm.Finished;

    /// <summary>What a user may want to know of it, or null.</summary>
    string? Description => null;

    /// <summary>Multiplies.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="x">Rows in the form of <see cref="Input"/>.</param>
    /// <param name="y">Rows in the form of <see cref="Output"/>.</param>
    /// <param name="rows">1 or more.</param>
    void Run(IWorkers workers, in InputRows x, in OutputRows y, long rows);
}
