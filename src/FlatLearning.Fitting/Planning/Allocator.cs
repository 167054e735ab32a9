namespace FlatLearning.Fitting.Planning;

/// <summary>
/// Chooses an option for every item such that the losses together are least within a number of bytes: loss + lambda · bytes is minimised item by item for the smallest lambda that fits
/// (the lower convex hulls), then the bytes left over are spent by exchanging the options of one item or of two.
/// </summary>
/// <param name="items">The options of every item: bytes and loss. Each item has one or more.</param>
public sealed class Allocator(IReadOnlyList<IReadOnlyList<(long Bytes, double Loss)>> items)
{
    /// <summary>Beyond so many items, bytes are so finely divided that exchanging two options gains nothing.</summary>
    private const int MostForPairs = 64;

    private const int Bisections = 80;
    private const int MostExchanges = 1000;

    /// <summary>The least bytes that any choice takes.</summary>
    public long LeastBytes => items.Sum(item => item.Min(option => option.Bytes));

    /// <summary>The best choice found within <paramref name="budget"/> bytes; the smallest choice where none fits.</summary>
    public Allocation Within(long budget)
    {
        int[] choice = At(double.MaxValue);
        (double low, double high) = (0, 1);
        if (Total(choice).Bytes >= budget || Total(At(0)).Bytes <= budget)
        {
            choice = Total(choice).Bytes >= budget ? choice : At(0);
            return Result(choice, Total(choice).Bytes <= budget && Total(At(0)).Bytes <= budget ? 0 : double.MaxValue);
        }

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

        choice = At(high);
        Spend(choice, budget);
        return Result(choice, high);
    }

    /// <summary>The smallest choice whose loss is at most <paramref name="mostLoss"/>, by bisection over the bytes; null where even the largest loses more.</summary>
    public Allocation? WithLoss(double mostLoss)
    {
        (long low, long high) = (LeastBytes - 1, Total(At(0)).Bytes);
        Allocation? best = null;
        if (!(Within(high).Loss <= mostLoss))
        {
            return null;
        }

        while (low + 1 < high || best is null)
        {
            long middle = best is null ? high : low + ((high - low) / 2);
            Allocation allocation = Within(middle);
            if (allocation.Loss <= mostLoss)
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

    /// <summary>Every item's minimum of loss + lambda · bytes, the smaller one of equals; for the largest number, the smallest of all.</summary>
    private int[] At(double lambda)
    {
        int[] choice = new int[items.Count];
        for (int i = 0; i < choice.Length; i++)
        {
            for (int o = 1; o < items[i].Count; o++)
            {
                ((long bytes, double loss), (long chosenBytes, double chosenLoss)) = (items[i][o], items[i][choice[i]]);
                (double cost, double least) = lambda == double.MaxValue
                    ? ((double)bytes, (double)chosenBytes)
                    : (loss + (lambda * bytes), chosenLoss + (lambda * chosenBytes));
                if (cost < least || (cost == least && (lambda == double.MaxValue ? loss < chosenLoss : bytes < chosenBytes)))
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
        for (int i = 0; i < MostExchanges; i++)
        {
            long left = budget - Total(choice).Bytes;
            if (!ExchangeOne(choice, left) && !(choice.Length <= MostForPairs && ExchangeTwo(choice, left)))
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

    private bool ExchangeTwo(int[] choice, long left)
    {
        // Relative, so that rounding of the sums cannot keep this going.
        double best = 1e-12 * Total(choice).Loss;
        (int first, int firstOption, int second, int secondOption) = (-1, 0, 0, 0);
        for (int i = 0; i < choice.Length; i++)
        {
            for (int a = 0; a < items[i].Count; a++)
            {
                long freed = items[i][choice[i]].Bytes - items[i][a].Bytes;
                if (freed <= 0)
                {
                    continue;
                }

                double lost = items[i][a].Loss - items[i][choice[i]].Loss;
                for (int j = 0; j < choice.Length; j++)
                {
                    for (int b = 0; j != i && b < items[j].Count; b++)
                    {
                        double gained = items[j][choice[j]].Loss - items[j][b].Loss - lost;
                        if (gained > best && items[j][b].Bytes - items[j][choice[j]].Bytes <= left + freed)
                        {
                            (best, first, firstOption, second, secondOption) = (gained, i, a, j, b);
                        }
                    }
                }
            }
        }

        if (first >= 0)
        {
            (choice[first], choice[second]) = (firstOption, secondOption);
        }

        return first >= 0;
    }
}
