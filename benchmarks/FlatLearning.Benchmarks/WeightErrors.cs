using System.Diagnostics;
using FlatLearning.Fitting;
using FlatLearning.Fitting.Peers;

namespace FlatLearning.Benchmarks;

/// <summary>Sums over weights: what ONNX Runtime's blocks and a fit store, and their squared errors.</summary>
internal readonly record struct WeightErrors(
    long Weights, double Energy, double OrtSquared, long OrtBytes, double OwnSquared, long OwnBytes, double Seconds)
{
    public double OrtError => OrtSquared / Energy;

    public double OwnError => OwnSquared / Energy;

    public double OrtBits => 8.0 * OrtBytes / Weights;

    public double OwnBits => 8.0 * OwnBytes / Weights;

    public static WeightErrors operator +(WeightErrors a, WeightErrors b) => new(
        a.Weights + b.Weights, a.Energy + b.Energy, a.OrtSquared + b.OrtSquared, a.OrtBytes + b.OrtBytes,
        a.OwnSquared + b.OwnSquared, a.OwnBytes + b.OwnBytes, a.Seconds + b.Seconds);

    /// <summary>Quantises one weight both ways.</summary>
    public static WeightErrors Measure(MatrixWeight weight, WeightPlan plan)
    {
        (double energy, double ort) = (0, 0);
        float[] rounded =
            OrtBlockFormat.Default.RoundTrip(new PeerMatrix(weight.Values, weight.Rows, weight.Columns)).Values;
        for (int i = 0; i < rounded.Length; i++)
        {
            double error = (double)rounded[i] - weight.Values[i];
            energy += (double)weight.Values[i] * weight.Values[i];
            ort += error * error;
        }

        long start = Stopwatch.GetTimestamp();
        FitResult result = WeightFitter.Fit(weight.Values, weight.Rows, weight.Columns, plan);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long bytes = result.Weight?.StoredBytes
            ?? throw new InvalidOperationException($"{weight.Name}: {result.Reason}");
        return new WeightErrors(
            weight.Values.Length, energy, ort, OrtBlockFormat.Default.PlannedBytes(weight.Rows, weight.Columns),
            result.Error * energy, bytes, seconds);
    }
}
