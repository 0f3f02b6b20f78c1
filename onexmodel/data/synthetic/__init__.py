"""The synthetic national set: published margins, fictional colleges; a module a generator step."""
