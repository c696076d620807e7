using Multihead.Kernels.Activations;
using Multihead.Tensors;
using Multihead.Tensors.Operations;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>No operation, and no activation, is without a gradient case.</summary>
public class OperationListTests
{
    [Fact]
    public void EveryOperationHasAGradientCase() => Assert.Empty(WithoutCase(OperationsOf(typeof(Linear).Assembly)));

    [Fact]
    public void AnOperationWithoutACaseIsFound() =>
        Assert.Equal([nameof(Forgotten)], WithoutCase([typeof(Linear), typeof(Forgotten)]));

    [Fact]
    public void EveryFileIsOneOperation()
    {
        var folder = Path.Combine(TestData.RepositoryRoot(), "src", "Multihead", "Tensors", "Operations");
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(files.Order(StringComparer.Ordinal),
            OperationsOf(typeof(Linear).Assembly).Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatRecordsOnATapeIsAnOperation()
    {
        var operations = OperationsOf(typeof(Linear).Assembly).ToHashSet();
        var records = typeof(Linear).Assembly.GetTypes().Where(t => t.IsValueType && t.IsAssignableTo(typeof(IBackward)));
        Assert.All(records, record => Assert.Contains(record.DeclaringType!, operations));
    }

    [Fact]
    public void EveryActivationHasAGradientCase()
    {
        var activations = typeof(Relu).Assembly.GetTypes()
            .Where(t => t.IsValueType && t.IsAssignableTo(typeof(IActivation))).Select(t => t.Name);
        var cases = OperationCases.All.Select(c => c.Name);
        Assert.Equal(["Gelu", "GeluTanh", "Relu", "Silu"], activations.Order(StringComparer.Ordinal));
        Assert.All(activations, name => Assert.Contains(cases, c => c.Equals(name, StringComparison.OrdinalIgnoreCase)));
    }

    // Static classes of the room with a method that applies them.
    private static IEnumerable<Type> OperationsOf(System.Reflection.Assembly assembly) => assembly.GetTypes()
        .Where(t => t.Namespace == typeof(Linear).Namespace && t is { IsAbstract: true, IsSealed: true, IsNested: false })
        .Where(t => t.GetMethods().Any(m => m.Name == "Apply"));

    private static IEnumerable<string> WithoutCase(IEnumerable<Type> operations) =>
        operations.Except(OperationCases.All.Select(c => c.Operation)).Select(t => t.Name);

    private static class Forgotten;
}
