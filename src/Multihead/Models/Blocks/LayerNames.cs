using Multihead.Models.Attention;
using Multihead.Models.Configuration;
using Multihead.Models.FeedForward;

namespace Multihead.Models.Blocks;

/// <summary>What the weights of a layer of self-attention and feed-forward are called in files, without ".weight" and ".bias".
/// </summary>
/// <param name="Attention">Its products.</param>
/// <param name="AttentionNorm">The norm of the attention sublayer.</param>
/// <param name="FeedForward">Its products.</param>
/// <param name="FeedForwardNorm">The norm of the feed-forward sublayer.</param>
internal readonly record struct LayerNames(AttentionNames Attention, string AttentionNorm, FeedForwardNames FeedForward,
    string FeedForwardNorm)
{
    /// <summary>The norm of what attention adds; <see cref="NormPlacement.Sandwich"/> alone has it.</summary>
    public string? AddedAttentionNorm { get; init; }

    /// <summary>The norm of what the feed-forward sublayer adds; <see cref="NormPlacement.Sandwich"/> alone has it.</summary>
    public string? AddedFeedForwardNorm { get; init; }
}
