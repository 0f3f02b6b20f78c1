"""Faults as sentences a planner can act on: where, what is wrong, the nearest right thing, what to do."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # signs that turn the direction of what stands beside them
TURNING_SIGN = re.compile(f"[{TURNING}]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_SYSTEM = {
    **dict.fromkeys(_FULL, "磁盘已满或超出配额，写不下"),
    errno.EROFS: "所在的磁盘只能读，不能写",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.EEXIST: "已有同名文件，不能当作文件夹",
    errno.ENOTDIR: "其中一段是文件，不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EACCES: "没有写入或读取的权限",
    errno.EPERM: "没有写入或读取的权限",
    errno.ENOENT: "没有这个文件或文件夹",
}


def visible(text: str) -> str:
    """The text as it can be shown on one's screen, whoever wrote it: what would turn the direction of its neighbours is named ([U+202E]),
    what a terminal would obey, or nothing can write, is replaced."""
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub("�", TURNING_SIGN.sub(_named, text.replace("\r\n", "\n")))


def _named(sign: re.Match) -> str:
    return f"[U+{ord(sign[0]):04X}]"


def why_not(error: OSError) -> str:
    """What the system has against it, in words; how its own language says it where that is not known here."""
    return _SYSTEM.get(error.errno or 0, f"系统不允许（{visible(str(error.strerror or error))}）")


def what_then(error: OSError) -> str:
    """What to do about it."""
    if error.errno in _FULL:
        return "先腾出空间，或换一个位置（--out）后再试"
    return "换一个位置（--out），或先移走、改权限后再试"


@dataclass(frozen=True)
class Fault:
    """One fault; what it quotes is made visible. `level` is error (refused), warning (kept, shown in reports) or note; `code` names its kind; `at` is the
    cell, for the annotated copy: (file, sheet, row as in Excel, column from 0)."""

    where: str
    what: str
    do: str = ""
    nearest: str = ""
    level: str = "error"
    code: str = ""
    at: tuple = ()

    def __post_init__(self) -> None:
        for name in ("where", "what", "do", "nearest"):  # they quote what others wrote
            object.__setattr__(self, name, visible(str(getattr(self, name))))

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.what}" if self.where else self.what]
        if self.nearest:
            parts.append(f"最接近的是「{self.nearest}」")
        if self.do:
            parts.append(self.do)
        return "".join(part if part.endswith("？") else part.rstrip("。") + "。" for part in parts)


class OnexError(Exception):
    """All faults of one step at once; `faults` keeps them for tables and exit codes."""

    def __init__(self, faults: Fault | Sequence[Fault]):
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(str(self))

    def __reduce__(self):
        return type(self), (self.faults,)  # errors cross process borders

    def __str__(self) -> str:
        folded = dict.fromkeys(str(fault) for fault in self.faults)
        if len(folded) == 1:
            return next(iter(folded))
        return "\n".join(
            [f"共 {len(folded)} 处问题：", *(f"{i}. {text}" for i, text in enumerate(folded, 1))]
        )

    def _render_traceback_(self) -> list[str]:
        """In a notebook: the sentences alone."""
        return [str(self)]


class LawError(OnexError):
    """The parameter, source or clause files are not usable."""


class ScenarioError(OnexError):
    """A scenario file, or a composition of several, is not usable."""


class DataError(OnexError):
    """An input table is not usable."""


class ParameterError(OnexError):
    """A report parameter or a --set value is not usable."""


class ReportError(OnexError):
    """A notebook could not be executed into a report."""


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like `word`, or an empty string where nothing is near."""
    return next(
        iter(get_close_matches(str(word), [str(c) for c in candidates], n=1, cutoff=0.5)), ""
    )
