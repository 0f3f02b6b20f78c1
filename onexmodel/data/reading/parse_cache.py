"""What one command has parsed once for several processes of its own: a folder of theirs with one file a data set, named by the hash of
what was read. Who finds no file of just these bytes reads for himself, with the same result."""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

from ..about import FILE
from ..schema import load_schema

FOLDER = "ONEXMODEL_PARSED"  # the environment variable; a command sets it for the processes it starts, and removes the folder at its end


def files_of(folder: Path, table: str) -> list[Path]:
    """The files of a table, by its English and its Chinese name."""
    sheet = next(iter(load_schema()[table].values())).sheet
    return [folder / f"{name}.csv" for name in (table, sheet) if (folder / f"{name}.csv").exists()]


def digest_of(source: Path) -> str:
    """The hash of a data set's bytes: of every table of a folder and its description, or of a workbook."""
    if not source.is_dir():
        return hashlib.sha256(source.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for table in load_schema():
        for file in files_of(source, table)[:1]:
            digest.update(table.encode() + file.read_bytes())
    if (source / FILE).exists():
        digest.update((source / FILE).read_bytes())
    return digest.hexdigest()


def hand_over(parsed, folder: Path) -> None:
    """Keep a Parsed in the folder for those whose environment names it."""
    (folder / parsed.sha256).write_bytes(pickle.dumps(parsed, pickle.HIGHEST_PROTOCOL))


def handed(source: Path):
    """The Parsed of just these bytes, if the command that started this process handed it over; else None."""
    folder = Path(os.environ.get(FOLDER, ""))
    if FOLDER not in os.environ or not folder.is_dir() or not source.exists():
        return None
    kept = folder / digest_of(source)
    return pickle.loads(kept.read_bytes()) if kept.exists() else None
