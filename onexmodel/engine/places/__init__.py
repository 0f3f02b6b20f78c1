"""Values at some places only, and some provinces out of a nation."""
