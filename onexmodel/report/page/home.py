"""Where matplotlib keeps its list of fonts when the user's home cannot be written to: else it says so at length, on the page too."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = "MPLCONFIGDIR"  # the environment variable that matplotlib, and every process begun after, goes by


def settle() -> None:
    """Before matplotlib is imported: a folder of this process, gone at its end, where its usual ones cannot be used."""
    if FOLDER not in os.environ and not _can_be_used(Path(os.path.expanduser("~"))):
        made = tempfile.mkdtemp(prefix="onexmodel-")
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        os.environ[FOLDER] = made


def _can_be_used(home: Path) -> bool:
    """Whether a folder can be made there; that is not known before it is tried (what root may, /proc still refuses)."""
    try:
        with tempfile.TemporaryDirectory(
            dir=next(one for one in (home / ".config", home, *home.parents) if one.exists())
        ):
            return True
    except OSError:
        return False
