using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Cuda.Tests.Ptx;
using FlatLearning.Dyn.Operators;
using FlatLearning.Numerics;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime;
using OrtApi = FlatLearning.CustomOps.Api.OrtApi;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Sessions whose products run on the operators for CUDA, without CUDA: the managed build of the operators, on the
/// CPU's provider, with a driver that interprets kernels and takes the CPU's memory for the device's.
/// </summary>
internal static unsafe class InterpretedHost
{
    private static readonly OrtApi Api = Open();

    /// <summary>A session.</summary>
    public static InferenceSession Open(byte[] model, InterpretedDriver driver)
    {
        using Utf8 name = new(DynOperator.Domain);
        nint domain;
        Api.Check(Api.Functions->CreateCustomOpDomain(name.Pointer, &domain));
        HostSettings settings = new(FlatLearning.Kernels.Activations.Exact, 1, null, UsesCuda: false);
        foreach (CustomOperator op in CudaMatMul.All(new ThreadWorkers(1), driver, provider: null)
            .Concat(DynGather.All(settings)))
        {
            Api.Check(Api.Functions->CustomOpDomainAdd(domain, NativeOperator.Create(op, Api)));
        }

        using SessionOptions options = OrtRuntime.Options(1);
        Api.Check(Api.Functions->AddCustomOpDomain(options.DangerousGetHandle(), domain));
        return new InferenceSession(model, options);
    }

    private static OrtApi Open()
    {
        nint library = NativeLibrary.Load("onnxruntime", typeof(SessionOptions).Assembly, null);
        return OrtApi.Open(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, "OrtGetApiBase"))());
    }
}
