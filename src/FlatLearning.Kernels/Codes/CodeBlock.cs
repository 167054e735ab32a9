namespace FlatLearning.Kernels.Codes;

/// <summary>The codes of some neighbouring columns of one group, input by input.</summary>
/// <param name="First">First plane of the first input.</param>
/// <param name="Second">Second plane of the first input; unused where there is one plane.</param>
/// <param name="FirstShift">How far the first plane's bits are shifted right.</param>
/// <param name="SecondRotation">How far the second plane's bits are rotated right.</param>
/// <param name="FirstMask">The bits of an index that come from the first plane.</param>
/// <param name="RowStride">Bytes from input to input, in both planes.</param>
internal readonly unsafe record struct CodeBlock(
    nint First, nint Second, int FirstShift, int SecondRotation, int FirstMask, nint RowStride)
{
    /// <summary>The block that starts some inputs later.</summary>
    public CodeBlock Skip(long inputs) =>
        this with { First = First + (nint)(inputs * RowStride), Second = Second + (nint)(inputs * RowStride) };

    /// <summary>The block that starts some columns later in the same 16.</summary>
    public CodeBlock Right(int columns) => this with { First = First + columns, Second = Second + columns };
}
