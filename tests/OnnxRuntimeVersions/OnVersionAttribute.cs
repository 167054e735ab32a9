using System.Reflection;
using Xunit.Sdk;

namespace FlatLearning.Testing;

/// <summary>
/// A row of a theory that begins with a version of ONNX Runtime; skipped, with the reason, where that is not fetched.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class OnVersionAttribute : DataAttribute
{
    private readonly object[] _row;

    public OnVersionAttribute(string version, params object[] more)
    {
        _row = [version, .. more];
        Skip = OrtVersions.Absence(version);
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_row];
}
