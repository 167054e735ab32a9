namespace FlatLearning.OnnxRuntime.Tests;

public sealed class RunTests
{
    [Theory]
    [InlineData(TensorElementType.Float)]
    [InlineData(TensorElementType.Double)]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.BFloat16)]
    [InlineData(TensorElementType.Bool)]
    [InlineData(TensorElementType.Int8)]
    [InlineData(TensorElementType.UInt8)]
    [InlineData(TensorElementType.Int16)]
    [InlineData(TensorElementType.UInt16)]
    [InlineData(TensorElementType.Int32)]
    [InlineData(TensorElementType.UInt32)]
    [InlineData(TensorElementType.Int64)]
    [InlineData(TensorElementType.UInt64)]
    public void Run_Identity_ReturnsTheSameBytes(TensorElementType type)
    {
        using InferenceSession session = InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(type));
        OrtTensor x = OrtTensor.Allocate(type, 5, 3);
        for (int i = 0; i < x.ByteCount; i++)
        {
            x.Bytes[i] = (byte)(type == TensorElementType.Bool ? i % 2 : (i * 37) & 0x3F);
        }

        OrtTensor y = Assert.Single(session.Run(new Dictionary<string, OrtTensor> { ["x"] = x }));
        Assert.Equal(type, y.ElementType);
        Assert.Equal([5, 3], y.Shape.ToArray());
        Assert.Equal(x.Bytes.ToArray(), y.Bytes.ToArray());
    }

    [Fact]
    public void Run_EmptyBatch_ReturnsAnEmptyTensor()
    {
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        OrtTensor y = session.Run(
            new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Allocate(TensorElementType.Float, 0, 3) })[0];
        Assert.Equal([0, 3], y.Shape.ToArray());
    }

    [Fact]
    public void Run_OutputsByName_ComeInTheOrderAskedFor()
    {
        using InferenceSession session = InferenceSession.Open(OrtEnvironment.Default, TinyModel.SumAndDifference());
        Dictionary<string, OrtTensor> inputs = new()
        {
            ["a"] = OrtTensor.Create<float>([1, 2, 3], 1, 3),
            ["b"] = OrtTensor.Create<float>([10, 20, 30], 1, 3),
        };
        IReadOnlyList<OrtTensor> both = session.Run(inputs, ["difference", "sum"]);
        Assert.Equal([-9.0, -18, -27], both[0].ToDoubles());
        Assert.Equal([11.0, 22, 33], both[1].ToDoubles());
        Assert.Equal([11.0, 22, 33], Assert.Single(session.Run(inputs, ["sum"])).ToDoubles());
    }

    [Fact]
    public void Run_UnknownMissingOrWrongInput_SaysWhich()
    {
        using InferenceSession session = InferenceSession.Open(OrtEnvironment.Default, TinyModel.SumAndDifference());
        OrtTensor good = OrtTensor.Create<float>([1, 2, 3], 1, 3);
        Assert.Contains("no input 'c'; it has 'a', 'b'", Refusal(session, ("c", good)), StringComparison.Ordinal);
        Assert.Contains("input 'b'", Refusal(session, ("a", good)), StringComparison.Ordinal);
        OrtTensor wrong = OrtTensor.Create<double>([1, 2, 3], 1, 3);
        Assert.Contains(
            "Input 'b' expects float, but double was given",
            Refusal(session, ("a", good), ("b", wrong)),
            StringComparison.Ordinal);
        Assert.NotEmpty(Refusal(session, ("a", good), ("b", OrtTensor.Create<float>([1, 2], 1, 2))));
    }

    [Fact]
    public void Run_AfterDispose_ThrowsObjectDisposed()
    {
        InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
        session.Dispose();
        session.Dispose();
        Dictionary<string, OrtTensor> inputs = new() { ["x"] = OrtTensor.Create<float>([1, 2, 3], 1, 3) };
        Assert.Throws<ObjectDisposedException>(() => session.Run(inputs));
    }

    [Fact]
    public async Task Run_WhileDisposed_EitherRunsOrThrowsObjectDisposed()
    {
        Dictionary<string, OrtTensor> inputs = new() { ["x"] = OrtTensor.Create<float>([1, 2, 3], 1, 3) };
        for (int i = 0; i < 50; i++)
        {
            InferenceSession session =
                InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float));
            Task<int> runs = Task.Run(() =>
            {
                int count = 0;
                try
                {
                    while (true)
                    {
                        Assert.Equal([1.0, 2, 3], session.Run(inputs)[0].ToDoubles());
                        count++;
                    }
                }
                catch (ObjectDisposedException)
                {
                    return count;
                }
            });
            session.Dispose();
            await runs.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public void Session_OfTinyModel_TellsNamesShapesAndMetadata()
    {
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float16));
        Assert.Equal("x: float16[batch,3]", Assert.Single(session.Inputs).ToString());
        Assert.Equal(new OrtDimension(-1, "batch"), session.Inputs[0].Shape[0]);
        Assert.Equal("test producer", session.Metadata.Producer);
        Assert.Equal("tiny", session.Metadata.GraphName);
        Assert.Equal("välue", session.Metadata.Custom["key"]);
    }

    [Fact]
    public void SessionOptions_FreeDimension_IsFixed()
    {
        SessionOptions options = new() { FreeDimensions = { ["batch"] = 7 } };
        using InferenceSession session =
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.Identity(TensorElementType.Float), options);
        Assert.Equal(7, session.Inputs[0].Shape[0].Value);
    }

    [Fact]
    public void SessionOptions_OptimizedModelPath_IsWritten()
    {
        string path = Path.Combine(Path.GetTempPath(), $"flat-onnx-{Guid.NewGuid():N}.onnx");
        try
        {
            SessionOptions options =
                new() { OptimizedModelPath = path, GraphOptimization = GraphOptimizationLevel.Basic };
            InferenceSession.Open(OrtEnvironment.Default, TinyModel.SumAndDifference(), options).Dispose();
            using InferenceSession again = InferenceSession.Open(OrtEnvironment.Default, path);
            Assert.Equal(2, again.Outputs.Count);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void SessionOptions_CustomOpsLibraryThatIsMissing_ThrowsWithItsPath()
    {
        SessionOptions options = new SessionOptions().RegisterCustomOpsLibrary("/nowhere/libcustom.so");
        OrtException e = Assert.Throws<OrtException>(
            () => InferenceSession.Open(OrtEnvironment.Default, TinyModel.SumAndDifference(), options).Dispose());
        Assert.Contains("/nowhere/libcustom.so", e.Message, StringComparison.Ordinal);
    }

    private static string Refusal(InferenceSession session, params (string Name, OrtTensor Tensor)[] inputs) =>
        Assert.Throws<OrtException>(() => session.Run(inputs.ToDictionary(i => i.Name, i => i.Tensor))).Message;
}
