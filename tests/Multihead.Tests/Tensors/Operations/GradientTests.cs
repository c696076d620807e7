namespace Multihead.Tests.Tensors.Operations;

/// <summary>Every operation's backward pass is the derivative of its forward pass.</summary>
public class GradientTests
{
    public static TheoryData<string> Names => [.. OperationCases.All.Select(c => c.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AgreesWithFiniteDifferences(string name) => AssertRight(name, new GradientRun());

    [Theory, MemberData(nameof(Names))]
    public void AgreesUnderTheMasksOfDropout(string name)
    {
        AssertRight(name, new GradientRun(DropoutSeed: 11));
        AssertRight(name, new GradientRun(DropoutSeed: 12));
    }

    [Theory, MemberData(nameof(Names))]
    public void GradientsOfVariablesUsedTwiceAddUp(string name)
    {
        AssertRight(name, new GradientRun(Uses: 2));
        AssertRight(name, new GradientRun(DropoutSeed: 11, Uses: 3)); // each use drops by a mask of its own
    }

    [Theory, MemberData(nameof(Names))]
    public void GradientsOfWeightsGatherOverSteps(string name) => AssertRight(name, new GradientRun(DropoutSeed: 11, Steps: 2));

    [Theory, MemberData(nameof(Names))]
    public void APlantedErrorIsCaught(string name)
    {
        var of = Case(name);
        foreach (var variable in of.Variables)
            foreach (var factor in new[] { -1, 0, 0.999f })
            {
                var faults = GradientChecker.Faults(of, new GradientRun(), new PlantedError(variable.Name, factor));
                Assert.Contains($"the gradient of {variable.Name} at", Assert.Single(faults), StringComparison.Ordinal);
            }
    }

    [Fact]
    public void AWrongLossIsCaught()
    {
        var wrong = Case("linear") with { Forward = bench => Case("linear").Forward(bench) + 0.01 };
        Assert.Contains("the loss is", Assert.Single(GradientChecker.Faults(wrong, new GradientRun())), StringComparison.Ordinal);
    }

    private static OperationCase Case(string name) => OperationCases.All.Single(c => c.Name == name);

    private static void AssertRight(string name, GradientRun run)
    {
        var faults = GradientChecker.Faults(Case(name), run);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
