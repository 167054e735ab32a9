using FlatLearning.Numerics;

namespace FlatLearning.Fitting.Metrics.Riem;

/// <summary>Points to begin a fit at, drawn from one sequence of random numbers.</summary>
internal sealed class RiemStarts
{
    private const double RandomSize = 1.5;

    /// <summary>Sizes of the arguments at the start: near the SVD, and where features already differ.</summary>
    private static readonly double[] ProductSizes = [0.3, 1];

    private readonly RiemStart _start;

    /// <summary>Takes the target's singular vectors, as many as states have coordinates.</summary>
    public RiemStarts(RiemField field, int seed)
    {
        RiemShape shape = field.Shape;
        Random random = new(seed);
        Rank = Math.Min(shape.StateDim, Math.Min(shape.Rows, shape.Columns));
        (U, V) = TruncatedSvd.Compute(field.Target.Span, shape.Rows, shape.Columns, Rank, random);
        _start = new RiemStart(shape, random);
    }

    /// <summary>How many kinds there are.</summary>
    public static int Kinds => ProductSizes.Length + 1;

    /// <summary>The kind that every shape has room for.</summary>
    public static int AnyShape => ProductSizes.Length;

    /// <summary>Rank of <see cref="U"/> and <see cref="V"/>.</summary>
    public int Rank { get; }

    /// <summary>[rank, K].</summary>
    public float[] U { get; }

    /// <summary>[rank, N].</summary>
    public float[] V { get; }

    /// <summary>False where the shape has no room for this kind.</summary>
    public bool Write(AlignedFloats theta, int kind)
    {
        if (kind != AnyShape)
        {
            return _start.FromProducts(theta, U, V, Rank, ProductSizes[kind]);
        }

        _start.FromRandomFeatures(theta, U, V, Rank, RandomSize);
        return true;
    }
}
