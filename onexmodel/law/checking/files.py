"""The text of a small file that somebody wrote, or a sentence why there is none: the one door to what YAML is read from."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ...errors import Fault, LawError

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
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            raise _refused(path, "是文件夹，不是文件", "给出文件本身")
        if not stat.S_ISREG(found.st_mode):
            raise _refused(path, "是管道或设备，不是普通文件", "先存成文件")
        with open(path, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise _refused(path, "是一个链接，所指的文件不在", "改正或删去这个链接") from None
        raise _refused(path, "没有这个文件", "核对路径") from None
    except PermissionError:
        raise _refused(path, "没有读取的权限", "改权限，或复制到别处再用") from None
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        raise _refused(path, _why(error), "核对路径") from error
    if len(raw) > MOST_BYTES:
        size = max(found.st_size, len(raw)) / 1e6
        raise _refused(path, f"有 {size:.1f} MB，最大 1 MB", "核对是不是给错了文件，或分成几个文件")
    return raw


def _why(error: OSError | ValueError) -> str:
    number = getattr(error, "errno", None)
    known = {errno.ELOOP: "是一个指向自己的链接", errno.ENAMETOOLONG: "名称太长"}
    known[errno.ENOTDIR] = "路径中有一段是文件，不是文件夹"
    return known.get(number or 0, f"读不出来（{getattr(error, 'strerror', None) or error}）")


def _refused(path: Path, what: str, do: str) -> LawError:
    code = "encoding" if what.startswith("编码") else ""
    return LawError(Fault(Path(path).name or str(path), what, do, code=code))
