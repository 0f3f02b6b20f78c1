"""Findings: what a college or province would have to explain or report upward (C12, C14)."""
