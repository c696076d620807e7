namespace Multihead.Inference.Decoding.Sampling;

/// <summary>A token that may be chosen.</summary>
/// <param name="Id">Its number.</param>
/// <param name="LogWeight">Its log-probability, in nats, up to a constant that is the same for all candidates.</param>
/// <param name="Key">What candidates are ranked by, the largest first; among equals the lower number first.</param>
internal readonly record struct Candidate(int Id, double LogWeight, double Key)
{
    public double Weight => Math.Exp(LogWeight);

    public bool Before(in Candidate other) => Key > other.Key || Key == other.Key && Id < other.Id;
}
