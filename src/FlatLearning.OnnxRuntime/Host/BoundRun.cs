using System.Runtime.InteropServices;
using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>
/// Runs of one session on fixed inputs, with as little around ONNX Runtime's own work as possible: names and input
/// values are made once, outputs are released unread. One thread at a time.
/// </summary>
public sealed unsafe class BoundRun : IDisposable
{
    private readonly OrtApi _api;
    private readonly SessionHandle _session;
    private readonly IReadOnlyDictionary<string, OrtTensor> _given;
    private readonly nint[] _inputNames;
    private readonly nint[] _outputNames;
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;
    private bool _held;

    /// <summary>Takes over the names and values; they are freed on disposal.</summary>
    internal BoundRun(
        OrtApi api, SessionHandle session, IReadOnlyDictionary<string, OrtTensor> given, nint[] inputNames,
        nint[] outputNames, nint[] inputs)
    {
        (_api, _session, _given) = (api, session, given);
        (_inputNames, _outputNames, _inputs, _outputs) =
            (inputNames, outputNames, inputs, new nint[outputNames.Length]);
        session.DangerousAddRef(ref _held);
    }

    /// <summary>One run.</summary>
    /// <exception cref="OrtException">It failed.</exception>
    /// <exception cref="ObjectDisposedException">This object was disposed.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(!_held, this);
        try
        {
            fixed (nint* inputNames = _inputNames, outputNames = _outputNames, inputs = _inputs, outputs = _outputs)
            {
                _api.Check(_api.Run(
                    _session.Pointer, null, (byte**)inputNames, (OrtValueHandle**)inputs, (nuint)_inputs.Length,
                    (byte**)outputNames, (nuint)_outputs.Length, (OrtValueHandle**)outputs));
            }
        }
        finally
        {
            ReleaseAll(_outputs);

            // The native inputs point into the tensors' memory.
            GC.KeepAlive(_given);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_held)
        {
            return;
        }

        _held = false;
        ReleaseAll(_inputs);
        foreach (nint name in _inputNames.Concat(_outputNames))
        {
            Marshal.FreeCoTaskMem(name);
        }

        _session.DangerousRelease();
    }

    private void ReleaseAll(nint[] values)
    {
        foreach (ref nint value in values.AsSpan())
        {
            if (value != 0)
            {
                _api.ReleaseValue((OrtValueHandle*)value);
                value = 0;
            }
        }
    }
}
