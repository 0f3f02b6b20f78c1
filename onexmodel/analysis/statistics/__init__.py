"""Statistics that know nothing of the model."""
