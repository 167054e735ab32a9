using FlatLearning.OnnxRuntime.Api;

namespace FlatLearning.OnnxRuntime;

/// <summary>Reads a session's model metadata.</summary>
internal static unsafe class MetadataReader
{
    public static ModelMetadata Read(OrtEnvironment environment, OrtSessionHandle* session)
    {
        OrtApi api = environment.Library.Api;
        OrtModelMetadataHandle* metadata;
        api.Check(api.SessionGetModelMetadata(session, &metadata));
        try
        {
            long version;
            api.Check(api.ModelMetadataGetVersion(metadata, &version));
            return new ModelMetadata(
                Text(environment, api.ModelMetadataGetProducerName, metadata),
                Text(environment, api.ModelMetadataGetGraphName, metadata),
                Text(environment, api.ModelMetadataGetDomain, metadata),
                Text(environment, api.ModelMetadataGetDescription, metadata),
                version,
                Custom(environment, metadata));
        }
        finally
        {
            api.ReleaseModelMetadata(metadata);
        }
    }

    private static string Text(
        OrtEnvironment environment,
        delegate* unmanaged<OrtModelMetadataHandle*, OrtAllocatorHandle*, byte**, OrtStatusHandle*> getter,
        OrtModelMetadataHandle* metadata)
    {
        byte* text;
        environment.Library.Api.Check(getter(metadata, environment.Allocator, &text));
        return environment.TakeString(text);
    }

    private static Dictionary<string, string> Custom(OrtEnvironment environment, OrtModelMetadataHandle* metadata)
    {
        OrtApi api = environment.Library.Api;
        Dictionary<string, string> result = new(StringComparer.Ordinal);
        byte** keys;
        long count;
        api.Check(api.ModelMetadataGetCustomMetadataMapKeys(metadata, environment.Allocator, &keys, &count));
        for (long i = 0; i < count; i++)
        {
            byte* value;
            api.Check(api.ModelMetadataLookupCustomMetadataMap(metadata, environment.Allocator, keys[i], &value));
            string key = environment.TakeString(keys[i]);
            result[key] = value is null ? string.Empty : environment.TakeString(value);
        }

        if (keys is not null)
        {
            api.Check(api.AllocatorFree(environment.Allocator, keys));
        }

        return result;
    }
}
