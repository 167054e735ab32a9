using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>Makes statuses for a host whose function table may be too old for anything else.</summary>
internal static unsafe class HostStatus
{
    /// <summary>An error status; null, that is success, only where the host has no function table at all.</summary>
    public static nint Create(OrtApiBase* apiBase, string message)
    {
        try
        {
            // Every library answers for version 1, and creating a status is slot 0 since then.
            void** table = apiBase->GetApi(1);
            return table is null ? 0 : (nint)OrtApi.FromTable(table, 1).NewStatus(OrtErrorCode.Fail, message);
        }
        catch (Exception)
        {
            return 0;
        }
    }
}
