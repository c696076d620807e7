using Multihead.Benchmarks.Attention;
using Multihead.Benchmarks.Commands;
using Multihead.Benchmarks.Gemm;
using Multihead.Benchmarks.Harness;
using Multihead.Benchmarks.Training;

Suite[] suites =
[
    new("gemm", "Matrix products against libtorch and OpenBLAS.", GemmCase.All),
    new("attention", "Attention forward and backward against libtorch and PyTorch.", AttentionCase.All),
    new("train", "Whole training steps against libtorch and PyTorch.", StepCase.All),
];
return BenchmarkCommands.CreateRoot(suites).Parse(args).Invoke();
