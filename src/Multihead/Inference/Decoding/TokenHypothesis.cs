namespace Multihead.Inference.Decoding;

/// <summary>A finished output as token numbers, without marks.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Score">Log-probability divided by the length penalty.</param>
/// <param name="LogProbability">Of all tokens and the end mark.</param>
internal sealed record TokenHypothesis(int[] Tokens, double Score, double LogProbability);
