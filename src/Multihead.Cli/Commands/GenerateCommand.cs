using System.CommandLine;
using Multihead.Cli.Input;
using Multihead.Cli.Shell;
using Multihead.Inference;

namespace Multihead.Cli.Commands;

/// <summary>Goes on with a text, word by word as it is known.</summary>
internal sealed class GenerateCommand : ToolCommand
{
    private readonly Argument<string> _model = new("MODEL") { Description = "The folder of a language model." };

    private readonly Argument<string?> _prompt = new("PROMPT")
    {
        Description = "The text to go on with; without it, standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> _tokens = NumberOption.Whole("--tokens", "Most tokens to write; 256 by default.", 1, 1_000_000);

    private readonly Option<double?> _temperature = NumberOption.Real("--temperature",
        "How freely tokens are drawn; 0, the default, always takes the most probable.", 0, 100);

    private readonly Option<int?> _topK = NumberOption.Whole("--top-k", "Draw from so many most probable tokens.", 1, 1_000_000);
    private readonly Option<double?> _topP = NumberOption.Real("--top-p", "Draw from the fewest tokens of this probability.", 0, 1);
    private readonly Option<int?> _seed = NumberOption.Whole("--seed", "Repeats a draw; 1 by default.", 0, int.MaxValue);

    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "A text that ends what is written; may be given again.",
        HelpName = "TEXT",
        DefaultValueFactory = _ => [],
    };

    public GenerateCommand() : base("generate", "Go on with a text by a language model.")
    {
        Add(_model);
        Add(_prompt);
        Add(_tokens);
        Add(_temperature);
        Add(_topK);
        Add(_topP);
        Add(_seed);
        Add(_stop);
        Add(JsonOption.Instance);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples { get; } =
    [
        "multihead generate shakespeare \"ROMEO:\"",
        "multihead generate shakespeare \"ROMEO:\" --temperature 0.8 --top-k 40 --seed 7 --tokens 500",
        "multihead generate shakespeare --stop \"JULIET:\" --json < prompt.txt",
    ];

    /// <inheritdoc/>
    public override void Run(Invocation invocation)
    {
        var options = ReadOptions(invocation);
        var prompt = invocation.Get(_prompt) ?? InputText.ReadStandardInput(invocation.Output);
        using var generator = Generator.Load(invocation.Get(_model));
        if (invocation.Get(JsonOption.Instance))
        {
            var written = generator.Generate(prompt, options, invocation.Cancellation);
            invocation.Output.Result(written.Text);
            invocation.Output.Json(json =>
            {
                json.WriteString("text", written.Text);
                json.WriteString("endReason", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(written.Reason.ToString()));
                json.WriteStartArray("tokens");
                foreach (var token in written.Tokens) json.WriteNumberValue(token);
                json.WriteEndArray();
                json.WriteStartArray("logProbabilities");
                foreach (var logProbability in written.LogProbabilities) json.WriteNumberValue(logProbability);
                json.WriteEndArray();
            });
            return;
        }
        Write(invocation, generator.GenerateStreaming(prompt, options, invocation.Cancellation)).GetAwaiter().GetResult();
    }

    private static async Task Write(Invocation invocation, IAsyncEnumerable<string> pieces)
    {
        var output = invocation.Output;
        await foreach (var piece in pieces.ConfigureAwait(false))
        {
            output.Results.Write(piece);
            if (output.ResultsAreWatched) output.Flush();
        }
        output.Result("");
    }

    private GenerationOptions ReadOptions(Invocation invocation)
    {
        var defaults = new GenerationOptions();
        var temperature = invocation.Get(_temperature);
        var draws = temperature > 0 || invocation.Get(_topK) is not null || invocation.Get(_topP) is not null;
        return defaults with
        {
            MaxTokens = invocation.Get(_tokens) ?? defaults.MaxTokens,
            StopTexts = invocation.Get(_stop)!,
            LongContext = LongContext.Slide,
            Sampling = draws ? Sampling(invocation, temperature ?? 1) : null,
        };
    }

    private SamplingOptions Sampling(Invocation invocation, double temperature)
    {
        var defaults = new SamplingOptions();
        return defaults with
        {
            Temperature = temperature,
            TopK = invocation.Get(_topK) ?? defaults.TopK,
            TopP = invocation.Get(_topP) ?? defaults.TopP,
            Seed = (ulong)(invocation.Get(_seed) ?? 1),
        };
    }
}
