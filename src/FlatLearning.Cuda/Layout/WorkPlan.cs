namespace FlatLearning.Cuda.Layout;

/// <summary>
/// How a product is cut into blocks: items of all sections, those of one width together, and how many partial sums each
/// place of y gets.
/// </summary>
internal sealed class WorkPlan
{
    // As many blocks as keep a device busy: a few for each multiprocessor, of 8 or 4 warps.
    private const int LookUpBlocks = 3;
    private const int TileBlocks = 2;
    private const int MaxSlots = 64;
    private const int MaxTileSlots = 8;

    private WorkPlan(
        DeviceWeight weight, Func<CodeSection, (int Tiles, int Steps, bool IsNarrow)> block, int blocks, int maxSlots)
    {
        // Steps of a section may be cut anywhere between blocks: as often as its share of all the work asks for.
        double work = Math.Max(1, weight.Sections.Sum(section => (double)section.Steps * section.Tiles));
        int[] slots = new int[weight.Sections.Select(section => section.Group + 1).DefaultIfEmpty(1).Max()];
        List<((int Bits, bool IsNarrow) Kernel, WorkItem Item)> items = [];
        foreach (CodeSection section in weight.Sections)
        {
            (int tiles, int steps, bool isNarrow) = block(section);
            int across = (section.Tiles + tiles - 1) / tiles;
            int passes = (section.Steps + steps - 1) / steps;
            double share = blocks * ((double)section.Steps * section.Tiles) / work;
            int cuts = (int)Math.Clamp(share / across, 1, Math.Min(passes, maxSlots));
            int stepsOfItem = (passes + cuts - 1) / cuts * steps;
            for (int step = 0; step < section.Steps; step += stepsOfItem)
            {
                for (int tile = 0; tile < section.Tiles; tile += tiles)
                {
                    items.Add(((section.Bits, isNarrow), new WorkItem
                    {
                        Unit = section.Unit,
                        Tiles = section.Tiles,
                        Tile = tile,
                        Step = step,
                        EndStep = Math.Min(step + stepsOfItem, section.Steps),
                        Halo = section.Halo,
                        Count = section.Count,
                        Place = section.Place,
                        Output = section.Output,
                        Slot = slots[section.Group],
                        Table = section.Table,
                        PairTable = section.PairTable,
                        Taps = section.Taps,
                    }));
                }

                slots[section.Group]++;
            }
        }

        IGrouping<(int Bits, bool IsNarrow), WorkItem>[] kernels = [
            .. items.GroupBy(item => item.Kernel, item => item.Item).OrderBy(group => group.Key)];
        Items = [.. kernels.SelectMany(group => group)];
        List<WorkLaunch> launches = [];
        foreach (IGrouping<(int Bits, bool IsNarrow), WorkItem> group in kernels)
        {
            launches.Add(new WorkLaunch(
                group.Key.Bits, group.Key.IsNarrow, launches.Sum(launch => launch.Count), group.Count()));
        }

        (Launches, Slots) = ([.. launches], slots.Max());
        int groupPlaces = weight.Sections.Count == 0
            ? weight.Places
            : weight.Sections[0].Tiles * KernelShape.TileColumns;
        Outputs = new OutputPlace[weight.Places];
        for (int place = 0; place < weight.Places; place++)
        {
            int group = place / groupPlaces;
            Outputs[place] = new OutputPlace
            {
                Column = weight.ColumnOfPlace[place],
                Slots = group < slots.Length ? slots[group] : 0,
            };
        }
    }

    /// <summary>What blocks multiply, in the order of the launches.</summary>
    public WorkItem[] Items { get; }

    /// <summary>One launch for each kernel.</summary>
    public WorkLaunch[] Launches { get; }

    /// <summary>Partial sums that a place has at most.</summary>
    public int Slots { get; }

    /// <summary>Where each place's sum goes.</summary>
    public OutputPlace[] Outputs { get; }

    /// <summary>The plan for the kernels that look up.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="multiprocessors">Multiprocessors of the device.</param>
    public static WorkPlan LookUp(DeviceWeight weight, int multiprocessors) => new(
        weight,
        section =>
        {
            int lanes = KernelShape.TableLanes(section.Bits);
            const int Warps = KernelShape.LookUpThreads / KernelShape.Lanes;

            // Wide codes are taken row by row, others step by step, by every segment of a warp.
            bool isNarrow = ProductCosts.IsNarrow(section);
            return (
                isNarrow ? KernelShape.NarrowTiles(section.Bits) : lanes,
                section.Bits > 6 ? Warps / KernelShape.StepRows : Warps * KernelShape.Lanes / lanes,
                isNarrow);
        },
        LookUpBlocks * multiprocessors,
        MaxSlots);

    /// <summary>The plan for the tiled kernels.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="multiprocessors">Multiprocessors of the device.</param>
    public static WorkPlan Tile(DeviceWeight weight, int multiprocessors) => new(
        weight,
        _ => (KernelShape.BlockTiles, KernelShape.PanelRows / KernelShape.StepRows, false),
        TileBlocks * multiprocessors,
        MaxTileSlots);
}
