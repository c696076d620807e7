using Multihead.Training.Recipes;

namespace Multihead.Tests.Training.Recipes;

/// <summary>The recipes that stand in the repository.</summary>
public class RecipeFolderTests
{
    private const string SchemaName = "recipe.schema.json";

    private static readonly string Folder = Path.Combine(TestData.RepositoryRoot(), "recipes");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileName(path)).Where(name => name != SchemaName)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryRecipeLoadsMakesAModelAndNamesTheSchema(string name)
    {
        var recipe = RecipeFile.Read(Path.Combine(Folder, name));
        Assert.Equal(recipe.VocabularySize, recipe.Data is TextData
            ? recipe.Model.ToDecoderOnlyConfig(recipe.VocabularySize).VocabularySize
            : recipe.Model.ToConfig(recipe.VocabularySize).VocabularySize);
        Assert.Equal(SchemaName, recipe.Schema);
    }

    [Fact]
    public void QuickstartIsWhatTheCommandDoes()
    {
        var recipe = RecipeFile.Read(Path.Combine(Folder, "quickstart.json"));
        Assert.Equal(QuickstartRecipe.Create("en", "de", recipe.Training.Steps), recipe with { Schema = null });
    }

    /// <summary>With MULTIHEAD_WRITE_SCHEMA=1 the test writes the file instead.</summary>
    [Fact]
    public void TheSchemaIsThatOfTheCode()
    {
        var path = Path.Combine(Folder, SchemaName);
        if (Environment.GetEnvironmentVariable("MULTIHEAD_WRITE_SCHEMA") == "1") File.WriteAllText(path, RecipeSchema.Text());
        Assert.True(RecipeSchema.Text() == File.ReadAllText(path),
            $"recipes/{SchemaName} is behind the code; run this test with MULTIHEAD_WRITE_SCHEMA=1 and commit the file");
    }
}
