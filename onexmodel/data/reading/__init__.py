"""Files to typed cells, each with its address."""
