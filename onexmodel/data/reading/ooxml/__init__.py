"""Office Open XML: the package, what a sheet holds cell by cell, what a number format shows."""
