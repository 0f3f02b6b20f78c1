"""Scenarios side by side: each alone against current law under common draws, and what parts them."""
