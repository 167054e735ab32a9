using FlatLearning.Numerics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Tensors;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Matrices;

/// <summary>
/// Reads one matrix out of an .npy file, an .npz archive, or a model's initializers and Constant nodes.
/// </summary>
internal static class MatrixReader
{
    /// <summary>Reads the matrix at a location. More than two dimensions are taken as [first, all others].</summary>
    /// <exception cref="OnnxModelException">The file cannot be read, or what it holds is no finite matrix of
    /// floating-point numbers.</exception>
    /// <exception cref="UsageException">A name is missing, or given where there are none, or not there.</exception>
    public static DenseMatrix Read(MatrixLocation location, MatrixOrientation orientation = MatrixOrientation.AsStored)
    {
        ArgumentNullException.ThrowIfNull(location);
        return Path.GetExtension(location.Path).ToLowerInvariant() switch
        {
            ".npy" => ReadNpy(location, orientation),
            ".npz" => ReadNpz(location, orientation),
            _ => ReadModel(location, orientation),
        };
    }

    private static DenseMatrix ReadNpy(MatrixLocation location, MatrixOrientation orientation)
    {
        RequireFile(location.Path);
        return location.Name is null
            ? Make(location, NpyFile.Read(location.Path), orientation)
            : throw new UsageException(Messages.MatrixHasNoNames(location.Path));
    }

    private static DenseMatrix ReadNpz(MatrixLocation location, MatrixOrientation orientation)
    {
        RequireFile(location.Path);
        IReadOnlyList<KeyValuePair<string, NpyArray>> arrays = NpzFile.Read(location.Path).Arrays;
        string[] listed = [.. arrays.Select(array => Described(array.Key, array.Value.Dims))];
        if (location.Name is null && arrays.Count != 1)
        {
            throw new UsageException(Messages.MatrixNameMissing(location.Path, "array", listed));
        }

        string name = location.Name ?? arrays[0].Key;
        NpyArray array = arrays.FirstOrDefault(array => array.Key == name).Value
            ?? throw new UsageException(Messages.MatrixNameUnknown(location.Path, name, "array", listed));
        return Make(location with { Name = name }, array, orientation);
    }

    private static DenseMatrix ReadModel(MatrixLocation location, MatrixOrientation orientation)
    {
        ModelMatrices matrices = new(OnnxModelFile.Load(location.Path));
        string[] listed = [.. matrices.All.Select(info => Described(info.Name, info.Dims))];
        if (location.Name is null)
        {
            throw new UsageException(Messages.MatrixNameMissing(location.Path, "matrix", listed));
        }

        DenseTensor tensor = matrices.Read(location.Name)
            ?? throw new UsageException(Messages.MatrixNameUnknown(location.Path, location.Name, "matrix", listed));
        RequireFloat(location, tensor.Type);
        return Make(location, tensor.Type, tensor.Dims, tensor.ToSingles(), orientation);
    }

    private static DenseMatrix Make(MatrixLocation location, NpyArray array, MatrixOrientation orientation)
    {
        RequireFloat(location, array.Type);
        return Make(location, array.Type, array.Dims, array.ToSingles(), orientation);
    }

    private static DenseMatrix Make(
        MatrixLocation location, DataType type, long[] dims, float[] values, MatrixOrientation orientation)
    {
        if (dims.Length < 2 || values.Length == 0)
        {
            throw new OnnxModelException(Messages.NotAMatrix($"{location}", TensorInfo.ShapeText(dims)));
        }

        int rows = (int)dims[0];
        int columns = values.Length / rows;
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        if (bad >= 0)
        {
            throw new OnnxModelException(
                Messages.MatrixNotFinite($"{location}", values[bad], bad / columns, bad % columns));
        }

        return orientation == MatrixOrientation.AsStored
            ? new DenseMatrix($"{location}", ElementTypes.NameOf(type), dims, values, rows, columns)
            : new DenseMatrix(
                $"{location}", ElementTypes.NameOf(type), dims, MatrixTranspose.Of(values, rows, columns), columns,
                rows);
    }

    private static string Described(string name, IEnumerable<long> dims) => $"{name} [{string.Join(',', dims)}]";

    private static void RequireFloat(MatrixLocation location, DataType type)
    {
        if (!ElementTypes.IsFloat(type))
        {
            throw new OnnxModelException(Messages.MatrixType($"{location}", ElementTypes.NameOf(type)));
        }
    }

    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new OnnxModelException(Messages.MatrixFileMissing(path));
        }
    }
}
