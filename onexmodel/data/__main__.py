"""python -m onexmodel.data: the data dictionary, as docs/data_dictionary.md holds it."""

import sys

from .schema import dictionary

if hasattr(sys.stdout, "reconfigure"):
    sys.stdout.reconfigure(encoding="utf-8")  # a document that is kept, whatever the terminal shows
print(dictionary(), end="")
