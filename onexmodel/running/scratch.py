"""Temporary folders that are known by their name and held by a lock: what a killed run left behind is removed by the next one that writes
there, what a living one uses never is, on whatever machine it runs."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

POSIX = (
    os.name == "posix"
)  # Windows has no such locks; there a file that is open cannot be removed, which tells the same
if POSIX:
    import fcntl

PREFIX = ".onexmodel-"  # then the number of the process, for whoever looks into the folder
LOCK = ".held"
SHORT = 50  # bytes of a path that leave room for a folder of ours and a socket in it
YOUNG = 10.0  # seconds in which a folder without a lock may be one that is just being made


@contextmanager
def temporary(folder: Path | None = None) -> Iterator[Path]:
    """A folder inside `folder` (the system's temporary one if left out), gone when the block ends, however it ends. What killed runs left
    there is removed first."""
    clear(folder)
    made = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=folder))
    try:
        with _held(made):
            yield made
            if POSIX:
                shutil.rmtree(made, ignore_errors=True)  # while it is still held
    finally:
        shutil.rmtree(made, ignore_errors=True)


def for_this_process(folder: Path | None = None) -> Path:
    """Such a folder (as `temporary`), gone when this process ends."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(temporary(folder))


def short() -> Path | None:
    """A place for folders in which sockets lie, whose whole paths may have 107 characters: the system's temporary one where that is short
    enough, else a short one that everybody has; None where there is none."""
    places = (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm")
    return next(
        (
            Path(one)
            for one in places
            if len(os.fsencode(one)) <= SHORT and os.access(one, os.W_OK | os.X_OK)
        ),
        None,
    )


def clear(folder: Path | None = None) -> None:
    """Remove the temporary folders in `folder` (the system's temporary one if left out) that nobody holds any more. What is not ours, or cannot be removed, stays."""
    try:
        with os.scandir(folder or tempfile.gettempdir()) as found:
            names = [one for one in found if one.name.startswith(PREFIX)]
    except OSError:  # no such folder, or not to be looked into: nothing of ours to clear
        return
    for one in names:
        if one.is_dir(follow_symlinks=False) and _left(Path(one.path)):
            shutil.rmtree(one.path, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Locked until the block or the process ends; the lock appears in the folder only when it is locked already."""
    new = folder / f"{LOCK}-new"
    with open(new, "wb") as lock:
        _lock(lock)
        if POSIX:
            os.replace(new, folder / LOCK)
        yield


def _lock(lock: IO[bytes]) -> bool:
    """Whether it could be locked. A file system that knows no locks answers no: what cannot be judged is never removed."""
    try:
        if POSIX:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def _left(folder: Path) -> bool:
    """Whether a temporary folder has lost its process."""
    try:
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return False
        if not POSIX:
            return _left_on_windows(folder)
        try:
            with open(folder / LOCK, "rb+") as lock:
                return _lock(lock)
        except FileNotFoundError:
            return time.time() - folder.stat().st_mtime > YOUNG
    except OSError:
        return False


def _left_on_windows(folder: Path) -> bool:
    lock = folder / f"{LOCK}-new"
    if not lock.exists():
        return time.time() - folder.stat().st_mtime > YOUNG
    lock.unlink()  # PermissionError, an OSError, while it is open
    return True
