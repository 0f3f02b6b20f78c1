"""The benchmark suite: one command, `python -m benchmarks`, measures the engine beside other ways to compute the same rules."""
