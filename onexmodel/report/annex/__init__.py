"""What every report ends with: notes, derivations, assumptions, sources, findings, the run record."""
