namespace Multihead.Benchmarks.Harness;

/// <summary>Where the contestants of a case meet: a folder with the inputs, and one for the results of each.</summary>
internal sealed record RunFolders(string Root)
{
    public Exchange Inputs => new(Path.Combine(Root, "inputs"));

    public Exchange Results(Contestant contestant) => new(Path.Combine(Root, contestant.Name));
}
