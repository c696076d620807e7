using Multihead.Tensors.Operations;

namespace Multihead.Models.Configuration;

/// <summary>What the parts of a layer must know of the model that they stand in, whatever its architecture. Members with a default
/// are those that the model of 2017 does not have.</summary>
internal interface ILayerConfig
{
    int ModelDim { get; }
    int HeadCount { get; }
    int FeedForwardDim { get; }
    NormPlacement NormPlacement { get; }
    NormConfig Norm { get; }
    Activation Activation { get; }
    float Dropout { get; }
    float AttentionDropout { get; }
    float ActivationDropout { get; }

    /// <summary>Heads of keys and values; a divisor of <see cref="HeadCount"/>.</summary>
    int KeyValueHeadCount => HeadCount;

    /// <summary>Width of a head.</summary>
    int HeadDim => ModelDim / HeadCount;

    /// <summary>Whether the products of attention that make queries, keys and values have a bias.</summary>
    bool QueryKeyValueBias => true;

    /// <summary>Whether the product behind attention has a bias.</summary>
    bool AttentionOutputBias => true;

    /// <summary>Whether queries and keys are normalised head by head.</summary>
    bool NormalisesQueryAndKey => false;

    /// <summary>Whether f(x Wg) * x Wu stands in the place of f(x W1 + b1).</summary>
    bool GatedFeedForward => false;

    /// <summary>The shape of an attention of the layer.</summary>
    AttentionShape Attention(bool causal) => new(HeadCount, KeyValueHeadCount, HeadDim, causal, AttentionDropout);
}
