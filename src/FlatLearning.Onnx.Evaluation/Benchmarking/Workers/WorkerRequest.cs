using System.Text.Json.Serialization;
using FlatLearning.Onnx.Evaluation.Verification;

namespace FlatLearning.Onnx.Evaluation.Benchmarking;

/// <summary>What a worker is asked to do; one JSON object on a line.</summary>
[JsonDerivedType(typeof(PlanRequest), "plan")]
[JsonDerivedType(typeof(MachineRequest), "machine")]
[JsonDerivedType(typeof(LoadRequest), "load")]
[JsonDerivedType(typeof(BindRequest), "bind")]
[JsonDerivedType(typeof(CopyRequest), "copy")]
[JsonDerivedType(typeof(SliceRequest), "slice")]
[JsonDerivedType(typeof(VerifyRequest), "verify")]
[JsonDerivedType(typeof(CheckRequest), "check")]
[JsonDerivedType(typeof(TrialRequest), "trial")]
internal abstract record WorkerRequest;

/// <summary>Look at the models and write the inputs. Answered by a <see cref="BenchmarkPlan"/>.</summary>
/// <param name="Request">What to measure.</param>
/// <param name="Folder">Where to write the inputs.</param>
internal sealed record PlanRequest(BenchmarkRequest Request, string Folder) : WorkerRequest;

/// <summary>Measure the machine. Answered by <see cref="MachineFigures"/>.</summary>
/// <param name="Threads">Threads to do it with.</param>
internal sealed record MachineRequest(int Threads) : WorkerRequest;

/// <summary>Load a model. Answered by <see cref="MemoryReply"/> with the memory before and the time.</summary>
/// <param name="Contestant">The model.</param>
/// <param name="Threads">Threads within an operator.</param>
internal sealed record LoadRequest(Contestant Contestant, int Threads) : WorkerRequest;

/// <summary>
/// Read inputs and run once. Answered by <see cref="MemoryReply"/> with the memory afterwards and the time of the run.
/// </summary>
/// <param name="File">The inputs' file.</param>
internal sealed record BindRequest(string File) : WorkerRequest;

/// <summary>Load the model again, until there are so many sessions. Answered as <see cref="BindRequest"/>.</summary>
/// <param name="Sessions">Sessions in all.</param>
internal sealed record CopyRequest(int Sessions) : WorkerRequest;

/// <summary>Run again and again. Answered by <see cref="SliceReply"/> once the process is quiet.</summary>
/// <param name="Seconds">For how long.</param>
internal sealed record SliceRequest(double Seconds) : WorkerRequest;

/// <summary>Time and memory of a step.</summary>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="ResidentBytes">Resident memory of the process: before a load, after anything else.</param>
/// <param name="PeakBytes">The most that was ever resident.</param>
internal sealed record MemoryReply(double Milliseconds, long ResidentBytes, long PeakBytes);

/// <summary>A slice's runs.</summary>
/// <param name="Milliseconds">Time of each.</param>
/// <param name="QuietMilliseconds">How long the process took to come to rest afterwards.</param>
internal sealed record SliceReply(IReadOnlyList<double> Milliseconds, double QuietMilliseconds);
