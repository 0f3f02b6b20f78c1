"""Codes and names as text: what a spreadsheet or a wrong encoding made of them is refused, what can be mended is read and said."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from ...errors import TURNING_SIGN, visible
from .words import FAULTY, Words, plain

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_POWER = re.compile(r"\d+(?:\.\d+)?[eE]\+\d+|\d\.\d+[eE]\d+")
_DAY = re.compile(
    rf"(?:\d{{1,2}}-)?(?:{_MONTH})-\d{{1,4}}|\d{{1,4}}-(?:{_MONTH})(?:-\d{{2,4}})?|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}:\d\d(?::\d\d)?",
    re.I,
)
_USUAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:[一-鿿]{1,2}[A-Za-z0-9_-]+)*[一-鿿]?")
_FLOAT = re.compile(r"(\d{2,15})\.0+")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_UNSEEN = ("只有看不见的字符", "重新填写；没有就清空这一格", "", "error", "invisible")
TURNED = ("核对这一格是从哪里来的", "warning", "turned")  # do, level, code
_FREE_TEXT = ("quote", "address")  # line breaks and question marks belong there
# signs of which one is in every code or name that has to be looked at; a column without them is as it should be
_SIGNS = (
    *"=+@?.:/\\",
    "  ",
    " -",
    *(f"-{name}" for name in _MONTH.replace("?", "").lower().split("|")),
)
_SIGNS += tuple(f"{name[1:]}-" for name in _SIGNS if len(name) > 3)


def identifiers(words: Words, cells) -> Words:
    """Codes and ids: full-width forms and signs that cannot be seen are read as ordinary ones and said so; what Excel took for a
    number, a date or a formula is refused."""
    return _each(words, cells, _identifier)


def text(words: Words, cells) -> Words:
    """Names and other text: a line break or tab within is read as a blank and said so; what a wrong encoding left is refused."""
    return _each(words, cells, _free if cells.column.column in _FREE_TEXT else _name)


def _each(words: Words, cells, read) -> Words:
    joined = f" {' '.join(words.different)}"
    if joined.isascii() and joined.isprintable():
        lower = joined.lower()
        if not any(sign in lower for sign in _SIGNS):
            return words
    made, kinds = [], {}
    for i, word in enumerate(words.different):
        straight = TURNING_SIGN.sub("", word) or word
        value, *fault = read(straight)
        made.append(value)
        if fault:
            what, do, near, level, code = fault
            kinds.setdefault((do, level, code), {})[i] = f"「{shown(word)}」{what}", near
        elif straight != word:
            kinds.setdefault(TURNED, {})[i] = f"「{visible(word)}」{_turned(value)}", ""
    for (do, level, code), told in kinds.items():
        rows = np.flatnonzero(np.isin(words.at, list(told)))
        cells.say(
            rows,
            lambda row, told=told: told[words.at[row]][0],
            do,
            lambda row, told=told: told[words.at[row]][1],
            level,
            code,
        )
    return Words(words.at, np.array(made, object))


def _turned(value: str) -> str:
    return f"含改变文字方向的字符，会使旁边的数字倒过来显示；已去掉，读作「{value}」"


def shown(word: str) -> str:
    """A word as it can be printed on one line."""
    return _CONTROL.sub(" ", visible(word))


def _identifier(word: str) -> tuple:
    if _USUAL.fullmatch(word) and not _DAY.fullmatch(word):
        return (word,)
    ordinary = re.sub(r"\s+", " ", _CONTROL.sub("", plain(word)))
    if word in ("", FAULTY):
        return ("",)
    if not ordinary.strip():
        return "", *_UNSEEN
    if garbled := _garbled(word):
        return "", *garbled
    if _POWER.fullmatch(ordinary):
        what = "是 Excel 的科学计数，编号的末几位已丢失"
        return "", what, "从原系统重新导出，先把这一列设为文本格式", "", "error", "power"
    if _DAY.fullmatch(ordinary):
        return (
            "",
            "像是 Excel 把编号改成的日期",
            "把这一列设为文本格式后重新填写编号",
            "",
            "error",
            "code_as_date",
        )
    if re.fullmatch(r"[-—–/\\.]+", ordinary):
        return "", "不是编号", "没有就留空", "", "error", "dash"
    if ordinary[0] in "=+-@":
        what = f"以 {ordinary[0]} 开头，会被表格软件当作公式，不是编号"
        return "", what, "去掉开头的符号", ordinary.lstrip("=+-@ "), "error", "formula_code"
    if found := _FLOAT.fullmatch(ordinary):
        return found[1], f"是数字格式，已读作 {found[1]}", "", "", "note", "code_as_number"
    if ordinary != word and ordinary != word.strip():
        wide = any("！" <= letter <= "～" for letter in word)
        what = "含全角字符" if wide else "含看不见的字符或空格"
        return (
            ordinary,
            f"{what}，已读作 {ordinary}",
            "",
            "",
            "warning",
            "full_width" if wide else "invisible",
        )
    return (word.strip(),)


def _name(word: str) -> tuple:
    if word in ("", FAULTY):
        return ("",)
    if garbled := _garbled(word):
        return "", *garbled
    clean = re.sub(" {2,}", " ", _CONTROL.sub(" ", word)).strip() if _CONTROL.search(word) else word
    if not clean:
        return "", *_UNSEEN
    if clean != word:
        return clean, f"含换行或看不见的字符，已读作「{clean}」", "", "", "warning", "invisible"
    return (word,)


def _free(word: str) -> tuple:
    return (word,) if "\ufffd" not in word else ("", *_garbled(word))


def _garbled(word: str) -> tuple:
    """(what, do, nearest, level, code) of a word that a wrong encoding left; () of any other."""
    lost = re.search("[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|屯屯屯|\\?{3,}", word)
    near = "" if lost else _repaired(word)
    if not (lost or near or re.fullmatch(r"[?？\s]{2,}", word)):
        return ()
    return (
        "是乱码，文字已丢失" if not near else "是乱码",
        "用原来的文件重新导出，另存为「CSV UTF-8」或 .xlsx",
        near,
        "error",
        "garbled",
    )


def _repaired(word: str) -> str:
    """示例 where it stands as 绀轰緥 (its UTF-8 read as GBK), ç¤ºä¾‹ (read as Latin) or Ê¾Àý (its GBK read as Latin); else ""."""
    if word.isascii():
        return ""
    for wrong, right in (
        ("gb18030", "utf-8"),
        ("cp1252", "utf-8"),
        ("latin-1", "utf-8"),
        ("latin-1", "gbk"),
    ):
        try:
            made = word.encode(wrong).decode(right)
        except UnicodeError:
            continue
        strange = [letter for letter in word if not letter.isascii()]
        chinese = [letter for letter in made if not letter.isascii()]
        if chinese and all(
            "一" <= letter <= "鿿" or letter in "（）《》、，。：；" for letter in chinese
        ):
            if len(strange) > len(chinese) and (
                right == "gbk" or len(chinese) > 1 or wrong != "gb18030"
            ):
                return made
    return ""


def alike(word: str) -> str:
    """A code without what the eye passes over: width, blanks, dashes of other kinds, capitals."""
    flat = unicodedata.normalize("NFKC", word)
    return re.sub(r"[\s\u200b-\u200f\ufeff]", "", re.sub("[–—‐‑−_]", "-", flat)).casefold()
