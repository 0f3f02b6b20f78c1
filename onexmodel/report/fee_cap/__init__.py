"""fee_cap: what caps and fees of assessment do."""
