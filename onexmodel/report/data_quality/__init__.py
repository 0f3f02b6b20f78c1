"""data_quality: what is missing, taken by a rule or suspicious, by cell address, and what it stops."""
