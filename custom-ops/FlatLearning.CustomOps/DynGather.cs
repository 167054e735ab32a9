using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps;

/// <summary>
/// <c>ai.flatlearning::DynGather</c> under one of its names. For both types of indices in one: every session pays for
/// every operator that is registered.
/// </summary>
internal sealed class DynGather(string name, IWorkers loading)
    : CustomOperator(name, DynGatherOperator.InputCount, TensorType.Float32, TensorType.Undefined)
{
    /// <summary>The operator under all of its names.</summary>
    public static IEnumerable<CustomOperator> All(HostSettings settings)
    {
        ThreadWorkers loading = new(settings.Threads);
        return DynGatherOperator.Names.Select(name => new DynGather(name, loading));
    }

    /// <inheritdoc/>
    public override CustomKernel CreateKernel(NodeReader node) =>
        new Kernel(new RowLookup(node.Weight(DynGatherOperator.Operands, loading)));

    // Checks the indices, allocates y, and looks up.
    private sealed class Kernel(RowLookup table) : CustomKernel
    {
        // Indices that lie on the stack; of more, so many at a time.
        private const int Batch = 512;

        public override unsafe void Compute(KernelContext context)
        {
            Tensor indices = context.Input(DynGatherOperator.Indices, stackalloc long[OrtApi.MaxRank]);
            if (indices.Type is not (TensorType.Int64 or TensorType.Int32))
            {
                throw new DynFormatException(
                    $"indices has element type {indices.Type.Name()}, expected int64 or int32");
            }

            int rank = indices.Shape.Length;
            if (rank == OrtApi.MaxRank)
            {
                throw new DynFormatException($"indices have {rank} dimensions, expected fewer than {OrtApi.MaxRank}");
            }

            Span<long> shape = stackalloc long[rank + 1];
            indices.Shape.CopyTo(shape);
            shape[rank] = table.Columns;
            long count = 1;
            foreach (long size in indices.Shape)
            {
                count *= size;
            }

            float* y = (float*)context.AllocateOutput(shape);
            Span<int> rows = stackalloc int[Batch];
            for (long begin = 0; begin < count; begin += Batch)
            {
                int length = (int)Math.Min(Batch, count - begin);
                for (int i = 0; i < length; i++)
                {
                    long index = indices.Type == TensorType.Int32
                        ? ((int*)indices.Data)[begin + i]
                        : ((long*)indices.Data)[begin + i];
                    rows[i] = index >= -table.Rows && index < table.Rows
                        ? (int)(index < 0 ? index + table.Rows : index)
                        : throw new DynFormatException(
                            $"an index is {index}, expected {-table.Rows} to {table.Rows - 1}");
                }

                table.Read(
                    context, rows[..length],
                    new Span<float>(y + (begin * table.Columns), length * table.Columns));
            }
        }
    }
}
