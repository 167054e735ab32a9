using System.Reflection;

namespace FlatLearning.Cuda;

/// <summary>The text of all kernels, which the build embeds.</summary>
internal static class PtxText
{
    /// <summary>Names of all kernels.</summary>
    public static IEnumerable<string> Kernels => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".ptx", StringComparison.Ordinal))
        .Select(name => Path.GetFileNameWithoutExtension(name))
        .Order(StringComparer.Ordinal);

    /// <summary>The text of a kernel in ASCII, with a zero at its end.</summary>
    public static byte[] Read(string kernel)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{kernel}.ptx")
            ?? throw new InvalidOperationException($"There is no kernel {kernel}.");
        byte[] text = new byte[stream.Length + 1];
        stream.ReadExactly(text, 0, text.Length - 1);
        return text;
    }

    /// <summary>The name of a kernel's entry in its text.</summary>
    public static string Entry(string kernel) => $"Kernel_{kernel}";
}
