"""scenario_compare: any scenarios side by side, and what parts them."""
