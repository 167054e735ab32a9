using FlatLearning.Onnx;
using FlatLearning.Onnx.Conversion;
using FlatLearning.Onnx.CustomOps;
using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Planning;
using Microsoft.ML.OnnxRuntime;

ConvertOptions options = new() { Target = PlanTarget.BitsPerWeight(4.5) };
Progress<double> progress = new(share => Console.Error.Write($"\r{share:P0} "));
using CancellationTokenSource patience = new(TimeSpan.FromMinutes(10));
ConversionReport conversion =
    FlatModel.Convert("model.onnx", "model.flat.onnx", options, progress, patience.Token);
ComparisonReport comparison = FlatModel.Compare("model.onnx", "model.flat.onnx", FlatLearningLibrary.Path);
FlatModel.Restore("model.flat.onnx", "model.restored.onnx");
Console.WriteLine($"{conversion.InputBytes} -> {conversion.OutputBytes} bytes, {comparison.Outputs[0].SnrDb:F1} dB");

using SessionOptions session = new();
session.RegisterFlatLearning();
using InferenceSession model = new("model.flat.onnx", session);
