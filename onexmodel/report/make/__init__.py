"""From a notebook to a file: typed parameters, kernels, execution, conversion, batches, verification."""
