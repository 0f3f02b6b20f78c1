"""cost_reduction: what levers save and ask."""
