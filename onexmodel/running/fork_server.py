"""The first thing that the process imports from which others are forked (report/make/process_setup.py), for what happens then: it ends with
the command that began it, also while it still imports."""

import os

from .children import PARENT, dies_with

if os.environ.get(PARENT, "").isdigit():
    dies_with(int(os.environ.pop(PARENT)))
