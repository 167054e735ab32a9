using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// A loaded model. Runs may be made from several threads at once; disposing waits for none and harms none.
/// </summary>
public sealed unsafe class InferenceSession : IDisposable
{
    private readonly SessionHandle _handle;
    private readonly SessionRunner _runner;

    private InferenceSession(OrtEnvironment environment, OrtSessionHandle* session)
    {
        Environment = environment;
        _handle = new SessionHandle(environment.Library.Api, session);
        try
        {
            Inputs = SessionValues.Inputs(environment, session);
            Outputs = SessionValues.Outputs(environment, session);
            Metadata = MetadataReader.Read(environment, session);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }

        _runner = new SessionRunner(environment, Inputs, Outputs);
    }

    /// <summary>The environment in which the session lives.</summary>
    public OrtEnvironment Environment { get; }

    /// <summary>The model's inputs, in its order.</summary>
    public IReadOnlyList<ValueDescription> Inputs { get; }

    /// <summary>The model's outputs, in its order.</summary>
    public IReadOnlyList<ValueDescription> Outputs { get; }

    /// <summary>What the model file says of itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Loads a model file; external data is looked for in its folder.</summary>
    /// <exception cref="OrtException">The file cannot be loaded; ONNX Runtime's message says why.</exception>
    public static InferenceSession Open(OrtEnvironment environment, string path, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentException.ThrowIfNullOrEmpty(path);
        OrtApi api = environment.Library.Api;
        using NativeSessionOptions native = new(api, options ?? new SessionOptions());
        using NativePath nativePath = new(path);
        OrtSessionHandle* session;
        api.Check(api.CreateSession(environment.Handle, nativePath.Pointer, native.Handle, &session));
        return new InferenceSession(environment, session);
    }

    /// <summary>Loads a model from the bytes of its file; it cannot have external data.</summary>
    /// <exception cref="OrtException">The model cannot be loaded; ONNX Runtime's message says why.</exception>
    public static InferenceSession Open(
        OrtEnvironment environment, ReadOnlySpan<byte> model, SessionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        OrtApi api = environment.Library.Api;
        using NativeSessionOptions native = new(api, options ?? new SessionOptions());
        OrtSessionHandle* session;
        fixed (byte* bytes = model)
        {
            api.Check(
                api.CreateSessionFromArray(environment.Handle, bytes, (nuint)model.Length, native.Handle, &session));
        }

        return new InferenceSession(environment, session);
    }

    /// <summary>Runs the model.</summary>
    /// <param name="inputs">The inputs by name; every input that the model requires, no other.</param>
    /// <param name="outputNames">The outputs wanted, in order; null for all.</param>
    /// <returns>The outputs, in the order asked for.</returns>
    /// <exception cref="OrtException">An input is missing, unknown or of the wrong type, or the run failed.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    /// <exception cref="NotSupportedException">An output is not a dense tensor of fixed-size elements.</exception>
    public IReadOnlyList<OrtTensor> Run(
        IReadOnlyDictionary<string, OrtTensor> inputs, IReadOnlyList<string>? outputNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            return _runner.Run(_handle.Pointer, inputs, outputNames);
        }
        finally
        {
            if (held)
            {
                _handle.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Prepares runs on fixed inputs for a measurement: all outputs are computed and dropped, and nothing is copied or
    /// converted on the way.
    /// </summary>
    /// <param name="inputs">As in <see cref="Run"/>; they must not be written to until the result is disposed.</param>
    /// <exception cref="OrtException">An input is missing, unknown or of the wrong type.</exception>
    /// <exception cref="ObjectDisposedException">The session was disposed.</exception>
    public BoundRun Bind(IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return _runner.Bind(_handle, inputs);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
