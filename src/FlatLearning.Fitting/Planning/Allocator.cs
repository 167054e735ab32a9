namespace FlatLearning.Fitting.Planning;

/// <summary>
/// Chooses an option for every item such that the losses together are least within a number of bytes: loss + lambda ·
/// bytes is minimised item by item for the smallest lambda that fits (the lower convex hulls), and the bytes that
/// leaves over are spent by a knapsack.
/// </summary>
/// <param name="items">The options of every item: bytes and loss. Each item has one or more.</param>
public sealed class Allocator(IReadOnlyList<IReadOnlyList<(long Bytes, double Loss)>> items)
{
    /// <summary>Units that the bytes beyond the smallest choice are counted in.</summary>
    private const int Units = 1 << 12;

    private const int Bisections = 80;

    /// <summary>A choice whose loss is above the bound of all by no more than this share is taken as it is.</summary>
    private const double CloseEnough = 5e-4;

    private const int MaxExchanges = 1000;

    /// <summary>The least bytes that any choice takes.</summary>
    public long MinBytes => items.Sum(item => item.Min(option => option.Bytes));

    /// <summary>
    /// The best choice found within <paramref name="budget"/> bytes; the smallest choice where none fits.
    /// </summary>
    public Allocation Within(long budget)
    {
        int[] choice = At(double.MaxValue);
        if (Total(choice).Bytes >= budget || Total(At(0)).Bytes <= budget)
        {
            choice = Total(choice).Bytes >= budget ? choice : At(0);
            return Result(choice, Total(choice).Bytes <= budget && Total(At(0)).Bytes <= budget ? 0 : double.MaxValue);
        }

        double high = Price(budget);
        choice = At(high);

        // No choice within the bytes loses less than this: weak duality.
        double bound = Bound(choice, high, budget);
        Spend(choice, budget);
        if (Total(choice).Loss <= (1 + CloseEnough) * bound)
        {
            return Result(choice, high);
        }

        int[] packed = Knapsack(budget);
        Spend(packed, budget);
        return Result(Total(packed).Loss < Total(choice).Loss ? packed : choice, high);
    }

    /// <summary>
    /// A bound: no choice within <paramref name="budget"/> bytes loses less; infinite where none fits.
    /// </summary>
    public double LeastLoss(long budget)
    {
        if (MinBytes > budget)
        {
            return double.PositiveInfinity;
        }

        if (MinBytes == budget || Total(At(0)).Bytes <= budget)
        {
            return Total(At(0)).Loss;
        }

        double price = Price(budget);
        return Bound(At(price), price, budget);
    }

    /// <summary>
    /// The smallest choice whose loss is at most <paramref name="maxLoss"/>, by bisection over the bytes; null where
    /// even the largest loses more.
    /// </summary>
    /// <param name="maxLoss">The largest loss.</param>
    /// <param name="tolerance">The share of its bytes that it may be larger than need be; the less, the longer it
    /// takes.</param>
    public Allocation? WithLoss(double maxLoss, double tolerance = 0)
    {
        (long low, long high) = (MinBytes - 1, Total(At(0)).Bytes);
        Allocation? best = null;
        if (!(Within(high).Loss <= maxLoss))
        {
            return null;
        }

        while (low + 1 + (long)(tolerance * high) < high || best is null)
        {
            long middle = best is null ? high : low + ((high - low) / 2);
            Allocation allocation = Within(middle);
            if (allocation.Loss <= maxLoss)
            {
                (best, high) = (allocation, Math.Min(allocation.Bytes, middle));
            }
            else
            {
                low = middle;
            }
        }

        return best;
    }

    /// <summary>The smallest lambda whose choice fits; there is one that does, and one that does not.</summary>
    private double Price(long budget)
    {
        (double low, double high) = (0, 1);
        while (Total(At(high)).Bytes > budget)
        {
            high *= 16;
        }

        while (high > double.Epsilon * 16 && Total(At(high / 16)).Bytes <= budget)
        {
            high /= 16;
        }

        for (int i = 0; i < Bisections && low < high; i++)
        {
            double middle = low > 0 ? Math.Sqrt(low * high) : high / 16;
            if (Total(At(middle)).Bytes <= budget)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    private double Bound(int[] choice, double price, long budget) =>
        Total(choice).Loss - (price * (budget - Total(choice).Bytes));

    /// <summary>
    /// Every item's minimum of loss + lambda · bytes, the smaller one of equals; for the largest number, the smallest
    /// of all.
    /// </summary>
    private int[] At(double lambda)
    {
        int[] choice = new int[items.Count];
        for (int i = 0; i < choice.Length; i++)
        {
            for (int o = 1; o < items[i].Count; o++)
            {
                ((long bytes, double loss), (long chosenBytes, double chosenLoss)) = (items[i][o], items[i][choice[i]]);
                (double cost, double min) = lambda == double.MaxValue
                    ? ((double)bytes, (double)chosenBytes)
                    : (loss + (lambda * bytes), chosenLoss + (lambda * chosenBytes));
                if (cost < min
                    || (cost == min && (lambda == double.MaxValue ? loss < chosenLoss : bytes < chosenBytes)))
                {
                    choice[i] = o;
                }
            }
        }

        return choice;
    }

    private (long Bytes, double Loss) Total(int[] choice)
    {
        (long bytes, double loss) = (0, 0);
        for (int i = 0; i < choice.Length; i++)
        {
            bytes += items[i][choice[i]].Bytes;
            loss += items[i][choice[i]].Loss;
        }

        return (bytes, loss);
    }

    private Allocation Result(int[] choice, double price)
    {
        (long bytes, double loss) = Total(choice);
        return new Allocation(choice, bytes, loss, price);
    }

    private void Spend(int[] choice, long budget)
    {
        for (int i = 0; i < MaxExchanges; i++)
        {
            long left = budget - Total(choice).Bytes;
            if (!ExchangeOne(choice, left))
            {
                return;
            }
        }
    }

    private bool ExchangeOne(int[] choice, long left)
    {
        (double best, int item, int option) = (0, -1, 0);
        for (int i = 0; i < choice.Length; i++)
        {
            (long bytes, double loss) = items[i][choice[i]];
            for (int o = 0; o < items[i].Count; o++)
            {
                if (items[i][o].Bytes - bytes <= left && loss - items[i][o].Loss > best)
                {
                    (best, item, option) = (loss - items[i][o].Loss, i, o);
                }
            }
        }

        if (item >= 0)
        {
            choice[item] = option;
        }

        return item >= 0;
    }

    /// <summary>
    /// The knapsack by dynamic programming, with the bytes that options take beyond the smallest rounded up to some
    /// thousand units: optimal but for that rounding. Time and memory grow with the number of options of all items.
    /// </summary>
    private int[] Knapsack(long budget)
    {
        long[] min = [.. items.Select(item => item.Min(option => option.Bytes))];
        long unit = Math.Max(1, (budget - min.Sum() + Units - 1) / Units);
        int units = (int)((budget - min.Sum()) / unit);
        double[] losses = new double[units + 1];
        ushort[][] taken = new ushort[items.Count][];
        for (int i = 0; i < items.Count; i++)
        {
            double[] next = new double[units + 1];
            Array.Fill(next, double.PositiveInfinity);
            taken[i] = new ushort[units + 1];
            for (int o = 0; o < items[i].Count; o++)
            {
                long cost = (items[i][o].Bytes - min[i] + unit - 1) / unit;
                for (long u = cost; u <= units; u++)
                {
                    double loss = losses[u - cost] + items[i][o].Loss;
                    if (loss < next[u])
                    {
                        (next[u], taken[i][u]) = (loss, (ushort)o);
                    }
                }
            }

            losses = next;
        }

        int[] choice = new int[items.Count];
        long left = units;
        for (int i = items.Count - 1; i >= 0; i--)
        {
            choice[i] = taken[i][left];
            left -= (items[i][choice[i]].Bytes - min[i] + unit - 1) / unit;
        }

        return choice;
    }
}
