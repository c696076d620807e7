using Multihead.Models.Attention;
using Multihead.Models.FeedForward;

namespace Multihead.Models.Blocks;

/// <summary>What the weights of a layer of self-attention and feed-forward are called in files, without ".weight" and ".bias".
/// </summary>
internal readonly record struct LayerNames(AttentionNames Attention, string AttentionNorm, FeedForwardNames FeedForward,
    string FeedForwardNorm);
