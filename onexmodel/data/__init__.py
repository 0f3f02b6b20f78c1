"""Input tables: one schema (columns.csv), a reader that refuses in sentences, frozen tables with cell addresses."""

import pandas as pd

from .read import read_tables
from .tables import Tables

# words are held the same way whether pyarrow is installed or not. Arrow's are taken out one by one: what nobody filled in of the
# national set (engine/findings/unfilled.py) took 2.4 s with them, 0.07 s with Python's
pd.set_option("mode.string_storage", "python")

__all__ = ["Tables", "read_tables"]
