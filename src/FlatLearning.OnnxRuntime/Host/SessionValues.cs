using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>Reads the inputs and outputs that a session declares.</summary>
internal static unsafe class SessionValues
{
    public static ValueDescription[] Inputs(OrtEnvironment environment, OrtSessionHandle* session)
    {
        OrtApi api = environment.Library.Api;
        nuint count;
        api.Check(api.SessionGetInputCount(session, &count));
        return Read(environment, session, (int)count, api.SessionGetInputName, api.SessionGetInputTypeInfo);
    }

    public static ValueDescription[] Outputs(OrtEnvironment environment, OrtSessionHandle* session)
    {
        OrtApi api = environment.Library.Api;
        nuint count;
        api.Check(api.SessionGetOutputCount(session, &count));
        return Read(environment, session, (int)count, api.SessionGetOutputName, api.SessionGetOutputTypeInfo);
    }

    private static ValueDescription[] Read(
        OrtEnvironment environment,
        OrtSessionHandle* session,
        int count,
        delegate* unmanaged<OrtSessionHandle*, nuint, OrtAllocatorHandle*, byte**, OrtStatusHandle*> nameOf,
        delegate* unmanaged<OrtSessionHandle*, nuint, OrtTypeInfoHandle**, OrtStatusHandle*> typeOf)
    {
        OrtApi api = environment.Library.Api;
        ValueDescription[] result = new ValueDescription[count];
        for (int i = 0; i < count; i++)
        {
            byte* name;
            api.Check(nameOf(session, (nuint)i, environment.Allocator, &name));
            string text = environment.TakeString(name);
            OrtTypeInfoHandle* type;
            api.Check(typeOf(session, (nuint)i, &type));
            try
            {
                result[i] = TypeReader.Describe(api, text, type);
            }
            finally
            {
                api.ReleaseTypeInfo(type);
            }
        }

        return result;
    }
}
