"""funding_mix: who pays for what, where money is missing, and what one more yuan of each source closes."""
