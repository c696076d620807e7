using Multihead.Tests.Tensors.Plain;

namespace Multihead.Tests.Tensors.Operations;

/// <summary>How a case is run.</summary>
/// <param name="DropoutSeed">Turns dropout on.</param>
/// <param name="Uses">How often the operation is applied to the same variables before the tape is played.</param>
/// <param name="Steps">How many steps gather in the gradients of the weights.</param>
internal sealed record GradientRun(ulong? DropoutSeed = null, int Uses = 1, int Steps = 1);

/// <summary>Holds the gradients of an operation against central differences of its plain form.</summary>
internal static class GradientChecker
{
    // Of a loss in doubles about 1 in size: the error is the third derivative / 6 * Distance^2, and 1e-16 / Distance.
    private const double Distance = 1e-5;

    // Sums of at most a hundred single-precision terms, beside the largest gradient of the variable.
    private const double Tolerance = 1e-5;

    /// <summary>What is wrong: the loss, or a gradient, one message a variable; none if all is right.</summary>
    public static IReadOnlyList<string> Faults(OperationCase of, GradientRun run, PlantedError? planted = null)
    {
        var values = of.Variables.ToDictionary(v => v.Name, Draw);
        using var bench = new OperationBench(of.Variables, values);
        var loss = 0.0;
        for (var step = 0; step < run.Steps; step++)
        {
            bench.BeginStep(run.DropoutSeed);
            planted?.Record(bench);
            loss = 0;
            for (var use = 0; use < run.Uses; use++) loss += of.Forward(bench);
            bench.Backward();
        }
        var plain = of.Variables.ToDictionary(v => v.Name, v => PlainMatrix.Of(values[v.Name], v.Rows, v.Columns));
        var expectedLoss = Loss(of, run, plain);
        List<string> faults = [];
        if (!(Math.Abs(loss - expectedLoss) <= Tolerance * Math.Max(1, Math.Abs(expectedLoss))))
            faults.Add($"{of.Name}: the loss is {loss:R}, not {expectedLoss:R}");
        foreach (var variable in of.Variables)
        {
            var expected = Differences(of, run, plain, variable);
            var times = variable.IsWeight ? run.Steps : 1;
            var allowed = Tolerance * times * Math.Max(1e-3, expected.Max(Math.Abs));
            var actual = bench.Gradient(variable);
            for (var i = 0; i < actual.Length; i++)
            {
                if (Math.Abs(actual[i] - times * expected[i]) <= allowed) continue;
                faults.Add($"{of.Name}: the gradient of {variable.Name} at {i} is {actual[i]:R}, not {times * expected[i]:R}");
                break;
            }
        }
        return faults;
    }

    private static double[] Differences(OperationCase of, GradientRun run, IReadOnlyDictionary<string, PlainMatrix> values,
        Variable variable)
    {
        var data = values[variable.Name].Data;
        var slopes = new double[data.Length];
        for (var i = 0; i < data.Length; i++)
        {
            var kept = data[i];
            data[i] = kept + Distance;
            var above = Loss(of, run, values);
            data[i] = kept - Distance;
            slopes[i] = (above - Loss(of, run, values)) / (2 * Distance);
            data[i] = kept;
        }
        return slopes;
    }

    private static double Loss(OperationCase of, GradientRun run, IReadOnlyDictionary<string, PlainMatrix> values)
    {
        var bench = new PlainBench(values, run.DropoutSeed);
        var loss = 0.0;
        for (var use = 0; use < run.Uses; use++) loss += of.Loss(bench);
        return loss;
    }

    private static float[] Draw(Variable variable)
    {
        var random = new Random(variable.Name.Sum(c => c) + variable.Count);
        var values = new float[variable.Count];
        foreach (ref var value in values.AsSpan()) value = (float)(random.NextDouble() * 2 - 1);
        return values;
    }
}
