"""What every report ends with: notes, derivations, assumptions, sources, the model."""
