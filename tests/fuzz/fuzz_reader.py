"""What a reader is to the hunt."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from onexmodel.errors import Fault

ROOT = Path(__file__).resolve().parents[2]
GONE = b"\x00gone"  # the content of a file that is not there
RUNS = 40  # of so many accepted cases one is run to the end

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Reader:
    """`make` a case of a generator; `read` those files in a folder, and say whether they were taken; `weight`: its share of a run's cases;
    `base`: a folder that the files are laid over."""

    name: str
    weight: int
    make: Callable[[Random], Files]
    read: Callable[[Path], bool]
    base: Path | None = None


def said(faults) -> bool:
    """Every fault as the sentence a reader gets; whether none is an error."""
    for fault in faults:
        assert isinstance(fault, Fault) and fault.what and str(fault)
    return not any(fault.level == "error" for fault in faults)


def chosen(path: Path, among: int) -> int:
    """A number below `among` that follows from a file's content, so that a case repeats."""
    return int(hashlib.sha256(path.read_bytes()).hexdigest(), 16) % among
