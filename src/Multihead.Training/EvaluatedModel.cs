using Multihead.Inference;
using Multihead.Kernels.Threading;
using Multihead.Models;
using Multihead.Tensors;
using Multihead.Text.Corpora;
using Multihead.Text.Tokenizers;
using Multihead.Training.Batches;

namespace Multihead.Training;

/// <summary>A checkpoint that both translates and tells how probable it finds given translations.</summary>
internal sealed class EvaluatedModel : IDisposable
{
    private const int TokensAtOnce = 2_048;

    private readonly EncoderDecoder _model;
    private readonly Tokenizer _tokenizer;
    private readonly ThreadTeam _team;

    private EvaluatedModel(EncoderDecoder model, Tokenizer tokenizer, ThreadTeam team)
    {
        (_model, _tokenizer, _team) = (model, tokenizer, team);
        Translator = new Translator(model, tokenizer, team); // it owns the model from now on
    }

    public Translator Translator { get; }

    /// <summary>Opens a checkpoint folder.</summary>
    /// <exception cref="MultiheadException">A file is missing, damaged, or does not fit the others.</exception>
    public static EvaluatedModel Load(string folder, ThreadTeam team)
    {
        var (model, tokenizer) = Checkpoint.Load(folder, learning: false);
        return new EvaluatedModel(model, tokenizer, team);
    }

    /// <summary>Nats a target token, end marks included; pairs that are longer than the model reads are left out. Not a number
    /// where none is left.</summary>
    public double Loss(IReadOnlyList<SentencePair> pairs)
    {
        var corpus = EncodedCorpus.Of(pairs, _tokenizer, _model.MaxLength, out _);
        using var workspace = new Workspace(_team);
        return new Validation(_model, corpus, Math.Max(TokensAtOnce, _model.MaxLength)).Loss(workspace);
    }

    /// <inheritdoc/>
    public void Dispose() => Translator.Dispose();
}
