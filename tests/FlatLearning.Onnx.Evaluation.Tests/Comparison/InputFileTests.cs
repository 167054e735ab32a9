using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Numpy;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using Google.Protobuf;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Evaluation.Tests.Comparison;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("batch", 2, new[] { 2, 2, 1 })]
    [InlineData("batch", 16, new[] { 5 })]
    [InlineData(1, 16, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(5, 2, new[] { 5 })]
    public void Npz_LongerThanTheBatch_IsCutIntoRuns(object declared, int batch, int[] rows)
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Singles([5, 2], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)));

        ComparisonSample[] samples = Samples(
            ComparisonModels.Unary("Identity", DataType.Float, declared, 2), InputSources.Open(path, batch: batch));

        Assert.Equal(rows, samples.Select(sample => (int)sample.Inputs["x"].Shape[0]));
        Assert.Equal(rows, samples.Select(sample => sample.Count));
        Assert.Equal(
            [0f, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            samples.SelectMany(sample => sample.Inputs["x"].AsSpan<float>().ToArray()));
    }

    [Fact]
    public void Npz_WithLimit_StopsThere()
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Singles([5, 2], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)));

        ComparisonSample[] samples = Samples(
            ComparisonModels.Unary("Identity", DataType.Float, "n", 2), InputSources.Open(path, limit: 3, batch: 2));

        Assert.Equal(3, samples.Sum(sample => sample.Count));
    }

    [Fact]
    public void Npz_WithMoreDimensionsThanTheInput_GivesOneEntryToARun()
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Singles([3, 2], 0, 1, 2, 3, 4, 5)));

        ComparisonSample[] samples =
            Samples(ComparisonModels.Unary("Identity", DataType.Float, 2), InputSources.Open(path));

        Assert.Equal(3, samples.Length);
        Assert.Equal([2f, 3], samples[1].Inputs["x"].AsSpan<float>().ToArray());
    }

    [Fact]
    public void Npz_WithoutBatchDimension_IsOneSample()
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Singles([2], 0, 1)));

        ComparisonSample sample =
            Assert.Single(Samples(ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(path)));

        Assert.Equal([1L, 2], sample.Inputs["x"].Shape.ToArray());
    }

    [Fact]
    public void Npz_WithOneArrayOfAnotherName_ServesASingleInput()
    {
        string path = _folder.WriteNpz(
            "in.npz", ("arr_0", ComparisonModels.Singles([1, 2], 0, 1)), ("labels", ComparisonModels.Int64s([1], 1)));

        ComparisonSample sample =
            Assert.Single(Samples(ComparisonModels.Unary("Identity", DataType.Float, "n", 2), InputSources.Open(path)));

        Assert.Equal([1L], sample.Labels!.AsSpan<long>().ToArray());
    }

    [Fact]
    public void Npz_WithLabels_CutsThemAlong()
    {
        string path = _folder.WriteNpz(
            "in.npz",
            ("x", ComparisonModels.Singles([3, 2], 0, 1, 2, 3, 4, 5)),
            ("labels", ComparisonModels.Int64s([3], 7, 8, 9)));

        ComparisonSample[] samples =
            Samples(ComparisonModels.Unary("Identity", DataType.Float, "n", 2), InputSources.Open(path, batch: 2));

        Assert.Equal([9L], samples[1].Labels!.AsSpan<long>().ToArray());
    }

    [Fact]
    public void Npz_OfAWholeAndOfRows_RepeatsTheWhole()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, 1, 2));
        graph.Input.Add(ComparisonModels.Open("state", DataType.Float, 2, 1));
        graph.Input.Add(ComparisonModels.Open("rate", DataType.Int64));
        graph.Output.Add(ComparisonModels.Open("y", DataType.Float, 1, 2));
        graph.Node.Add(TestModels.Node("Identity", ["x"], ["y"]));
        string path = _folder.WriteNpz(
            "in.npz",
            ("x", ComparisonModels.Singles([3, 2], 0, 1, 2, 3, 4, 5)),
            ("state", ComparisonModels.Singles([2, 1], 6, 7)),
            ("rate", ComparisonModels.Int64s([], 16000)));

        ComparisonSample[] samples = Samples(TestModels.Model(graph), InputSources.Open(path));

        Assert.Equal(3, samples.Length);
        Assert.All(samples, sample => Assert.Equal([6f, 7], sample.Inputs["state"].AsSpan<float>().ToArray()));
        Assert.All(samples, sample => Assert.Equal([16000L], sample.Inputs["rate"].AsSpan<long>().ToArray()));
    }

    [Theory]
    [InlineData(DataType.Float, true)]
    [InlineData(DataType.Float16, true)]
    [InlineData(DataType.Int64, false)]
    public void Array_OfFloat64_IsRoundedToFloatsOnly(DataType type, bool fits)
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Doubles([1, 2], 0.5, 1)));
        ModelProto model = ComparisonModels.Unary("Identity", type, "n", 2);

        if (fits)
        {
            Assert.Equal([0.5, 1], Assert.Single(Samples(model, InputSources.Open(path))).Inputs["x"].ToDoubles());
        }
        else
        {
            Assert.StartsWith("FLAT0735", Refusal(model, path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DataType.Int32, 2147483647L, true)]
    [InlineData(DataType.Int32, 2147483648L, false)]
    [InlineData(DataType.Int32, -2147483648L, true)]
    [InlineData(DataType.Uint8, 255L, true)]
    [InlineData(DataType.Uint8, 256L, false)]
    [InlineData(DataType.Uint8, -1L, false)]
    [InlineData(DataType.Bool, 1L, true)]
    [InlineData(DataType.Bool, 2L, false)]
    public void Array_OfWholeNumbers_ChangesWidthWhereTheyFit(DataType type, long value, bool fits)
    {
        string path = _folder.WriteNpz("in.npz", ("x", ComparisonModels.Int64s([1, 1], value)));
        ModelProto model = ComparisonModels.Unary("Identity", type, "n", 1);

        if (fits)
        {
            Assert.Equal(
                [(double)value], Assert.Single(Samples(model, InputSources.Open(path))).Inputs["x"].ToDoubles());
        }
        else
        {
            Assert.StartsWith("FLAT0735", Refusal(model, path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("other", new long[] { 4, 2 }, "FLAT0733")]
    [InlineData("x", new long[] { 4, 3 }, "FLAT0736")]
    [InlineData("x", new long[] { 5, 2 }, "FLAT0738")]
    [InlineData("x", new long[] { 1, 4, 3, 2 }, "FLAT0736")]
    public void Npz_ThatDoesNotFit_IsRefusedWithOneSentence(string name, long[] shape, string number)
    {
        float[] values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        string path = _folder.WriteNpz(
            "in.npz", (name, ComparisonModels.Singles(shape, values)), ("more", ComparisonModels.Singles([1], 0)));

        Assert.StartsWith(
            number, Refusal(ComparisonModels.Unary("Identity", DataType.Float, 4, 2), path), StringComparison.Ordinal);
    }

    [Fact]
    public void Npz_WithFewerLabelsThanRows_IsRefused()
    {
        string path = _folder.WriteNpz(
            "in.npz", ("x", ComparisonModels.Singles([2, 2], 0, 1, 2, 3)), ("labels", ComparisonModels.Int64s([1], 7)));

        Assert.StartsWith(
            "FLAT0737",
            Refusal(ComparisonModels.Unary("Identity", DataType.Float, "n", 2), path),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Npy_ForTheSingleInput_IsRead()
    {
        NpyFile.Write(_folder["in.npy"], ComparisonModels.Singles([2, 2], 0, 1, 2, 3));

        ComparisonSample[] samples =
            Samples(ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(_folder["in.npy"]));

        Assert.Equal([2f, 3], samples[1].Inputs["x"].AsSpan<float>().ToArray());
    }

    [Fact]
    public void Folder_OfNpyPerInputAndLabels_IsRead()
    {
        NpyFile.Write(_folder["x.npy"], ComparisonModels.Singles([2, 2], 0, 1, 2, 3));
        NpyFile.Write(_folder["labels.npy"], ComparisonModels.Int64s([2], 4, 5));

        ComparisonSample[] samples =
            Samples(ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(_folder.Path));

        Assert.Equal([5L], samples[1].Labels!.AsSpan<long>().ToArray());
    }

    [Fact]
    public void Folder_OfNpySamples_IsReadInOrderUpToTheLimit()
    {
        NpyFile.Write(_folder["b.npy"], ComparisonModels.Singles([1, 2], 2, 3));
        NpyFile.Write(_folder["a.npy"], ComparisonModels.Singles([1, 2], 0, 1));
        NpyFile.Write(_folder["c.npy"], ComparisonModels.Singles([1, 2], 4, 5));

        ComparisonSample[] samples = Samples(
            ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(_folder.Path, limit: 2));

        Assert.Equal([0f, 2], samples.Select(sample => sample.Inputs["x"].AsSpan<float>()[0]));
    }

    [Fact]
    public void Folder_OfNpz_IsReadInOrder()
    {
        _folder.WriteNpz("2.npz", ("x", ComparisonModels.Singles([1, 2], 2, 3)));
        _folder.WriteNpz("1.npz", ("x", ComparisonModels.Singles([1, 2], 0, 1)));

        ComparisonSample[] samples =
            Samples(ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(_folder.Path));

        Assert.Equal([0f, 2], samples.Select(sample => sample.Inputs["x"].AsSpan<float>()[0]));
    }

    [Fact]
    public void Folder_OfTestData_IsReadWithItsOutputs()
    {
        WriteSet("test_data_set_0", 1, 2);
        WriteSet("test_data_set_1", 3, 4);
        string model = _folder.Write("a.onnx", ComparisonModels.Unary("Identity", DataType.Float, 1, 2));

        ComparisonReport report = ModelComparer.Compare(
            new ComparisonRequest { Original = model, Converted = model, Inputs = InputSources.Open(_folder.Path) });

        // The expected outputs are the inputs plus one.
        Assert.Equal(2, report.Samples);
        Assert.True(Assert.Single(report.Outputs).Identical);
        Assert.Equal(1, Assert.Single(report.Expected).MaxAbs);
        Assert.Equal(1, Assert.Single(report.Expected).MeanAbs);
    }

    [Fact]
    public void TestData_OfTooFewInputs_IsRefused()
    {
        GraphProto graph = new() { Name = "main" };
        graph.Input.Add(ComparisonModels.Open("x", DataType.Float, 1, 2));
        graph.Input.Add(ComparisonModels.Open("z", DataType.Float, 1, 2));
        graph.Output.Add(ComparisonModels.Open("y", DataType.Float, 1, 2));
        graph.Node.Add(TestModels.Node("Add", ["x", "z"], ["y"]));
        WriteSet("test_data_set_0", 1, 2);

        Assert.StartsWith("FLAT0740", Refusal(TestModels.Model(graph), _folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing.npz", "FLAT0731")]
    [InlineData("text.txt", "FLAT0732")]
    [InlineData(".", "FLAT0739")]
    public void Path_ThatHoldsNoInputs_IsRefusedWithOneSentence(string name, string number)
    {
        File.WriteAllText(_folder["text.txt"], "text");

        Assert.StartsWith(
            number,
            Refusal(ComparisonModels.Unary("Identity", DataType.Float, 1, 2), _folder[name]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Npz_ThatIsDamaged_IsRefusedWithOneSentence()
    {
        File.WriteAllText(_folder["bad.npz"], "no archive");

        Assert.Throws<OnnxModelException>(
            () => Samples(
                ComparisonModels.Unary("Identity", DataType.Float, 1, 2), InputSources.Open(_folder["bad.npz"])));
    }

    private static ComparisonSample[] Samples(ModelProto model, InputSource source)
    {
        using ModelRunner runner = ModelRunner.Open(TestModels.Bytes(model), "model");
        ComparisonSample[] samples = [.. source.Prepare(runner).Samples];
        Assert.All(samples, sample => runner.Run(sample.Inputs));
        return samples;
    }

    private static string Refusal(ModelProto model, string path)
    {
        string message = Assert.Throws<UsageException>(() => Samples(model, InputSources.Open(path))).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void WriteSet(string name, float first, float second)
    {
        string set = Directory.CreateDirectory(_folder[name]).FullName;
        File.WriteAllBytes(
            Path.Combine(set, "input_0.pb"), TensorWriter.Float32("x", [1, 2], [first, second]).ToByteArray());
        File.WriteAllBytes(
            Path.Combine(set, "output_0.pb"), TensorWriter.Float32("", [1, 2], [first + 1, second + 1]).ToByteArray());
    }
}
