"""Draws: sample, evaluate, and what is asked of them."""
