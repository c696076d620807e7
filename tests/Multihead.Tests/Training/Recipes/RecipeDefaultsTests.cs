using System.Text.Json.Serialization;
using Multihead.Training;
using Multihead.Training.Recipes;
using Multihead.Training.Schedules;

namespace Multihead.Tests.Training.Recipes;

/// <summary>What a recipe leaves out has the value that the code says, for every kind of data and schedule.</summary>
public sealed class RecipeDefaultsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void OnlyTheDataMustBeGiven() =>
        Assert.Equal(new Recipe { Data = new SdkData() }, Read("""{ "data": { "kind": "sdk" } }"""));

    [Fact]
    public void WhatIsGivenStandsBesideTheDefaults()
    {
        var recipe = Read("""
            { "data": { "kind": "tsv", "path": "a" }, "filter": { "maxWords": 7, }, // a comment
              "model": { "modelDim": 64, "norm": { "kind": "rmsNorm" } }, "training": { "adam": { "beta2": 0.999 }, "seed": 5 } }
            """);
        Assert.Equal(new TsvData { Path = "a" }, recipe.Data);
        Assert.Equal(new() { MaxWords = 7 }, recipe.Filter);
        Assert.Equal(new ModelRecipe { ModelDim = 64, Norm = new Multihead.Models.Configuration.RmsNormConfig() }, recipe.Model);
        Assert.Equal(new TrainingOptions { Adam = new AdamOptions { Beta2 = 0.999 }, Seed = 5 }, recipe.Training);
    }

    [Fact]
    public void EveryKindOfScheduleHasItsDefaults() => Assert.All(Kinds<LearningRateSchedule>(), kind =>
        Assert.Equal(Activator.CreateInstance(kind.DerivedType),
            Read($$"""{ "data": { "kind": "sdk" }, "training": { "schedule": { "kind": "{{kind.TypeDiscriminator}}" } } }""")
                .Training.Schedule));

    [Fact]
    public void EveryKindOfDataHasItsDefaults() => Assert.All(Kinds<DataRecipe>(), kind =>
    {
        var required = kind.DerivedType.GetProperties()
            .Where(property => property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false))
            .Select(property => $", \"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}\": \"x\"");
        var data = Read($$"""{ "data": { "kind": "{{kind.TypeDiscriminator}}"{{string.Concat(required)}} } }""").Data;
        var fresh = Activator.CreateInstance(kind.DerivedType)!;
        Assert.All(kind.DerivedType.GetProperties(), property =>
            Assert.Equal(required.Any(r => r.Contains($"\"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}\"",
                StringComparison.Ordinal)) ? "x" : property.GetValue(fresh), property.GetValue(data)));
    });

    private static JsonDerivedTypeAttribute[] Kinds<T>() =>
        (JsonDerivedTypeAttribute[])Attribute.GetCustomAttributes(typeof(T), typeof(JsonDerivedTypeAttribute));

    private Recipe Read(string json)
    {
        File.WriteAllText(_file, json);
        return RecipeFile.Read(_file);
    }
}
