namespace FlatLearning.Kernels.FusedDequant;

/// <summary>
/// Where the four registers of columns of a part find their codes, input by input. Offsets are bytes from
/// <see cref="First"/> or <see cref="Second"/>.
/// </summary>
internal readonly struct Avx512FusedCodes
{
    /// <summary>Widened bytes of the first plane at the first input.</summary>
    public required nint First { get; init; }

    /// <summary>Of the second plane; unused where there is one plane.</summary>
    public nint Second { get; init; }

    /// <summary>Bytes from input to input.</summary>
    public required nint RowStride { get; init; }

    /// <summary>The second register of bytes: fields of 4 and 8 bits.</summary>
    public nint Place1 { get; init; }

    /// <summary>The third: fields of 8 bits.</summary>
    public nint Place2 { get; init; }

    /// <summary>The fourth: fields of 8 bits.</summary>
    public nint Place3 { get; init; }

    /// <summary>The second register of bytes of the second plane: fields of 4 bits.</summary>
    public nint SecondPlace1 { get; init; }

    /// <summary>
    /// How far bytes of the second plane are rotated right, so that the bit for the first field's column lies above the
    /// field.
    /// </summary>
    public int Rotation0 { get; init; }

    /// <summary>The same for the second register of bytes.</summary>
    public int Rotation1 { get; init; }

    /// <summary>The codes some inputs later.</summary>
    public Avx512FusedCodes Skip(int inputs) => new()
    {
        First = First + (inputs * RowStride),
        Second = Second + (inputs * RowStride),
        RowStride = RowStride,
        Place1 = Place1,
        Place2 = Place2,
        Place3 = Place3,
        SecondPlace1 = SecondPlace1,
        Rotation0 = Rotation0,
        Rotation1 = Rotation1,
    };
}
