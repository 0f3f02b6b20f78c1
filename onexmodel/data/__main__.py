"""python -m onexmodel.data: the data dictionary, as docs/data_dictionary.md holds it."""

from .schema import dictionary

print(dictionary(), end="")
