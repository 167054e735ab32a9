using FlatLearning.Fitting.Blocks;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Operators.Products;
using FlatLearning.Onnx.Operators.Tensors;

namespace FlatLearning.Onnx.Standard;

/// <summary>How a weight lies, and along which of its axes its blocks run.</summary>
/// <param name="Kind">What reads it.</param>
/// <param name="Dims">Its shape; [K, N] for products, [blocks, size] where <see cref="Tensor"/> says the
/// shape.</param>
/// <param name="Axis">The axis of the blocks.</param>
internal sealed record StandardShape(StandardKind Kind, long[] Dims, int Axis)
{
    // From this operator set on, DequantizeLinear has blocks.
    private const int BlockedOpset = 21;

    /// <summary>The tensor's shape where its blocks are runs of elements as they lie; else null.</summary>
    public long[]? Tensor { get; private init; }

    /// <summary>K: elements along the axis.</summary>
    public int Rows => (int)Dims[Axis];

    /// <summary>N: all the others.</summary>
    public int Columns => (int)(Count(Dims) / Dims[Axis]);

    private int Inner => (int)Count(Dims[(Axis + 1)..]);

    /// <summary>The shape of a weight that has uses.</summary>
    /// <param name="candidate">The weight.</param>
    /// <param name="format">How it is stored.</param>
    /// <param name="opset">The standard operator set of the model.</param>
    public static StandardShape Of(WeightCandidate candidate, BlockFormat format, int opset) => candidate.Uses[0] switch
    {
        ProductUse => new StandardShape(StandardKind.Product, [candidate.Rows, candidate.Columns], 0),
        TensorUse use => Dense(use.Tensors[0].Info.Dims, format, opset),
        _ => new StandardShape(StandardKind.Lookup, [candidate.Rows, candidate.Columns], 1),
    };

    /// <summary>Whether DequantizeLinear has blocks in an operator set.</summary>
    public static bool HasBlocks(int opset) => opset >= BlockedOpset;

    /// <summary>Whether a format suits: not more than half of a block is empty.</summary>
    public bool Suits(BlockFormat format) => format.Size == BlockFormat.MinSize || format.Size < 2 * Rows;

    /// <summary>The weight [K, N], row-major, from its elements as they lie.</summary>
    public float[] Matrix(float[] elements)
    {
        if (Axis == 0)
        {
            return elements;
        }

        float[] matrix = new float[elements.Length];
        (int rows, int columns, int inner) = (Rows, Columns, Inner);
        for (int i = 0; i < elements.Length; i++)
        {
            matrix[(i / inner % rows * columns) + (i / (inner * rows) * inner) + (i % inner)] = elements[i];
        }

        return matrix;
    }

    /// <summary>The shape of the scales.</summary>
    public long[] DimsOfScales(BlockCodes codes)
    {
        if (Kind == StandardKind.Product)
        {
            return [codes.Columns, codes.Blocks];
        }

        long[] dims = [.. Dims];
        dims[Axis] = codes.Blocks;
        return dims;
    }

    /// <summary>Numbers of [N, K] or [N, blocks] as the weight lies; those of products stay as they are.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="codes">The weight.</param>
    /// <param name="perRow">Whether there is one for every element, not for every block.</param>
    public T[] InOrder<T>(T[] values, BlockCodes codes, bool perRow = false)
    {
        int inner = Inner;
        if (Kind == StandardKind.Product || inner == 1)
        {
            return values;
        }

        int length = perRow ? codes.Rows : codes.Blocks;
        T[] ordered = new T[values.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            int column = (i / (inner * length) * inner) + (i % inner);
            ordered[i] = values[(column * length) + (i / inner % length)];
        }

        return ordered;
    }

    // Long runs have few scales; of equal axes the later one.
    private static StandardShape Dense(long[] dims, BlockFormat format, int opset) => HasBlocks(opset)
        ? new StandardShape(StandardKind.Dense, dims, Array.LastIndexOf(dims, dims.Max()))
        : new StandardShape(StandardKind.Dense, [Count(dims) / format.Size, format.Size], 1) { Tensor = dims };

    private static long Count(long[] dims) => dims.Aggregate(1L, (product, dim) => product * dim);
}
