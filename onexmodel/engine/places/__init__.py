"""Values at some places only, and one province out of a nation."""
