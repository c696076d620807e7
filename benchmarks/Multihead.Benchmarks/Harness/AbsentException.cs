namespace Multihead.Benchmarks.Harness;

/// <summary>What a contestant needs is not on this machine.</summary>
internal sealed class AbsentException(string message, Exception? inner = null) : Exception(message, inner);
