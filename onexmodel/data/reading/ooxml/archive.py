"""The archive that a workbook is, read with care: what it holds is looked at before anything is unpacked, and no part gives more bytes than
it says it has."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

UNPACKED = 500_000_000  # bytes of all parts together that are more than stored
RATIO = 200  # unpacked to packed; a sheet of equal rows comes to 30
FLOOR = 30_000_000  # bytes unpacked below which no ratio is odd
MEMBERS = 20_000  # parts; a workbook of a thousand sheets and pictures has some four thousand
CHUNK = 1 << 18  # bytes that are unpacked at a time
_ENTRY = b"PK\x01\x02"  # begins a line of the table of contents
_DTD = re.compile(rb"<\0?!\0?D\0?O\0?C", re.I)  # in UTF-8 and both UTF-16


class Unreadable(Exception):
    """A part, or the whole, that cannot or shall not be read; its text says in Chinese why."""


def open_archive(file: Path) -> zipfile.ZipFile:
    """Raises Unreadable for what is no archive, or one that would unpack to more than a workbook holds."""
    try:
        if file.stat().st_size > MEMBERS * 100 and _entries(file) > MEMBERS:
            raise Unreadable(f"里面有超过 {MEMBERS} 个部件，不像工作簿")
        archive = zipfile.ZipFile(file)
    except (*_BROKEN, OSError) as error:
        raise Unreadable("内容不完整或已损坏") from error
    try:
        _measured(archive.infolist())
    except Unreadable:
        archive.close()
        raise
    return archive


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a part. Raises Unreadable: no such part, locked, packed in a way not read here, broken, or another length than it says."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        raise Unreadable("文件已损坏，里面没有这部分内容") from None
    if archive.namelist().count(name) > 1:  # which of them a program takes is chance
        raise Unreadable("文件里有两份同名的内容")
    if part.flag_bits & 1:
        raise Unreadable("有密码")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable("压缩方式不是工作簿用的")
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (*_BROKEN, OSError) as error:
        raise Unreadable("内容已损坏") from error


def read(archive: zipfile.ZipFile, name: str, most: int = UNPACKED) -> bytes:
    """All of a part. Raises Unreadable."""
    kept = []
    for chunk in chunks(archive, name):
        most -= len(chunk)
        if most < 0:
            raise Unreadable("大得不像工作簿的部件")
        kept.append(chunk)
    return b"".join(kept)


def has_dtd(xml: bytes) -> bool:
    """Whether XML declares a document type; no workbook does, and entities are defined there that grow without end or name other files."""
    return bool(_DTD.search(xml))


def _entries(file: Path) -> int:
    """About how many parts are listed; nothing is kept of them."""
    count, tail = 0, b""
    with open(file, "rb") as opened:
        while chunk := opened.read(1 << 20):
            joined = tail + chunk
            count += joined.count(_ENTRY)
            tail = joined[-3:]
    return count


def _measured(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MEMBERS:
        raise Unreadable(f"里面有 {len(parts)} 个部件，不像工作簿")
    packed = [one for one in parts if one.file_size > 2 * one.compress_size]  # no picture is
    whole = sum(one.file_size for one in packed)
    if whole > UNPACKED:
        raise Unreadable(f"解开后有 {whole / 1e6:,.0f} MB，超过 {UNPACKED / 1e6:.0f} MB")
    for size, inside in (
        *((one.file_size, one.compress_size) for one in packed),
        (whole, sum(one.compress_size for one in packed)),
    ):
        if size > FLOOR and size > RATIO * inside:
            raise Unreadable(f"解开后是压缩时的 {size // max(inside, 1):,} 倍，不像工作簿")


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
    OverflowError,
    struct.error,
)  # what zipfile raises for an archive that is not as it should be
