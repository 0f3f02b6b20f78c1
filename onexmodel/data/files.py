"""The one door to the bytes of a data set: what is no ordinary file is never opened (strangers.py), what is too large for a table is not
read on, and what cannot be read is a sentence about that file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import DataError, Fault
from ..strangers import unreadable, why_unread

LARGEST = 1_000_000_000  # bytes: some ten million offerings
LONGEST = 1 << 20  # bytes of a line: a thousand times that of any table
CHUNK = 1 << 20


def chunks_of(path: Path, most: int = LARGEST) -> Iterator[bytes]:
    """The bytes of an ordinary file. Raises DataError, at once where the file says it is too large."""
    if problem := unreadable(path):
        raise refused(path, *problem)
    try:
        size = os.stat(path).st_size
        if size > most:
            raise _too_large(path, size, most)
        with open(path, "rb") as file:
            while chunk := file.read(CHUNK):
                most -= len(chunk)
                if most < 0:  # it grows while we read
                    raise _too_large(path, size - most, size)
                yield chunk
    except OSError as error:
        raise refused(path, *why_unread(error)) from error


def bytes_of_table(path: Path) -> bytes:
    """All of a text table. Raises DataError, also where a line is longer than that of any table: then it is not read on."""
    kept, line, number = [], 0, 1
    for chunk in chunks_of(path):
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        line += len(chunk) if first < 0 else first
        if line > LONGEST:
            what = f"第 {number} 行超过 {LONGEST >> 20} MB，不是一张表的一行"
            raise refused(path, what, "核对文件；用 Excel 打开后另存为「CSV UTF-8」")
        number += chunk.count(b"\n")
        line = line if first < 0 else len(chunk) - 1 - last
        kept.append(chunk)
    return b"".join(kept)


def digest_of_files(files: Iterator[tuple[bytes, Path]]) -> str:
    """The hash of files one after the other, each after some bytes of its own. Raises DataError."""
    digest = hashlib.sha256()
    for name, path in files:
        digest.update(name)
        for chunk in chunks_of(path):
            digest.update(chunk)
    return digest.hexdigest()


def refused(path: Path, what: str, do: str) -> DataError:
    """The error that a file cannot be read."""
    return DataError(Fault(Path(path).name, what, do, code="unread"))


def _too_large(path: Path, size: int, most: int) -> DataError:
    what = f"有 {size / 1e6:,.0f} MB，超过 {most / 1e6:,.0f} MB，不像一张表"
    return refused(path, what, "核对是不是给错了文件；是数据就按省份或年度分开")
