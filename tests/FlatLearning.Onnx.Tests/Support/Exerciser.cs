using System.Diagnostics;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Graph;
using FlatLearning.Onnx.Graph.Folding;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Validation;

namespace FlatLearning.Onnx.Tests.Support;

/// <summary>
/// Runs a possibly damaged file through everything that reads models, within bounds of time and memory.
/// </summary>
internal static class Exerciser
{
    private static readonly TimeSpan MaximalTime = TimeSpan.FromSeconds(5);

    // Room for a run's own first-time costs, and for each constant being read once per node that mentions it.
    private const long MaximalAllocation = 64L << 20;
    private const long MaximalReads = 60;

    /// <summary>Loads, validates, folds every constant, reads every tensor and saves.</summary>
    /// <returns>Null where all went well, else the one sentence that says why not.</returns>
    public static string? Run(string path, string output)
    {
        Stopwatch watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? sentence = null;
        try
        {
            OnnxModel model = OnnxModelFile.Load(path);
            ModelValidator.Check(model);
            Use(model);
            OnnxModelFile.Save(model, output, new SaveOptions { Existing = ExistingFile.Replace });
            OnnxModelFile.Load(output);
        }
        catch (OnnxModelException exception)
        {
            Sentences.AssertOne(exception);
            sentence = exception.Message;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(watch.Elapsed < MaximalTime, $"took {watch.Elapsed}");
        Assert.True(
            allocated < MaximalAllocation + (MaximalReads * new FileInfo(path).Length), $"allocated {allocated} bytes");
        return sentence;
    }

    private static void Use(OnnxModel model)
    {
        GraphIndex index = new(model.Proto);
        ConstantFolder folder = new(model, index);
        foreach (GraphScope scope in index.Scopes)
        {
            foreach (string name in scope.Nodes.SelectMany(node => node.Input.Concat(node.Output))
                .Where(name => name.Length > 0))
            {
                if (folder.Find(scope, name, out _) is { } constant)
                {
                    folder.Read(constant, out _);
                }
            }
        }

        foreach (TensorProto tensor in ModelWalk.Tensors(model.Proto)
            .Where(tensor => tensor.DataType != (int)TensorProto.Types.DataType.String))
        {
            model.Tensors.ReadRaw(tensor);
        }
    }
}
