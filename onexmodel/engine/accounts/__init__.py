"""The settlement ledger of a day, and what it shows."""
