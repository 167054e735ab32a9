using System.Runtime.CompilerServices;

// Kernels write their stack memory before they read it; clearing it first costs more than a small product.
[module: SkipLocalsInit]
