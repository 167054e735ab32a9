using System.Runtime.InteropServices;
using FlatLearning.Onnx.Evaluation.Runtime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FlatLearning.Testing;

/// <summary>A session of a <see cref="SlotRuntime"/>.</summary>
internal sealed unsafe class SlotSession : IOnnxSession
{
    private readonly SlotRuntime _runtime;
    private readonly nint _session;
    private readonly NativeText[] _outputs;

    public SlotSession(SlotRuntime runtime, nint session)
    {
        (_runtime, _session) = (runtime, session);
        nuint count;
        runtime.Check(((delegate* unmanaged<nint, nuint*, nint>)runtime[OrtFunction.SessionGetOutputCount])(
            session, &count));
        _outputs = [.. Enumerable.Range(0, (int)count).Select(i => new NativeText(OutputName(i)))];
    }

    public IReadOnlyList<OrtTensor> Run(IReadOnlyDictionary<string, OrtTensor> inputs)
    {
        NativeText[] names = [.. inputs.Keys.Select(name => new NativeText(name))];
        nint[] values = [.. inputs.Values.Select(Lend)];
        nint[] results = new nint[_outputs.Length];
        try
        {
            nint[] inputNames = [.. names.Select(name => name.Pointer)];
            nint[] outputNames = [.. _outputs.Select(name => name.Pointer)];
            fixed (nint* ins = inputNames, given = values, outs = outputNames, found = results)
            {
                _runtime.Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)
                    _runtime[OrtFunction.Run])(
                    _session, 0, ins, given, (nuint)values.Length, outs, (nuint)results.Length, found));
            }

            // The native values point into the tensors' memory until here.
            GC.KeepAlive(inputs);
            return [.. results.Select(Copy)];
        }
        finally
        {
            foreach (nint value in values.Concat(results).Where(value => value != 0))
            {
                _runtime.Release(OrtFunction.ReleaseValue, value);
            }

            Array.ForEach(names, name => name.Dispose());
        }
    }

    public void Dispose()
    {
        Array.ForEach(_outputs, name => name.Dispose());
        _runtime.Release(OrtFunction.ReleaseSession, _session);
    }

    private string OutputName(int index)
    {
        nint text;
        _runtime.Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)
            _runtime[OrtFunction.SessionGetOutputName])(_session, (nuint)index, _runtime.Allocator, &text));
        string name = Marshal.PtrToStringUTF8(text)!;
        _runtime.Check(((delegate* unmanaged<nint, nint, nint>)_runtime[OrtFunction.AllocatorFree])(
            _runtime.Allocator, text));
        return name;
    }

    private nint Lend(OrtTensor tensor)
    {
        nint value;
        fixed (long* shape = tensor.Shape)
        {
            _runtime.Check(((delegate* unmanaged<nint, nint, nuint, long*, nuint, TensorElementType, nint*, nint>)
                _runtime[OrtFunction.CreateTensorWithDataAsOrtValue])(
                _runtime.Memory, tensor.Address, (nuint)tensor.ByteCount, shape, (nuint)tensor.Shape.Length,
                tensor.ElementType, &value));
        }

        return value;
    }

    private OrtTensor Copy(nint value)
    {
        nint info;
        TensorElementType type;
        nuint rank;
        void* data;
        _runtime.Check(((delegate* unmanaged<nint, nint*, nint>)_runtime[OrtFunction.GetTensorTypeAndShape])(
            value, &info));
        try
        {
            _runtime.Check(((delegate* unmanaged<nint, TensorElementType*, nint>)
                _runtime[OrtFunction.GetTensorElementType])(info, &type));
            _runtime.Check(((delegate* unmanaged<nint, nuint*, nint>)_runtime[OrtFunction.GetDimensionsCount])(
                info, &rank));
            long[] shape = new long[rank];
            fixed (long* sizes = shape)
            {
                _runtime.Check(((delegate* unmanaged<nint, long*, nuint, nint>)_runtime[OrtFunction.GetDimensions])(
                    info, sizes, rank));
            }

            OrtTensor tensor = OrtTensor.Allocate(type, shape);
            _runtime.Check(((delegate* unmanaged<nint, void**, nint>)_runtime[OrtFunction.GetTensorMutableData])(
                value, &data));
            new ReadOnlySpan<byte>(data, tensor.ByteCount).CopyTo(tensor.Bytes);
            return tensor;
        }
        finally
        {
            _runtime.Release(OrtFunction.ReleaseTensorTypeAndShapeInfo, info);
        }
    }
}
