using System.Text.Json;
using System.Text.Json.Nodes;

namespace Multihead.Training.Recipes;

/// <summary>Where two recipes part. Where the data lie does not count: whether they are the same text is seen by reading them.
/// </summary>
/// <param name="Key">The path of the first key whose values differ.</param>
/// <param name="First">Its value in the first recipe, as JSON.</param>
/// <param name="Second">Its value in the second.</param>
internal sealed record RecipeDifference(string Key, string First, string Second)
{
    /// <summary>The first difference; null where there is none.</summary>
    public static RecipeDifference? Find(Recipe first, Recipe second) => Find("", Tree(first), Tree(second));

    private static JsonNode? Tree(Recipe recipe) => JsonSerializer.SerializeToNode(
        recipe with { Data = recipe.Data.MapPaths(static _ => "") }, RecipeJsonContext.Default.Recipe);

    private static RecipeDifference? Find(string key, JsonNode? first, JsonNode? second)
    {
        if (first is not JsonObject a || second is not JsonObject b)
            return JsonNode.DeepEquals(first, second) ? null : new RecipeDifference(key, Show(first), Show(second));
        return a.Select(member => member.Key).Union(b.Select(member => member.Key))
            .Select(name => Find(key.Length == 0 ? name : $"{key}.{name}", a[name], b[name]))
            .FirstOrDefault(found => found is not null);
    }

    private static string Show(JsonNode? value) => value?.ToJsonString() ?? "left to the default";
}
