"""The derivation of any number, and its tree."""
