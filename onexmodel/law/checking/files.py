"""The text of a small file that somebody wrote, or a sentence why there is none: the one door to what YAML is read from."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import Fault, LawError
from ...strangers import unreadable, why_unread

MOST_BYTES = 1_000_000  # 8,000 changes of a scenario; what is larger is another kind of file
AS_UTF8 = "用记事本打开，另存为 UTF-8"
ENCODINGS = ("utf-8", "gb18030")  # the second as an old 记事本 saves
WIDE = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\x00\x00\xfe\xff", "UTF-32")) + (
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def read_text(path: Path) -> str:
    """The text of a file, UTF-8 (with or without BOM) or GB18030. Raises LawError where it is no file of ours: what `read_bytes` refuses,
    another encoding, NUL."""
    raw = read_bytes(path)
    for mark, name in WIDE:
        if raw.startswith(mark):
            raise _refused(path, f"编码是 {name}，读不出文字", AS_UTF8)
    if b"\x00" in raw:
        raise _refused(path, "里面有 NUL（空字符），不是文本文件", "核对是不是给错了文件")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise _refused(path, "编码既不是 UTF-8 也不是 GB18030，读不出文字", AS_UTF8)


def read_bytes(path: Path) -> bytes:
    """The bytes of a plain file of MOST_BYTES at the most; nothing is opened that could have no end. Raises LawError."""
    if problem := unreadable(path):
        raise _refused(path, *problem)
    try:
        with open(path, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
            size = max(os.fstat(file.fileno()).st_size, len(raw))
    except OSError as error:
        raise _refused(path, *why_unread(error)) from error
    if len(raw) > MOST_BYTES:
        what = f"有 {size / 1e6:.1f} MB，最大 1 MB"
        raise _refused(path, what, "核对是不是给错了文件，或分成几个文件")
    return raw


def _refused(path: Path, what: str, do: str) -> LawError:
    code = "encoding" if what.startswith("编码") else ""
    return LawError(Fault(Path(path).name or str(path), what, do, code=code))
