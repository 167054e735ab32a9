using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Operators;

/// <summary>
/// The operators of a domain, offered to whatever host loads the library. Native structures are made once per host and
/// never freed: the host keeps their addresses for as long as it likes.
/// </summary>
/// <param name="name">The domain's name in models.</param>
/// <param name="operators">The operators; several of one name differ by types.</param>
internal sealed unsafe class OperatorDomain(string name, IReadOnlyList<CustomOperator> operators)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, nint> _domains = [];

    /// <summary>Adds the domain to a session's options.</summary>
    /// <returns>A status for the host.</returns>
    public nint Register(OrtApi api, nint options)
    {
        lock (_gate)
        {
            if (!_domains.TryGetValue((nint)api.Functions, out nint domain))
            {
                _domains.Add((nint)api.Functions, domain = Create(api));
            }

            return api.Functions->AddCustomOpDomain(options, domain);
        }
    }

    private nint Create(OrtApi api)
    {
        using Utf8 text = new(name);
        nint domain;
        api.Check(api.Functions->CreateCustomOpDomain(text.Pointer, &domain));
        foreach (CustomOperator op in operators)
        {
            api.Check(api.Functions->CustomOpDomainAdd(domain, OperatorShims.Create(op, api)));
        }

        return domain;
    }
}
