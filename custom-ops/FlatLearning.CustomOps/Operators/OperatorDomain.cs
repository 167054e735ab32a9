using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// A domain of custom operators that a native library offers to whatever host loads it. Native structures are made once
/// per host and never freed: the host keeps their addresses for as long as it likes.
/// </summary>
public sealed unsafe class OperatorDomain
{
    /// <summary>The newest layout of <c>OrtCustomOp</c> that is filled in here (fields up to the alias map).</summary>
    internal const uint NewestOperatorVersion = 18;

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly IReadOnlyList<CustomOperator> _operators;
    private readonly Dictionary<nint, nint> _domains = [];

    /// <summary>Creates a domain.</summary>
    /// <param name="name">The domain's name in models.</param>
    /// <param name="operators">The operators; several of one name differ by types.</param>
    public OperatorDomain(string name, IReadOnlyList<CustomOperator> operators)
    {
        _name = name;
        _operators = operators;
    }

    /// <summary>The body of a library's <c>RegisterCustomOps</c>. Never throws.</summary>
    /// <param name="options">The host's <c>OrtSessionOptions*</c>.</param>
    /// <param name="apiBase">The host's <c>OrtApiBase*</c>.</param>
    /// <returns>An <c>OrtStatus*</c> for the host, null for success.</returns>
    public nint Register(nint options, nint apiBase)
    {
        try
        {
            OrtApi api = OrtApi.Open((OrtApiBase*)apiBase);
            return (nint)api.AddCustomOpDomain(
                (OrtSessionOptionsHandle*)options, (OrtCustomOpDomainHandle*)DomainFor(api));
        }
        catch (Exception e)
        {
            return HostStatus.Create(
                (OrtApiBase*)apiBase, $"The operators of domain {_name} could not be registered: {e.Message}");
        }
    }

    private nint DomainFor(OrtApi api)
    {
        lock (_gate)
        {
            if (!_domains.TryGetValue(api.Identity, out nint domain))
            {
                domain = Create(api);
                _domains.Add(api.Identity, domain);
            }

            return domain;
        }
    }

    private nint Create(OrtApi api)
    {
        using Utf8 name = new(_name);
        OrtCustomOpDomainHandle* domain;
        api.Check(api.CreateCustomOpDomain(name.Pointer, &domain));
        foreach (CustomOperator op in _operators)
        {
            api.Check(api.CustomOpDomainAdd(domain, OperatorShims.Create(op, api)));
        }

        return (nint)domain;
    }
}
