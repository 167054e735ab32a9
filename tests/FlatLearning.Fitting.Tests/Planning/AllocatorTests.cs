using FlatLearning.Fitting.Planning;

namespace FlatLearning.Fitting.Tests.Planning;

/// <summary>Allocation against an exhaustive search.</summary>
public sealed class AllocatorTests
{
    /// <summary>
    /// Each of five items is rounded up by at most a unit, so that the choice is at least as good as the optimum of a
    /// budget smaller by five units.
    /// </summary>
    private const double Units = 5.0 / (1 << 12);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Within_RandomItems_IsNearTheExhaustiveOptimum(int seed)
    {
        (long Bytes, double Loss)[][] items = RandomItems(5, 5, seed);
        Allocator allocator = new(items);
        long min = allocator.MinBytes;
        foreach (double share in new[] { 0.02, 0.1, 0.3, 0.5, 0.8 })
        {
            long budget = min + (long)(share * (items.Sum(item => item.Max(option => option.Bytes)) - min));
            Allocation allocation = allocator.Within(budget);
            Assert.True(allocation.Bytes <= budget, $"{allocation.Bytes} of {budget}");
            Assert.Equal(allocation.Choice.Select((option, i) => items[i][option].Bytes).Sum(), allocation.Bytes);
            Assert.Equal(allocation.Choice.Select((option, i) => items[i][option].Loss).Sum(), allocation.Loss, 1e-9);
            double optimum = Exhaustive(items, budget - (long)Math.Ceiling(Units * (budget - min)));
            Assert.True(allocation.Loss <= optimum * (1 + 1e-12), $"{allocation.Loss} against {optimum}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void LeastLoss_AnyBudget_IsABoundNearTheOptimum(int seed)
    {
        (long Bytes, double Loss)[][] items = RandomItems(5, 5, seed);
        Allocator allocator = new(items);
        long max = items.Sum(item => item.Max(option => option.Bytes));
        Assert.Equal(double.PositiveInfinity, allocator.LeastLoss(allocator.MinBytes - 1));
        for (long budget = allocator.MinBytes; budget <= max; budget += Math.Max(1, (max - allocator.MinBytes) / 50))
        {
            double bound = allocator.LeastLoss(budget);
            Assert.True(bound >= 0 && bound <= Exhaustive(items, budget) * (1 + 1e-12), $"{bound} at {budget}");
        }

        Assert.Equal(items.Sum(item => item.Min(option => option.Loss)), allocator.LeastLoss(max), 1e-9);
    }

    [Fact]
    public void WithLoss_WithTolerance_IsLargerByThatShareAtMost()
    {
        (long Bytes, double Loss)[][] items = RandomItems(6, 6, 5);
        Allocator allocator = new(items);
        double loss = allocator.Within(2 * allocator.MinBytes).Loss;

        Allocation exact = allocator.WithLoss(loss)!;
        Allocation near = allocator.WithLoss(loss, 0.05)!;

        Assert.InRange(near.Loss, 0, loss);
        Assert.InRange(near.Bytes, exact.Bytes, (long)(1.06 * exact.Bytes) + 1);
    }

    [Fact]
    public void Within_LessThanTheSmallest_TakesTheSmallest()
    {
        Allocator allocator = new(RandomItems(4, 3, 9));
        Assert.Equal(allocator.MinBytes, allocator.Within(allocator.MinBytes - 1).Bytes);
    }

    [Fact]
    public void Within_MoreThanEverything_LosesLeast()
    {
        (long Bytes, double Loss)[][] items = RandomItems(4, 3, 9);
        Assert.Equal(
            items.Sum(item => item.Min(option => option.Loss)), new Allocator(items).Within(long.MaxValue).Loss, 1e-9);
    }

    [Fact]
    public void WithLoss_Reachable_IsMetByNoSmallerAllocation()
    {
        (long Bytes, double Loss)[][] items = RandomItems(6, 5, 3);
        Allocator allocator = new(items);
        double limit = 2 * items.Sum(item => item.Min(option => option.Loss));
        Allocation allocation = allocator.WithLoss(limit)!;
        Assert.True(allocation.Loss <= limit, $"{allocation.Loss} of {limit}");
        Assert.True(allocator.Within((long)(0.995 * allocation.Bytes)).Loss > limit, "fewer bytes meet it too");
    }

    [Fact]
    public void WithLoss_OutOfReach_IsNull()
    {
        (long Bytes, double Loss)[][] items = RandomItems(3, 3, 5);
        Assert.Null(new Allocator(items).WithLoss(0.99 * items.Sum(item => item.Min(option => option.Loss))));
    }

    private static (long Bytes, double Loss)[][] RandomItems(int count, int options, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            (double size, double energy) = (Math.Pow(10, 3 + (2 * random.NextDouble())), random.NextDouble());
            return Enumerable.Range(0, options)
                .Select(
                    o => ((long)(size * (o + 2 + random.NextDouble())), energy * Math.Pow(4, -o - random.NextDouble())))
                .ToArray();
        })];
    }

    private static double Exhaustive(
        (long Bytes, double Loss)[][] items, long budget, int first = 0, long bytes = 0, double loss = 0)
    {
        if (bytes > budget)
        {
            return double.PositiveInfinity;
        }

        return first == items.Length
            ? loss
            : items[first].Min(
                option => Exhaustive(items, budget, first + 1, bytes + option.Bytes, loss + option.Loss));
    }
}
