using FlatLearning.CustomOps.Api;
using FlatLearning.Dyn.Operators;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The domain with all operators, offered to whatever host loads the library. Native structures are made once per host
/// and settings, and never freed: the host keeps their addresses for as long as it likes.
/// </summary>
internal static unsafe class OperatorDomain
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(nint Host, HostSettings Settings), nint> Made = [];

    /// <summary>Adds the domain to a session's options.</summary>
    /// <returns>A status for the host.</returns>
    public static nint Register(OrtApi api, nint options, HostSettings settings)
    {
        lock (Gate)
        {
            if (!Made.TryGetValue(((nint)api.Functions, settings), out nint domain))
            {
                Made.Add(((nint)api.Functions, settings), domain = Create(api, settings));
            }

            return api.Functions->AddCustomOpDomain(options, domain);
        }
    }

    private static nint Create(OrtApi api, HostSettings settings)
    {
        using Utf8 name = new(DynOperator.Domain);
        nint domain;
        api.Check(api.Functions->CreateCustomOpDomain(name.Pointer, &domain));
        foreach (CustomOperator op in OperatorList.Create(settings))
        {
            api.Check(api.Functions->CustomOpDomainAdd(domain, NativeOperator.Create(op, api)));
        }

        return domain;
    }
}
