namespace Multihead.Inference.Decoding.Sampling;

/// <summary>What candidates are ranked by.</summary>
internal interface ICandidateKey
{
    /// <summary>The larger, the sooner.</summary>
    double Of(in Candidate candidate);
}
