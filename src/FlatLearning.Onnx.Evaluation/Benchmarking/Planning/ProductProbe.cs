using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Finds the shapes of the products' results by running a copy of the model that has them as outputs.
/// </summary>
internal sealed class ProductProbe
{
    private readonly OnnxModel _model;
    private readonly IReadOnlyList<WeightProduct> _products;
    private readonly RunnerOptions _options;

    public ProductProbe(OnnxModel model, RunnerOptions options)
    {
        (_model, _options) = (model, options);
        _products = WeightProducts.Find(model);
    }

    /// <summary>
    /// The work of one run on given inputs, for each way to run the model in turn: with the weights as stored, and
    /// dense.
    /// </summary>
    public (ProductWork Stored, ProductWork Dense) Measure(IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        double? flops = Flops(inputs);
        return (
            new ProductWork(_products.Count, _products.Sum(product => product.StoredBytes), flops),
            new ProductWork(_products.Count, _products.Sum(product => product.DenseBytes), flops));
    }

    private double? Flops(IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        string[] names = [.. _products.Select(product => product.Output).Distinct()];
        if (names.Length == 0)
        {
            return 0;
        }

        try
        {
            HashSet<string> known = [.. _model.Proto.Graph.Output.Select(output => output.Name)];
            using ModelRunner runner = ProbedModel.Open(_model, names.Where(name => !known.Contains(name)), _options);
            IReadOnlyDictionary<string, OrtTensor> results = runner.Run(inputs, names);
            return _products.Sum(product => product.Flops(results[product.Output].ElementCount));
        }
        catch (OnnxModelException)
        {
            // A model that runs as it is, and not with more outputs (as with external data before ONNX Runtime 1.22),
            // can be measured all the same.
            return null;
        }
    }
}
