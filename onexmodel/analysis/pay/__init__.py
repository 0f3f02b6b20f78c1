"""Performance pay."""
