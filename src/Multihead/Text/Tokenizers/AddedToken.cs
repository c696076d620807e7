namespace Multihead.Text.Tokenizers;

/// <summary>A token that merges do not make, as <c>tokenizer.json</c> lists it under <c>added_tokens</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Steers the model: never found in text, never decoded. Else it is a piece of plain text.</param>
/// <param name="SingleWord">Found between word boundaries only (carried for special tokens; refused for others).</param>
/// <param name="LeftStrip">Takes white space before it along (likewise).</param>
/// <param name="RightStrip">Takes white space after it along (likewise).</param>
/// <param name="Normalized">Looked for in normalised text; we have no normaliser, so that it makes no difference.</param>
internal sealed record AddedToken(
    int Id, string Content, bool Special, bool SingleWord = false, bool LeftStrip = false, bool RightStrip = false,
    bool Normalized = false);
