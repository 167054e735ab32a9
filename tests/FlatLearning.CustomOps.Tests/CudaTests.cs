using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Cuda.Driver;
using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Dyn;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Testing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.CustomOps.Tests;

/// <summary>The operators for the CUDA provider.</summary>
public sealed class CudaTests
{
    // x lies on the device, everything else in the CPU's memory; the name is what ONNX Runtime calls the provider.
    [Fact]
    public unsafe void Operator_ForCuda_SaysProviderAndMemory()
    {
        CustomOperator op = CudaMatMul.All(new ThreadWorkers(1), null, CudaMatMul.CudaProvider).First();
        OrtCustomOp* native = NativeOperator.Create(op, default);
        Assert.Equal(
            "CUDAExecutionProvider",
            System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)native->GetExecutionProviderType(native)));
        Assert.Equal(0, native->GetInputMemoryType(native, 0));
        for (nuint i = 1; i < native->GetInputTypeCount(native); i++)
        {
            Assert.Equal(-2, native->GetInputMemoryType(native, i));
        }

        HostSettings settings = new(FlatLearning.Kernels.Activations.Exact, 1, null, UsesCuda: false);
        Assert.DoesNotContain(OperatorList.Create(settings), one => one.Provider is not null);
        CustomOperator plain = OperatorList.Create(settings).First();
        OrtCustomOp* other = NativeOperator.Create(plain, default);
        Assert.True(other->GetExecutionProviderType(other) is null);
        Assert.Equal(0, other->GetInputMemoryType(other, 1));
    }

    // Both make one operator of ONNX Runtime only where they agree in all but the provider.
    [Fact]
    public void Operators_ForCuda_HaveTheNamesAndInputsOfTheOthers()
    {
        HostSettings settings = new(FlatLearning.Kernels.Activations.Exact, 1, null, UsesCuda: true);
        CustomOperator[] all = [.. OperatorList.Create(settings)];
        CustomOperator[] cuda = [.. all.Where(op => op.Provider is not null)];
        Assert.NotEmpty(cuda);
        Assert.All(cuda, op => Assert.Single(
            all, other => other.Provider is null && other.Name == op.Name && other.Inputs == op.Inputs
                && other.Output == op.Output && other.Operands.SequenceEqual(op.Operands)));
    }

    [Fact]
    public void Node_WithEveryTypeOfX_RunsOnTheInterpreter()
    {
        foreach (TensorElementType type in (TensorElementType[])
            [TensorElementType.Float, TensorElementType.Float16, TensorElementType.BFloat16])
        {
            DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 50, Columns = 70, Bits = 3, Taps = 2 });
            NodeModel model = NodeModel.Of(weight);
            model.XType = type;
            InterpretedDriver driver = new(withHost: true);
            using (InferenceSession session = InterpretedHost.Open(model.ToBytes(), driver))
            {
                OrtTensor x = Inputs.Random(1, type, 6, weight.Rows);
                new ProductOracle(weight).Check(x, NativeHost.Run(session, x));
            }

            // What is left when the session is closed is the working memory of its stream.
            Assert.Equal(1, driver.Memory.Count);
        }
    }

    [Fact]
    public void Node_WithoutMemoryOnTheDevice_IsOneSentence()
    {
        DynWeight weight = WeightGenerator.Create(new WeightCase { Rows = 50, Columns = 70, Bits = 3, Taps = 2 });
        using InferenceSession session = InterpretedHost.Open(
            NodeModel.Of(weight).ToBytes(), new InterpretedDriver(withHost: true) { MaxBytes = 100 });
        OrtTensor x = Inputs.Random(1, TensorElementType.Float, 3, weight.Rows);
        OnnxRuntimeException e = Assert.Throws<OnnxRuntimeException>(() => NativeHost.Run(session, x));
        Assert.Contains("the GPU has not enough memory for", e.Message, StringComparison.Ordinal);
        Assert.Contains("DynMatMul node", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernel_WithoutADriver_IsOneSentence()
    {
        CustomOperator op = CudaMatMul.All(new ThreadWorkers(1), null, null).First();
        CudaException e = Assert.Throws<CudaException>(() => op.CreateKernel(null!));
        Assert.Equal("there is no CUDA driver on this machine (libcuda.so.1 or nvcuda.dll)", e.Message);
    }

    // All weights of a transformer: 4 bits for one token, bands of about 3 bits for twelve.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 12)]
    public void Model_Converted_RunsOnTheInterpreterAsOnTheProcessor(double bits, int tokens)
    {
        OnnxModel original = OnnxModelFile.Load(
            Path.Combine(Repository.Root, "models", "char-transformer", "char_transformer.onnx"));
        ConvertOptions options = bits == 0
            ? new ConvertOptions()
            : new ConvertOptions { Target = PlanTarget.BitsPerWeight(bits) };
        byte[] model = OnnxModelFile.ToBytes(ModelConverter.Convert(original, options).Model);
        long[] ids = [.. Enumerable.Range(0, tokens).Select(i => (long)(7 * i % 37))];
        InterpretedDriver driver = new(withHost: true);
        using InferenceSession interpreted = InterpretedHost.Open(model, driver);
        using SessionOptions plain = OrtRuntime.Options(1);
        using InferenceSession expected = new(model, plain);
        float[] y = Logits(interpreted, ids);
        float[] reference = Logits(expected, ids);
        double error = Math.Sqrt(y.Zip(reference, (a, b) => Math.Pow((double)a - b, 2)).Sum());
        Assert.InRange(error / Math.Sqrt(reference.Sum(v => (double)v * v)), 0, 1e-5);
        Assert.True(driver.Launches.Count > 40, $"only {driver.Launches.Count} launches");
    }

    private static float[] Logits(InferenceSession session, long[] ids)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(ids, [1, ids.Length]);
        using RunOptions run = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(run, ["ids"], [input], ["logits"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
