using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>Marshals one run: checks the names, lends the inputs' memory, copies the outputs out.</summary>
internal sealed unsafe class SessionRunner(
    OrtEnvironment environment, IReadOnlyList<ValueDescription> inputs, IReadOnlyList<ValueDescription> outputs)
{
    private readonly OrtApi _api = environment.Library.Api;

    public IReadOnlyList<OrtTensor> Run(
        OrtSessionHandle* session, IReadOnlyDictionary<string, OrtTensor> given, IReadOnlyList<string>? wanted)
    {
        CheckInputs(given);
        wanted ??= [.. outputs.Select(o => o.Name)];
        string[] names = [.. given.Keys];
        nint[] inputNames = new nint[names.Length];
        nint[] outputNames = new nint[wanted.Count];
        nint[] inputValues = new nint[names.Length];
        nint[] outputValues = new nint[wanted.Count];
        try
        {
            for (int i = 0; i < names.Length; i++)
            {
                inputNames[i] = (nint)new Utf8(names[i]).Pointer;
                inputValues[i] = (nint)Lend(given[names[i]]);
            }

            for (int i = 0; i < outputNames.Length; i++)
            {
                outputNames[i] = (nint)new Utf8(wanted[i]).Pointer;
            }

            fixed (nint* inNames = inputNames, outNames = outputNames, inValues = inputValues, outValues = outputValues)
            {
                _api.Check(_api.Run(
                    session, null, (byte**)inNames, (OrtValueHandle**)inValues, (nuint)names.Length, (byte**)outNames,
                    (nuint)wanted.Count, (OrtValueHandle**)outValues));
            }

            // The native values point into the tensors' memory until here.
            GC.KeepAlive(given);
            return [.. outputValues.Select((value, i) => Copy((OrtValueHandle*)value, wanted[i]))];
        }
        finally
        {
            Free(inputNames, inputValues);
            Free(outputNames, outputValues);
        }
    }

    /// <summary>Does everything of a run that can be done once; the caller keeps the session alive.</summary>
    public BoundRun Bind(SessionHandle session, IReadOnlyDictionary<string, OrtTensor> given)
    {
        CheckInputs(given);
        string[] names = [.. given.Keys];
        return new BoundRun(
            _api, session, given, Names(names), Names([.. outputs.Select(o => o.Name)]),
            [.. names.Select(name => (nint)Lend(given[name]))]);
    }

    private static nint[] Names(IReadOnlyList<string> names) => [.. names.Select(name => (nint)new Utf8(name).Pointer)];

    private void CheckInputs(IReadOnlyDictionary<string, OrtTensor> given)
    {
        foreach ((string name, OrtTensor tensor) in given)
        {
            ValueDescription declared = inputs.FirstOrDefault(i => i.Name == name)
                ?? throw Invalid($"The model has no input '{name}'; it has {Names()}.");
            if (declared.Kind == OnnxValueKind.Tensor && declared.ElementType != tensor.ElementType)
            {
                throw Invalid(
                    $"Input '{name}' expects {declared.ElementType.OnnxName()}, but {tensor.ElementType.OnnxName()} "
                        + $"was given.");
            }
        }

        string? missing = inputs.Select(i => i.Name).FirstOrDefault(name => !given.ContainsKey(name));
        if (missing is not null)
        {
            throw Invalid($"No value was given for input '{missing}'; the model needs {Names()}.");
        }
    }

    private string Names() => string.Join(", ", inputs.Select(i => $"'{i.Name}'"));

    private OrtValueHandle* Lend(OrtTensor tensor)
    {
        OrtValueHandle* value;
        long[] shape = tensor.ShapeArray;
        fixed (long* dims = shape)
        {
            _api.Check(_api.CreateTensorWithDataAsOrtValue(
                environment.CpuMemory, tensor.Pointer, (nuint)tensor.ByteCount, dims, (nuint)shape.Length,
                tensor.ElementType, &value));
        }

        return value;
    }

    private OrtTensor Copy(OrtValueHandle* value, string name)
    {
        int isTensor = 0;
        if (value is not null)
        {
            _api.Check(_api.IsTensor(value, &isTensor));
        }

        if (isTensor == 0)
        {
            throw new NotSupportedException(
                $"Output '{name}' is not a dense tensor; only dense tensors can be read here.");
        }

        OrtTensorInfoHandle* info;
        _api.Check(_api.GetTensorTypeAndShape(value, &info));
        try
        {
            TensorElementType type = TypeReader.ElementType(_api, info);
            if (type.BitsPerElement() == 0)
            {
                throw new NotSupportedException(
                    $"Output '{name}' has elements of type {type.OnnxName()}, which cannot be read here.");
            }

            OrtTensor tensor = OrtTensor.Allocate(type, TypeReader.Shape(_api, info));
            void* data;
            _api.Check(_api.GetTensorMutableData(value, &data));
            new ReadOnlySpan<byte>(data, tensor.ByteCount).CopyTo(tensor.Bytes);
            return tensor;
        }
        finally
        {
            _api.ReleaseTensorTypeAndShapeInfo(info);
        }
    }

    private void Free(nint[] names, nint[] values)
    {
        foreach (nint name in names)
        {
            System.Runtime.InteropServices.Marshal.FreeCoTaskMem(name);
        }

        foreach (nint value in values)
        {
            if (value != 0)
            {
                _api.ReleaseValue((OrtValueHandle*)value);
            }
        }
    }

    private static OrtException Invalid(string message) => new(OrtErrorCode.InvalidArgument, message);
}
