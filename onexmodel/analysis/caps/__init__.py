"""Caps and fees."""
