using FlatLearning.Onnx.Evaluation.Comparison;
using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>
/// Prepares a benchmark: checks the models, decides which library each is run with, chooses inputs that all of them
/// take and counts what their products do. Runs in a process of its own, so that none of it shows in what is measured.
/// </summary>
internal static class BenchmarkPlanner
{
    /// <summary>Prepares, and writes the inputs of each batch into a folder.</summary>
    /// <exception cref="OnnxModelException">A model cannot be loaded or run.</exception>
    /// <exception cref="UsageException">The models do not fit each other, or the inputs or batches do not fit the
    /// models.</exception>
    public static BenchmarkPlan Plan(BenchmarkRequest request, string folder)
    {
        (BenchmarkModel Model, OnnxModel File)[] models = [
            .. request.Models.Select(model => (model, OnnxModelFile.Load(model.Path)))];
        Contestant[] contestants = [
            .. models.SelectMany(model => Contestants(model.Model, WeightProducts.IsConverted(model.File), request))];
        IReadOnlyList<(BatchPlan Plan, IReadOnlyDictionary<string, OrtTensor> Inputs)> batches =
            Inputs(request, models[0].File, contestants, folder);

        // The shapes are the same with and without the library.
        Dictionary<string, (ProductWork Stored, ProductWork Dense)[]> work =
            models.DistinctBy(model => model.Model.Path).ToDictionary(
            model => model.Model.Path,
            model =>
            {
                ProductProbe probe =
                    new(model.File, contestants.First(one => one.Path == model.Model.Path).Options(request.Threads));
                return batches.Select(batch => probe.Measure(batch.Inputs)).ToArray();
            },
            StringComparer.Ordinal);
        return new BenchmarkPlan(contestants, [.. batches.Select((batch, i) => batch.Plan with
        {
            Work = [
                .. contestants.Select(
                    one => one.Variant == Contestant.WithoutLibrary
                        ? work[one.Path][i].Dense
                        : work[one.Path][i].Stored)],
        })]);
    }

    private static IEnumerable<Contestant> Contestants(BenchmarkModel model, bool isConverted, BenchmarkRequest request)
    {
        string? library = model.HasOwnLibrary ? model.Library : isConverted ? request.DefaultLibrary : null;
        yield return new Contestant(
            model.Path,
            library,
            !isConverted ? Contestant.Plain : library is null ? Contestant.WithoutLibrary : Contestant.WithLibrary);
        if (request.OtherActivations is { } other && isConverted && library is not null)
        {
            yield return new Contestant(
                model.Path, library, other == RunnerOptions.Exact ? Contestant.Exact : Contestant.Rounded);
        }

        if (request.Portable && isConverted && library is not null)
        {
            yield return new Contestant(model.Path, null, Contestant.WithoutLibrary);
        }
    }

    private static List<(BatchPlan Plan, IReadOnlyDictionary<string, OrtTensor> Inputs)> Inputs(
        BenchmarkRequest request, OnnxModel first, IReadOnlyList<Contestant> contestants, string folder)
    {
        List<ModelRunner> runners = [];
        try
        {
            runners.AddRange(
                contestants.Select(
                    contestant => ModelRunner.Open(contestant.Path, contestant.Options(request.Threads))));
            IReadOnlyList<ValueDescription> joint = JointInputs.Of(runners);
            List<(BatchPlan, IReadOnlyDictionary<string, OrtTensor>)> batches = [];
            foreach (int? batch in request.Batches.Count == 0
                ? [null]
                : request.Batches.Distinct().Select(size => (int?)size))
            {
                (IReadOnlyDictionary<string, OrtTensor> inputs, IReadOnlyList<string> notes) =
                    BatchInputs.Of(request, first, joint, runners, batch);
                string file = Path.Combine(folder, $"inputs-{batches.Count}");
                InputFile.Write(file, inputs);
                batches.Add(
                    (new BatchPlan(
                        batch ?? BatchInputs.SizeOf(inputs),
                        file,
                        [.. inputs.Select(input => $"{input.Key} {input.Value}")],
                        notes,
                        []), inputs));
            }

            return batches;
        }
        finally
        {
            runners.ForEach(runner => runner.Dispose());
        }
    }
}
