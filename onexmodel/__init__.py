"""onexmodel: what 1+X certificates cost, who pays, and what a policy would change."""

__version__ = "0.8.0"
