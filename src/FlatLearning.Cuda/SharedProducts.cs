using FlatLearning.Cuda.Layout;

namespace FlatLearning.Cuda;

/// <summary>
/// The weights in a context's memory: equal ones, of several sessions or nodes, lie there once. Which may be equal is
/// told by a checksum, whether they are by their bytes. The context must be current.
/// </summary>
internal sealed class SharedProducts(CudaContext context)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<DeviceProduct>> _products = [];

    /// <summary>The product of a weight, uploaded unless an equal one is there.</summary>
    public DeviceProduct Take(DeviceWeight weight)
    {
        ulong checksum = Checksum(weight);
        lock (_gate)
        {
            if (!_products.TryGetValue(checksum, out List<DeviceProduct>? products))
            {
                _products.Add(checksum, products = []);
            }

            DeviceProduct? product = products.Find(one => one.Holds(weight));
            if (product is null)
            {
                products.Add(product = new DeviceProduct(context, weight));
            }

            product.Users++;
            return product;
        }
    }

    /// <summary>Gives a product back; the last user frees it.</summary>
    public void Return(DeviceProduct product)
    {
        lock (_gate)
        {
            if (--product.Users == 0)
            {
                foreach (List<DeviceProduct> products in _products.Values)
                {
                    products.Remove(product);
                }

                product.Dispose();
            }
        }
    }

    private static ulong Checksum(DeviceWeight weight)
    {
        // FNV-1a by eight bytes: quick, and a collision costs a comparison.
        ulong sum = 14695981039346656037;
        for (int i = 0; i < DeviceWeight.Contents.Length; i++)
        {
            ReadOnlySpan<byte> content = weight.Content(i);
            foreach (ulong word in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(content))
            {
                sum = (sum ^ word) * 1099511628211;
            }

            sum = (sum ^ (ulong)content.Length) * 1099511628211;
        }

        return sum;
    }
}
