using System.Reflection;
using FlatLearning.Kernels.Cuda;

// Writes one file of PTX for each kernel into the folder given.
string folder = args[0];
Directory.CreateDirectory(folder);
foreach (MethodInfo kernel in PtxCompiler.Kernels)
{
    File.WriteAllText(Path.Combine(folder, $"{kernel.Name}.ptx"), PtxCompiler.Compile(kernel));
}
