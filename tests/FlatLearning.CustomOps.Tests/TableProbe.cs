using System.Reflection;
using System.Runtime.InteropServices;
using FlatLearning.CustomOps.Api;

namespace FlatLearning.CustomOps.Tests;

/// <summary>
/// Opens a made-up function table and reads every typed property of <see cref="OrtApi"/> through reflection.
/// </summary>
internal static unsafe class TableProbe
{
    private static nint[] _table = [];

    public static List<(string Name, int Slot, nint Value)> ReadAll(nint[] table)
    {
        _table = GC.AllocateArray<nint>(table.Length, pinned: true);
        table.CopyTo(_table, 0);
        OrtApiBase apiBase = new() { GetApi = &GetApi, GetVersionString = &GetVersionString };
        object api = OrtApi.Open(&apiBase);
        List<(string, int, nint)> result = [];
        foreach (PropertyInfo property in typeof(OrtApi).GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            FieldInfo? slot = typeof(OrtSlot).GetField(property.Name);
            if (slot is not null)
            {
                result.Add((property.Name, (int)slot.GetRawConstantValue()!, (nint)property.GetValue(api)!));
            }
        }

        Assert.True(result.Count > 40);
        return result;
    }

    [UnmanagedCallersOnly]
    private static void** GetApi(uint version) => (void**)Marshal.UnsafeAddrOfPinnedArrayElement(_table, 0);

    [UnmanagedCallersOnly]
    private static byte* GetVersionString() => (byte*)Marshal.StringToCoTaskMemUTF8("1.30.0");
}
