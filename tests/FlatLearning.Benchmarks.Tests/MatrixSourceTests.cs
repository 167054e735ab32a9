using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Proto;
using FlatLearning.Testing;

namespace FlatLearning.Benchmarks.Tests;

public class MatrixSourceTests
{
    [Fact]
    public void Load_FirstAndTransposed_CutsAndThenTurns()
    {
        using TempFile file = new();
        byte[] data = new byte[4 * 12];
        Buffer.BlockCopy(Enumerable.Range(0, 12).Select(i => (float)i).ToArray(), 0, data, 0, data.Length);
        NpyFile.Write(file.Path, new NpyArray(TensorProto.Types.DataType.Float, [3, 4], data));
        MatrixWeight weight = MatrixSource.Load(file.Path + ",first=2x3,transposed");
        Assert.Equal((3, 2), (weight.Rows, weight.Columns));
        Assert.Equal([0, 4, 1, 5, 2, 6], weight.Values);
    }

    [Fact]
    public void Load_UnknownWord_NamesIt()
    {
        using TempFile file = new();
        NpyFile.Write(file.Path, new NpyArray(TensorProto.Types.DataType.Float, [1, 1], new byte[4]));
        Assert.Contains(
            "'turned'",
            Assert.Throws<ArgumentException>(() => MatrixSource.Load(file.Path + ",turned")).Message,
            StringComparison.Ordinal);
    }

    [SharedFact]
    public void Of_PresetIssue_IsThreeMatricesOf128By256()
    {
        List<MatrixWeight> weights = MatrixSource.Of(
            new Arguments(["--preset", "issue", "--models", Path.Combine(Repository.Shared!, "models")]));
        Assert.Equal(3, weights.Count);
        Assert.All(
            weights,
            weight => Assert.Equal((128, 256, 128 * 256), (weight.Rows, weight.Columns, weight.Values.Length)));
    }

    [SharedFact]
    public void LargestConstant_EveryModel_HasOne()
    {
        string[] models = Directory.GetFiles(Path.Combine(Repository.Shared!, "models"), "*.onnx");
        Assert.NotEmpty(models);
        Assert.All(
            models,
            path => Assert.True(
                ModelWeights.LargestConstant(path) is { Rows: > 1, Columns: > 1 } weight
                    && weight.Values.Length == weight.Rows * weight.Columns,
                path));
    }

    private sealed class TempFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}.npy");

        public void Dispose() => File.Delete(Path);
    }
}
