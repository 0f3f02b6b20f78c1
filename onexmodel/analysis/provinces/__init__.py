"""Provinces side by side."""
