using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Xml.Linq;
using Multihead.Training.Recipes;

namespace Multihead.Tests.Training.Recipes;

/// <summary>The JSON schema of recipes, for editors: the shapes from the serializer, the words from the XML comments.</summary>
internal static class RecipeSchema
{
    private static readonly Dictionary<string, string> Summaries = new[] { "Multihead.Core.xml", "Multihead.Training.xml" }
        .SelectMany(file => XDocument.Load(Path.Combine(AppContext.BaseDirectory, file)).Descendants("member"))
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Words(member.Element("summary")!));

    /// <summary>The text of the file.</summary>
    public static string Text()
    {
        var options = RecipeJsonContext.Default.Options;
        var exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };
        var schema = (JsonObject)options.GetJsonSchemaAsNode(typeof(Recipe), exporter);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A training recipe of Multihead");
        return schema.ToJsonString(new(options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema) return node;
        if (schema.ContainsKey("properties")) schema["additionalProperties"] = false; // a typing error is shown at once
        if (SummaryOf(context) is { } summary) schema.Insert(0, "description", summary);
        return schema;
    }

    // The property's own words where there is one; the type's otherwise.
    private static string? SummaryOf(JsonSchemaExporterContext context)
    {
        if (context.PropertyInfo?.AttributeProvider is System.Reflection.MemberInfo member && context.BaseTypeInfo is null)
            return Summaries.GetValueOrDefault($"P:{member.DeclaringType!.FullName}.{member.Name}");
        return Summaries.GetValueOrDefault($"T:{context.TypeInfo.Type.FullName}");
    }

    private static string Words(XElement summary)
    {
        foreach (var see in summary.Descendants("see").ToArray())
            see.ReplaceWith(see.Attribute("cref")!.Value.Split('.')[^1]);
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
