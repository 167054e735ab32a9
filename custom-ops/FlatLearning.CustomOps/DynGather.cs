using FlatLearning.CustomOps.Api;
using FlatLearning.CustomOps.Operators;
using FlatLearning.Dyn;
using FlatLearning.Dyn.Operators;
using FlatLearning.Kernels;
using FlatLearning.Numerics;

namespace FlatLearning.CustomOps;

/// <summary><c>ai.flatlearning::DynGather</c> under one of its names, for one type of indices.</summary>
internal sealed class DynGather(string name, TensorType indices, IWorkers loading)
    : CustomOperator(name, DynGatherOperator.InputCount, TensorType.Float32, indices)
{
    /// <summary>The operator under all of its names and for both types of indices.</summary>
    public static IEnumerable<CustomOperator> All(HostSettings settings)
    {
        ThreadWorkers loading = new(settings.Threads);
        return from name in DynGatherOperator.Names
               from type in (TensorType[])[TensorType.Int64, TensorType.Int32]
               select new DynGather(name, type, loading);
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
