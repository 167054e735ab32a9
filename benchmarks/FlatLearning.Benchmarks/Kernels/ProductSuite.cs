using BenchmarkDotNet.Attributes;
using FlatLearning.Onnx.Evaluation.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Benchmarks.Kernels;

/// <summary>
/// One product of some rows and a 1,024 x 1,024 weight through ONNX Runtime, one thread, the weight in cache;
/// contenders as in <see cref="ShapeModel"/>.
/// </summary>
public class ProductSuite
{
    private const int Width = 1024;

    private InferenceSession? _session;
    private BoundRun? _run;

    /// <summary>The native library's file.</summary>
    public static string Library { get; set; } = string.Empty;

    /// <summary>What is compared.</summary>
    public static IEnumerable<string> Contenders { get; set; } = [];

    /// <summary>Rows of x.</summary>
    public static IEnumerable<int> RowCounts { get; set; } = [];

    /// <summary>One of <see cref="Contenders"/>.</summary>
    [ParamsSource(nameof(Contenders))]
    public string Contender { get; set; } = string.Empty;

    /// <summary>One of <see cref="RowCounts"/>.</summary>
    [ParamsSource(nameof(RowCounts))]
    public int Rows { get; set; }

    /// <summary>Opens the session.</summary>
    [GlobalSetup]
    public void Open()
    {
        using SessionOptions settings = ContenderOptions.Create(Contender, 1, Library);
        _session = new InferenceSession(ShapeModel.Create(Contender, Width, Width, 1).ToByteArray(), settings);
        float[] x = new float[Rows * Width];
        Random random = new(Rows);
        foreach (ref float value in x.AsSpan())
        {
            value = (2 * random.NextSingle()) - 1;
        }

        _run = _session.Bind(new Dictionary<string, OrtTensor> { ["x"] = OrtTensor.Create(x, Rows, Width) });
    }

    /// <summary>Multiplies.</summary>
    [Benchmark]
    public void Product() => _run!.Run();

    /// <summary>Closes the session.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _run?.Dispose();
        _session?.Dispose();
    }
}
