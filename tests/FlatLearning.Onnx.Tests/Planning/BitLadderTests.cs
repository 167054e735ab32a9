using FlatLearning.Fitting;
using FlatLearning.Fitting.Planning;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Planning;
using FlatLearning.Onnx.Proto;
using FlatLearning.Onnx.Restoring;
using FlatLearning.Onnx.Tensors;
using FlatLearning.Onnx.Tests.Support;
using DataType = FlatLearning.Onnx.Proto.TensorProto.Types.DataType;

namespace FlatLearning.Onnx.Tests.Planning;

/// <summary>
/// Plans of small models, whose functions take more bytes than their weights: more bits or bytes never lose more, and
/// no plan loses more than codes of one width of as many bits. What counts is the squared error of all weights
/// together, or what the prior makes of it.
/// </summary>
public sealed class BitLadderTests
{
    private const string Output = "ladder.onnx";

    /// <summary>Errors of equal weights that were read back and summed in another order.</summary>
    private const double Rounding = 1e-6;

    private static readonly ConvertOptions Plain = new() { Output = Output, Prior = ErrorPrior.WeightError };

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(2, 48, 48)]
    [InlineData(3, 64, 32)]
    public void Bits_MoreOfThem_NeverLoseMore(int kind, int rows, int columns) => CheckLadder(kind, rows, columns);

    [Theory]
    [Trait("Set", "Long")]
    [InlineData(1, 40, 72)]
    [InlineData(1, 200, 16)]
    [InlineData(1, 24, 300)]
    [InlineData(4, 96, 56)]
    [InlineData(5, 128, 128)]
    public void Bits_MoreOfThemForOtherShapes_NeverLoseMore(int kind, int rows, int columns) =>
        CheckLadder(kind, rows, columns);

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(2, 48, 48)]
    public void Bits_MoreOfThemByThePrior_NeverLoseMore(int kind, int rows, int columns)
    {
        OnnxModel model = Model(kind, rows, columns);
        ErrorPrior prior = new();
        double least = double.PositiveInfinity;
        for (double bits = 1.5; bits <= 6; bits += 0.5)
        {
            ConvertedModel converted = ModelConverter.Convert(
                model,
                Plain with
                {
                    Prior = prior,
                    Target = PlanTarget.BitsPerWeight(bits),
                    Search = new PlanRequest { Effort = FitEffort.Fast },
                });
            double error = ErrorOf(model, converted, prior);

            Assert.True(error <= least * (1 + Rounding), $"{error} with {bits} bits, {least} with fewer");
            least = Math.Min(least, error);
        }
    }

    private static void CheckLadder(int kind, int rows, int columns)
    {
        OnnxModel model = Model(kind, rows, columns);
        double least = double.PositiveInfinity;
        for (double bits = 1; bits <= 8; bits += bits < 3 ? 0.4 : 0.5)
        {
            ConvertedModel converted = Convert(model, PlanTarget.BitsPerWeight(bits));
            Assert.Contains(converted.Weights, weight => weight.SkippedReason is null);
            double error = ErrorOf(model, converted);

            Assert.True(error <= least * (1 + Rounding), $"{error} with {bits} bits, {least} with fewer");
            least = Math.Min(least, error);
        }
    }

    [Theory]
    [Trait("Set", "Long")]
    [InlineData(1, 64, 64)]
    [InlineData(4, 96, 56)]
    public void Bits_InSmallSteps_NeverLoseMore(int kind, int rows, int columns)
    {
        OnnxModel model = Model(kind, rows, columns);
        double least = double.PositiveInfinity;
        for (double bits = 3; bits <= 4.8; bits += 0.1)
        {
            double error = ErrorOf(model, Convert(model, PlanTarget.BitsPerWeight(bits)));

            Assert.True(error <= least * (1 + Rounding), $"{error} with {bits} bits, {least} with fewer");
            least = Math.Min(least, error);
        }
    }

    [Theory]
    [Trait("Set", "Long")]
    [InlineData(1, 64, 64)]
    [InlineData(3, 64, 64)]
    [InlineData(4, 96, 56)]
    public void Size_MoreOfIt_NeverLosesMore(int kind, int rows, int columns)
    {
        OnnxModel model = Model(kind, rows, columns);
        double least = double.PositiveInfinity;
        long original = ModelSize.Of(model);
        for (double share = 0.25; share < 1; share += 0.05)
        {
            ConvertedModel converted = Convert(model, PlanTarget.Bytes((long)(share * original)));
            if (!converted.Target!.Met)
            {
                continue;
            }

            double error = ErrorOf(model, converted);
            Assert.True(error <= least * (1 + Rounding), $"{error} with {share}, {least} with less");
            least = Math.Min(least, error);
        }

        Assert.True(double.IsFinite(least));
    }

    [Theory]
    [InlineData(1, 64, 64)]
    [InlineData(1, 24, 300)]
    [InlineData(2, 48, 48)]
    [InlineData(3, 64, 64)]
    [InlineData(4, 96, 56)]
    [InlineData(5, 64, 96)]
    public void Plan_OfTheDefaultsBitsOrBytes_LosesNoMore(int kind, int rows, int columns)
    {
        OnnxModel model = Model(kind, rows, columns);
        ConvertedModel plain = ModelConverter.Convert(model, Plain);
        double error = ErrorOf(model, plain);
        WeightReport[] weights = [.. plain.Weights.Where(weight => weight.SkippedReason is null)];
        double bits = 8.0 * weights.Sum(weight => weight.StoredBytes) / weights.Sum(Elements);

        ConvertedModel byBits = Convert(model, PlanTarget.BitsPerWeight(bits));
        ConvertedModel bySize = Convert(model, PlanTarget.Bytes(ModelSize.WhenSaved(plain.Model, Output)));

        Assert.True(
            ErrorOf(model, byBits) <= error * (1 + Rounding),
            $"{ErrorOf(model, byBits)} of {bits} bits, default {error}");
        Assert.True(bySize.Target!.Met);
        Assert.True(
            ErrorOf(model, bySize) <= error * (1 + Rounding),
            $"{ErrorOf(model, bySize)} of {bySize.Target.Asked} bytes, default {error}");
    }

    private static ConvertedModel Convert(OnnxModel model, PlanTarget target) =>
        ModelConverter.Convert(
            model, Plain with { Target = target, Search = new PlanRequest { Effort = FitEffort.Fast } });

    private static double Elements(WeightReport weight) => weight.Shape.Aggregate(1.0, (product, dim) => product * dim);

    /// <summary>Squared error of all weights over their energy, from the numbers of the restored model.</summary>
    private static double ErrorOf(OnnxModel original, ConvertedModel converted) =>
        ErrorOf(original, converted, ErrorPrior.WeightError);

    /// <summary>The same as a prior has it.</summary>
    private static double ErrorOf(OnnxModel original, ConvertedModel converted, ErrorPrior prior)
    {
        OnnxModel restored = converted.Weights.Any(weight => weight.SkippedReason is null)
            ? ModelRestorer.Restore(converted.Model)
            : original;
        (double error, double energy) = (0, 0);
        foreach (TensorProto tensor in original.Proto.Graph.Initializer)
        {
            float[] before = original.Tensors.ReadSingles(tensor);
            float[] after = restored.Tensors.ReadSingles(
                restored.Proto.Graph.Initializer.Single(other => other.Name == tensor.Name));
            int columns = (int)tensor.Dims[1];
            Hessian hessian = prior.HessianOf(before, columns);
            double own = before.Select((a, i) => hessian.At(i / columns) * a * a).Sum();
            double lost = before.Zip(after, (a, b) => (double)a - b)
                .Select((difference, i) => hessian.At(i / columns) * difference * difference).Sum();
            double sensitivity = prior.SensitivityOf(before.Sum(a => (double)a * a), before.Length);
            error += sensitivity * lost / own;
            energy += sensitivity;
        }

        return error / energy;
    }

    /// <summary>A chain of products of so many matrices, whose numbers are of another kind each.</summary>
    private static OnnxModel Model(int matrices, int rows, int columns)
    {
        Random random = new(matrices + rows);
        ModelBuilder builder = new ModelBuilder().Input("x0", DataType.Float, 3, rows).Output($"x{matrices}");
        for (int i = 0; i < matrices; i++)
        {
            (int k, int n) = i % 2 == 0 ? (rows, columns) : (columns, rows);
            float[] values = new float[k * n];
            for (int j = 0; j < values.Length; j++)
            {
                double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                    * Math.Cos(2 * Math.PI * random.NextDouble());
                values[j] = (float)((i % 3) switch
                {
                    0 => normal,
                    1 => normal * Math.Exp(0.1 * (j / n)) * 0.01,
                    _ => normal * normal * normal * 0.1,
                });
            }

            builder.Graph.Initializer.Add(TensorWriter.Float32($"w{i}", [k, n], values));
            builder.Node("MatMul", [$"x{i}", $"w{i}"], $"x{i + 1}");
        }

        return builder.Model;
    }
}
