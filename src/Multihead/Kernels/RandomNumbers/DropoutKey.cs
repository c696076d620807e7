namespace Multihead.Kernels.RandomNumbers;

/// <summary>Names one pattern of dropout: with it the backward pass makes the same pattern again.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Stream">Unlike every other use of the seed: made, for instance, from the step and the place in the model.</param>
internal readonly record struct DropoutKey(ulong Seed, ulong Stream);
