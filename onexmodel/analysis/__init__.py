"""Plain functions on results."""
