using System.Globalization;

namespace FlatLearning.Benchmarks.Plans;

/// <summary>
/// <c>peer-error --models DIR [--min-size S] [--match NAME] [--per-model]</c>: stored bits per weight and weight error
/// (squared error over energy of all MatMul and Gemm weights of a model) of every data-free format of others that
/// <c>plan-error</c> compares with: means over the models, or every model's own.
/// </summary>
internal static class PeerErrorCommand
{
    public static int Run(string[] arguments)
    {
        Arguments options = new(arguments);
        bool each = options.Has("--per-model");
        Console.WriteLine(
            each
                ? "| model | format | nominal bits | bits/weight | error |\n|---|---|---|---|---|"
                : "| format | models | nominal bits | mean bits/weight | mean error |\n|---|---|---|---|---|");
        List<PeerError> all = [];
        foreach ((string name, List<MatrixWeight> weights) in WeightErrorCommand.Models(
            options.Required("--models"), options.Number("--min-size", 8192)))
        {
            if (!name.Contains(options.Text("--match", string.Empty), StringComparison.Ordinal))
            {
                continue;
            }

            foreach (PeerError peer in PeerErrors.Of(weights, []))
            {
                all.Add(peer);
                if (each)
                {
                    Console.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"| {name} | {peer.Name} | {peer.NominalBits:0.000} | {peer.Bits:0.000} | "
                                + $"{peer.Error:0.00000} |"));
                }
            }
        }

        foreach (IGrouping<string, PeerError> format in all.GroupBy(one => one.Name)
            .OrderBy(group => group.Average(one => one.Bits)))
        {
            if (!each)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {format.Key} | {format.Count()} | {format.First().NominalBits:0.000} | "
                        + $"{format.Average(one => one.Bits):0.000} | {format.Average(one => one.Error):0.00000} |"));
            }
        }

        return 0;
    }
}
