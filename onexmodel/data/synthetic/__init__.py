"""The synthetic national set: published margins, fictional colleges (schema.md, generator steps)."""
