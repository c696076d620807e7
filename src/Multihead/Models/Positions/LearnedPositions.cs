using Multihead.Tensors;

namespace Multihead.Models.Positions;

/// <summary>A vector for each position, learned like the tokens' own and added to them. Gehring et al., 2017,
/// https://arxiv.org/abs/1705.03122; GPT-2 and BERT have them so. Positions beyond the table do not exist.</summary>
internal sealed class LearnedPositions(ParameterStore store, string name, int maxLength, int dim)
{
    /// <summary>[maxLength, dim].</summary>
    public Weight Table { get; } = store.Matrix(name, maxLength, dim, Initialization.NormalByWidth);

    /// <summary>Positions that the table has.</summary>
    public int MaxLength => Table.Rows;
}
