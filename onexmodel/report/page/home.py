"""Where matplotlib keeps its list of fonts when the user's home cannot be written to: else it says so at length, on the page too."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ...running.scratch import for_this_process

FOLDER = "MPLCONFIGDIR"  # the environment variable that matplotlib, and every process begun after, goes by


def settle() -> None:
    """Before matplotlib is imported: a folder of this process, gone at its end, where its usual ones cannot be used."""
    if FOLDER not in os.environ and not _can_be_used(Path(os.path.expanduser("~"))):
        os.environ[FOLDER] = str(for_this_process())


def _can_be_used(home: Path) -> bool:
    """Whether a folder can be made there; that is not known before it is tried (what root may, /proc still refuses)."""
    try:
        with tempfile.TemporaryDirectory(
            dir=next(one for one in (home / ".config", home, *home.parents) if one.exists())
        ):
            return True
    except OSError:
        return False
