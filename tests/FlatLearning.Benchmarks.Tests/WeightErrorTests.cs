using FlatLearning.Fitting.Codes;
using FlatLearning.Fitting;
using FlatLearning.Testing;

namespace FlatLearning.Benchmarks.Tests;

public class WeightErrorTests
{
    /// <summary>The claim of the README, as the command <c>weight-error</c> prints it.</summary>
    [SharedFact]
    [Trait("Set", "Long")]
    public void Codes_FourBits_HaveAtMostOrtsErrorAtFewerBitsOverAllModels()
    {
        List<WeightErrors> models = [];
        foreach ((_, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            Path.Combine(Repository.Shared!, "models"), minSize: 4096))
        {
            WeightErrors total = default;
            foreach (MatrixWeight weight in weights)
            {
                total += WeightErrors.Measure(weight, new UniformCodesPlan { Bits = 4 });
            }

            models.Add(total);
            Assert.True(total.OwnBits < total.OrtBits);
        }

        Assert.True(models.Count >= 12, $"only {models.Count} models with weights were found");
        double own = models.Average(m => m.OwnError);
        double ort = models.Average(m => m.OrtError);
        Assert.True(own <= ort, $"{own} against {ort}");
        Assert.True(models.Average(m => m.OwnBits) < models.Average(m => m.OrtBits));
    }
}
