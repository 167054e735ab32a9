using FlatLearning.Dyn;
using FlatLearning.OnnxRuntime;

namespace FlatLearning.CustomOps.Tests;

/// <summary>What a child process does.</summary>
internal static class Scenarios
{
    /// <summary>Runs the scenario named by the first argument and returns what to print.</summary>
    public static string Run(string[] args) => args[0] switch
    {
        "compute" => Compute(args[1], int.Parse(args[2])),
        _ => throw new ArgumentException($"There is no scenario '{args[0]}'."),
    };

    /// <summary>Random weights through another version of ONNX Runtime, against the oracle.</summary>
    private static string Compute(string onnxRuntime, int count)
    {
        OrtEnvironment environment = OrtEnvironment.For(OrtLibrary.Load(onnxRuntime));
        double worst = 0;
        for (int seed = 0; seed < count; seed++)
        {
            DynWeight weight = WeightGenerator.Create(WeightGenerator.Draw(seed));
            using InferenceSession session = NativeHost.Open(NodeModel.Of(weight), environment: environment);
            OrtTensor x = Inputs.Random(seed, TensorElementType.Float, 3, weight.Rows);
            worst = Math.Max(worst, new ProductOracle(weight).Check(x, NativeHost.Run(session, x)));
        }

        return $"{environment.Library.VersionString} {count} {worst:0.000}";
    }
}
