namespace Multihead.Tests.Tensors.Onnx;

/// <summary>Which of ONNX' operator fixtures apply, and by what they are met; and why the others don't.</summary>
internal static class OnnxTable
{
    public static IReadOnlyList<(Action<OnnxFixture> Check, string[] Fixtures)> Applicable { get; } =
    [
        (OnnxRowChecks.Softmax, ["softmax_axis_0", "softmax_axis_1", "softmax_axis_2", "softmax_default_axis", "softmax_example",
            "softmax_large_number", "softmax_negative_axis"]),
        (OnnxRowChecks.LogSoftmax, ["logsoftmax_axis_0", "logsoftmax_axis_1", "logsoftmax_axis_2", "logsoftmax_default_axis",
            "logsoftmax_example_1", "logsoftmax_large_number", "logsoftmax_negative_axis"]),
        (OnnxRowChecks.TopK, ["top_k", "top_k_negative_axis"]),
        (OnnxRowChecks.LayerNormalization, ["layer_normalization_2d_axis0", "layer_normalization_2d_axis1",
            "layer_normalization_2d_axis_negative_1", "layer_normalization_2d_axis_negative_2",
            "layer_normalization_3d_axis0_epsilon", "layer_normalization_3d_axis1_epsilon",
            "layer_normalization_3d_axis2_epsilon", "layer_normalization_3d_axis_negative_1_epsilon",
            "layer_normalization_3d_axis_negative_2_epsilon",
            "layer_normalization_3d_axis_negative_3_epsilon", "layer_normalization_4d_axis0", "layer_normalization_4d_axis1",
            "layer_normalization_4d_axis2", "layer_normalization_4d_axis3", "layer_normalization_4d_axis_negative_1",
            "layer_normalization_4d_axis_negative_2", "layer_normalization_4d_axis_negative_3",
            "layer_normalization_4d_axis_negative_4", "layer_normalization_default_axis"]),
        (OnnxRowChecks.CrossEntropy, ["sce_mean", "sce_mean_3d", "sce_mean_3d_log_prob", "sce_mean_log_prob",
            "sce_mean_no_weight_ii", "sce_mean_no_weight_ii_3d", "sce_mean_no_weight_ii_3d_log_prob", "sce_mean_no_weight_ii_4d",
            "sce_mean_no_weight_ii_4d_log_prob", "sce_mean_no_weight_ii_log_prob", "sce_none", "sce_none_log_prob", "sce_sum",
            "sce_sum_log_prob", "sce_NCd1d2d3_none_no_weight_negative_ii", "sce_NCd1d2d3_none_no_weight_negative_ii_log_prob",
            "sce_NCd1d2d3d4d5_none_no_weight", "sce_NCd1d2d3d4d5_none_no_weight_log_prob"]),
        (OnnxProductChecks.Gemm, ["gemm_all_attributes", "gemm_alpha", "gemm_beta", "gemm_default_matrix_bias",
            "gemm_default_no_bias", "gemm_default_scalar_bias", "gemm_default_single_elem_vector_bias",
            "gemm_default_vector_bias", "gemm_default_zero_bias", "gemm_transposeA", "gemm_transposeB"]),
        (OnnxProductChecks.MatMul, ["matmul_2d", "matmul_3d", "matmul_4d", "einsum_batch_matmul"]),
        (OnnxElementChecks.Relu, ["relu"]),
        (OnnxElementChecks.SigmoidFromSilu, ["sigmoid", "sigmoid_example"]),
        (OnnxElementChecks.ErfFromGelu, ["erf"]),
        (OnnxElementChecks.DropoutThatDropsNothing, ["dropout_default", "dropout_default_mask", "dropout_default_mask_ratio",
            "dropout_default_old", "dropout_default_ratio", "dropout_random_old", "training_dropout_zero_ratio",
            "training_dropout_zero_ratio_mask"]),
        (OnnxElementChecks.Gather, ["gather_0", "gather_1", "gather_2d_indices", "gather_negative_indices"]),
        (OnnxElementChecks.Adam, ["adam", "adam_multiple"]),
    ];

    /// <summary>What names begin with, without test_, and why there is nothing here to hold against them.</summary>
    public static IReadOnlyList<(string Why, string[] Beginnings)> LeftOut { get; } =
    [
        ("quantised numbers", ["dequantizelinear", "dynamicquantizelinear", "matmulinteger", "qlinearmatmul", "quantizelinear"]),
        ("an activation that no model of ours has", ["elu", "hardswish", "softplus", "tanh"]),
        ("an optimizer that is not ours", ["momentum", "nesterov_momentum"]),
        ("takes log-probabilities, which need not be normalised; ours takes logits", ["nllloss"]),
        ("weights of classes", ["sce_none_weights", "sce_mean_weight", "sce_NCd1_mean_weight", "sce_NCd1d2d3_sum_weight",
            "sce_NCd1d2d3d4d5_mean_weight"]),
        ("masks of another generator", ["training_dropout", "training_dropout_default", "training_dropout_mask"]),
        ("no such operation here", ["cumsum", "einsum_batch_diagonal", "einsum_inner_prod", "einsum_sum", "einsum_transpose",
            "gather_elements", "gathernd", "onehot", "top_k_smallest", "transpose", "tril", "triu", "where"]),
    ];
}
