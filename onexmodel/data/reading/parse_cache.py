"""What one command has parsed once for several processes of its own: a folder of theirs with one file a data set, named by the hash of
what was read, and one for what its tables gave when they were held against each other. Who finds no file of just these bytes reads for
himself, with the same result."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from ...errors import DataError
from ...strangers import unreadable
from ..about import FILE
from ..files import digest_of_files
from ..schema import load_schema
from .names import recognised, table_names

FOLDER = "ONEXMODEL_PARSED"  # the environment variable; a command sets it for the processes it starts, and removes the folder at its end


def table_files(folder: Path) -> dict[str, list[Path]]:
    """table → its files: English name, Chinese name, then names with something around them; .CSV counts as .csv."""
    files = [
        file
        for file in sorted(folder.iterdir())
        if file.suffix.lower() == ".csv" and not file.name.startswith((".", "~$"))
    ]
    found = recognised([file.stem for file in files], table_names(load_schema()))
    tables: dict[str, list[Path]] = {}
    for file in sorted(files, key=lambda one: (one.stem not in load_schema(), one.name)):
        if file.stem in found:
            tables.setdefault(found[file.stem][0], []).append(file)
    return tables


def digest_of(source: Path) -> str:
    """The hash of a data set's bytes: of every table of a folder and its description, or of a workbook. Raises DataError where one of
    them cannot be read."""
    if not source.is_dir():
        return digest_of_files(iter([(b"", source)]))
    files = table_files(source)
    parts = [(table.encode(), file) for table in load_schema() for file in files.get(table, ())[:1]]
    # what is no ordinary file is said where the description is read (about.py)
    if unreadable(source / FILE) is None:
        parts.append((b"", source / FILE))
    return digest_of_files(iter(parts))


def hand_over(parsed, folder: Path) -> None:
    """Keep a Parsed in the folder for those whose environment names it."""
    (folder / parsed.sha256).write_bytes(pickle.dumps(parsed, pickle.HIGHEST_PROTOCOL))


def handed(source: Path, asked: str = ""):
    """The Parsed of just these bytes, if the command that started this process handed it over, or what another of its processes kept as
    `asked`; else None."""
    folder = Path(os.environ.get(FOLDER, ""))
    if FOLDER not in os.environ or not _own(folder) or not source.exists():
        return None
    try:
        kept = folder / (digest_of(source) + asked)
    except DataError:  # reading says why
        return None
    return pickle.loads(kept.read_bytes()) if kept.exists() else None


def keep(found, sha256: str, asked: str) -> None:
    """What came of the data of that hash, for the other processes of the command; two that keep the same do so one over the other."""
    folder = Path(os.environ[FOLDER])
    made = folder / f"{sha256}{asked}.{os.getpid()}"
    made.write_bytes(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
    os.replace(made, folder / (sha256 + asked))


def _own(folder: Path) -> bool:
    """Is it a folder that nobody but us can have put anything into? What lies there is a pickle, and so could run."""
    if not folder.is_dir() or os.name != "posix":
        return folder.is_dir()
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o002
