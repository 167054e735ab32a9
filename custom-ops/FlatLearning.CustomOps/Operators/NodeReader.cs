using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// What a node says when its kernel is created: name, attributes, constant inputs, checked against
/// <c>schemas/DynMatMul.md</c>. Valid during the call only; constants are read in place and stay as long as the kernel.
/// </summary>
/// <param name="api">The host.</param>
/// <param name="info">The host's <c>OrtKernelInfo*</c>.</param>
internal sealed unsafe class NodeReader(OrtApi api, nint info)
{
    private const int Verbose = 0;

    private readonly OrtFunctions* _host = api.Functions;

    /// <summary>The node's name; empty where it has none.</summary>
    public string Name =>
        api.Text((text, size) => _host->KernelInfoGetNodeName(info, text, size)) ?? string.Empty;

    /// <summary>The weight, whose packed blobs lie in the host's initializers.</summary>
    /// <param name="operands">Inputs that stand before those of the weight.</param>
    /// <param name="workers">The threads that decode entropy-coded codes.</param>
    /// <exception cref="DynFormatException">The node breaks the specification.</exception>
    public DynWeight Weight(int operands, IWorkers workers)
    {
        ConstantTensor?[] constants =
            [.. WeightInputs.All.Select(input => Constant(operands + (int)input, input.Name()))];
        return DynWeightReader.Read(
            WeightSchema.Attributes.Select(spec => Attribute(spec.Name)).OfType<DynAttribute>(),
            input => constants[(int)input],
            workers);
    }

    /// <summary>The constant at a position; null where the node has no such input.</summary>
    /// <param name="position">The position.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="DynFormatException">There is an input that is no constant.</exception>
    public ConstantTensor? Constant(int position, string name)
    {
        if (!HasInput(position))
        {
            return null;
        }

        int isConstant;
        nint value = 0;
        api.Check(_host->KernelInfoGetConstantInputTensor(info, (nuint)position, &isConstant, &value));
        if (isConstant == 0 || value == 0)
        {
            throw new DynFormatException(
                $"input {name} is not constant; every input but the operands must be an initializer");
        }

        Tensor tensor = Tensor.Read(api, value, stackalloc long[OrtApi.MaxRank]);
        return ConstantTensor.InPlace(tensor.Type, tensor.Shape.ToArray(), tensor.Data, name);
    }

    /// <summary>Writes one sentence that only sessions with a verbose log show.</summary>
    public void LogVerbose(string message)
    {
        nint logger;
        api.Check(_host->KernelInfoGetLogger(info, &logger));
        using Utf8 text = new(message);
        using Utf8 place = new(nameof(NodeReader));

        // The file's name is in the platform's own characters: none.
        char none = '\0';
        api.Check(_host->LoggerLogMessage(logger, Verbose, text.Pointer, (nint)(&none), 0, place.Pointer));
    }

    private bool HasInput(int position)
    {
        nuint count;
        api.Check(_host->KernelInfoGetInputCount(info, &count));
        if ((nuint)position >= count)
        {
            return false;
        }

        // An absent input has an empty name: nothing but the zero at its end.
        nuint size = 0;
        api.Check(_host->KernelInfoGetInputName(info, (nuint)position, null, &size));
        return size > 1;
    }

    // The C API has no question for the type of an attribute: most readers fail both where it is absent and where it
    // has another type, and those of lists give an empty one for another type. So all are asked.
    private DynAttribute? Attribute(string name)
    {
        using Utf8 key = new(name);
        byte* pointer = key.Pointer;
        long number;
        if (api.Succeeds(_host->KernelInfoGetAttributeInt64(info, pointer, &number)))
        {
            return DynAttribute.Int(name, number);
        }

        if (api.Text((text, size) => _host->KernelInfoGetAttributeString(info, pointer, text, size)) is { } value)
        {
            return DynAttribute.String(name, value);
        }

        nuint count = 0;
        bool exists = api.Succeeds(_host->KernelInfoGetAttributeArrayInt64(info, pointer, null, &count));
        if (exists && count > 0)
        {
            long[] numbers = new long[(int)count];
            fixed (long* p = numbers)
            {
                api.Check(_host->KernelInfoGetAttributeArrayInt64(info, pointer, p, &count));
            }

            return DynAttribute.Ints(name, numbers);
        }

        float real;
        if (api.Succeeds(_host->KernelInfoGetAttributeFloat(info, pointer, &real)))
        {
            return DynAttribute.Foreign(name, DynAttributeType.Float);
        }

        count = 0;
        exists |= api.Succeeds(_host->KernelInfoGetAttributeArrayFloat(info, pointer, null, &count));
        return count > 0 ? DynAttribute.Foreign(name, DynAttributeType.Floats)
            : exists ? DynAttribute.Foreign(name, DynAttributeType.Other)
            : null;
    }
}
