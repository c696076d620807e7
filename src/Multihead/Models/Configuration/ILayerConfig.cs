using Multihead.Tensors.Operations;

namespace Multihead.Models.Configuration;

/// <summary>What the parts of a layer must know of the model that they stand in, whatever its architecture. The members are those
/// of <see cref="ModelConfig"/>.</summary>
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

    /// <summary>The shape of an attention of the layer.</summary>
    AttentionShape Attention(bool causal) => new(HeadCount, HeadCount, ModelDim / HeadCount, causal, AttentionDropout);
}
