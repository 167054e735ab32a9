using FlatLearning.Onnx.Evaluation.Runtime;
using FlatLearning.Onnx.Files;
using FlatLearning.Onnx.Wire;
using Microsoft.ML.OnnxRuntime;

namespace FlatLearning.Onnx.Evaluation.Comparison;

/// <summary>
/// A model loaded in ONNX Runtime. Every failure is an <see cref="OnnxModelException"/> or <see cref="UsageException"/>
/// of one sentence.
/// </summary>
internal sealed class ModelRunner : IDisposable
{
    private const string ExternalFolderKey = "session.model_external_initializers_file_folder_path";
    private const string ActivationsKey = "flat.activations";
    private const string ThreadsKey = "flat.threads";

    private readonly InferenceSession _session;

    private ModelRunner(string name, InferenceSession session)
    {
        (Name, _session) = (name, session);
        Inputs = ValueDescription.Inputs(session);
        Outputs = ValueDescription.Outputs(session);
    }

    /// <summary>How error texts call the model: its path.</summary>
    public string Name { get; }

    /// <summary>
    /// The inputs that must be given, in the model's order; initializers that are inputs as well are not among them.
    /// </summary>
    public IReadOnlyList<ValueDescription> Inputs { get; }

    /// <summary>The outputs, in the model's order.</summary>
    public IReadOnlyList<ValueDescription> Outputs { get; }

    /// <summary>Loads a model file; its external data is read from its folder.</summary>
    /// <exception cref="OnnxModelException">The file, the library or ONNX Runtime cannot be used.</exception>
    public static ModelRunner Open(string path, RunnerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path)
            ? Create(
                path,
                options ?? new RunnerOptions(),
                settings => new InferenceSession(path, settings))
            : throw new OnnxModelException(Onnx.Messages.FileMissing(path));
    }

    /// <summary>Loads a model from the bytes of a file.</summary>
    /// <param name="model">The bytes.</param>
    /// <param name="name">How error texts shall call the model.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="OnnxModelException">As <see cref="Open(string, RunnerOptions?)"/>.</exception>
    public static ModelRunner Open(byte[] model, string name, RunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Create(
            name,
            options ?? new RunnerOptions(),
            settings => new InferenceSession(model, settings));
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">The inputs by name.</param>
    /// <param name="outputs">The outputs wanted, as the model or as ONNX Runtime calls them; null for all.</param>
    /// <returns>
    /// The outputs by the names that were asked for, without those that <see cref="OutputReader"/> cannot read.
    /// </returns>
    /// <exception cref="OnnxModelException">The run failed.</exception>
    public IReadOnlyDictionary<string, OrtTensor> Run(
        IReadOnlyDictionary<string, OrtTensor> inputs, IReadOnlyList<string>? outputs = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        string[] names = [.. outputs ?? Outputs.Select(output => output.Name)];
        try
        {
            IReadOnlyList<OrtTensor?> values = _session.RunReadable(inputs, [.. names.Select(RawText.Shown)]);
            return names.Zip(values)
                .Where(pair => pair.Second is not null)
                .ToDictionary(pair => pair.First, pair => pair.Second!, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
        {
            throw CannotRun(inputs, exception);
        }
    }

    /// <summary>Prepares runs of all outputs on fixed inputs, for measurements.</summary>
    /// <exception cref="OnnxModelException">The inputs do not fit.</exception>
    internal BoundRun Bind(IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        try
        {
            return _session.Bind(inputs);
        }
        catch (OnnxRuntimeException exception)
        {
            throw CannotRun(inputs, exception);
        }
    }

    /// <summary>The error of a failed run.</summary>
    internal OnnxModelException CannotRun(IReadOnlyDictionary<string, OrtTensor> inputs, Exception exception)
    {
        string shapes = string.Join(", ", inputs.Select(input => $"{input.Key} {input.Value}"));
        return new OnnxModelException(Messages.RunnerCannotRun(Name, shapes, OrtRuntime.Reason(exception)), exception);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static ModelRunner Create(
        string name, RunnerOptions options, Func<SessionOptions, InferenceSession> open)
    {
        using SessionOptions settings = OrtRuntime.Options(options.Threads);
        try
        {
            if (options.Activations is { } activations && options.CustomOpsLibrary is not null)
            {
                // The library reads its settings when it is registered.
                settings.AddSessionConfigEntry(ActivationsKey, activations);
            }

            if (options.ExternalDataFolder is { } folder)
            {
                settings.AddSessionConfigEntry(ExternalFolderKey, folder);
            }

            if (options.CustomOpsLibrary is { } library)
            {
                settings.AddSessionConfigEntry(ThreadsKey, $"{options.Threads}");
                settings.RegisterCustomOpLibrary(
                    File.Exists(library)
                        ? Path.GetFullPath(library)
                        : throw new UsageException(Messages.RunnerLibraryMissing(library)));
            }

            OtherLibraries.Register(settings);
            return new ModelRunner(name, open(settings));
        }
        catch (OnnxRuntimeException exception)
        {
            string runtime = $"ONNX Runtime {OrtRuntime.Version}";
            throw new OnnxModelException(
                Messages.RunnerCannotLoad(name, runtime, OrtRuntime.Reason(exception)), exception);
        }
    }
}
