"""Where the header stands, and which rows below it are no records: units, column numbers, headers again, notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from ..schema import Column
from .words import NOTHING, is_total

HEADER_ROWS = 20  # people put titles, notes and empty rows above the header
FEW = 4  # cells: a row with no more of them is looked at on its own
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\x00-\x1f]")
_UNIT = re.compile(
    r"(?:单位[:]?)?(?:[十百千万亿]*)?(?:元|人民币|人次?|名|个|次|场|课时|学时|小时|天|日期?|月|年度?|岁|套|台|份|班|所|度|%|‰)(?:[/·每][^\d]{1,6})*"
)
_KIND = re.compile(
    r"必填|选填|可空|可填|非必填|文本|文字|数字|数值|整数|小数|日期|下拉|选项|代码|编号|自动|[-—–/~0-1]+|全国=1|无单位?"
)
_COUNT = re.compile(r"[0-9]{1,4}")  # the number of a column: no int() of what a cell may hold
_LARGER = re.compile(r"(?:[十百千万亿]+)(?=元|人|$)")
_NOTE = re.compile(
    r"^[\s*※]*[（(\[【]?(?:附?注\d*|备注|说明|填表说明|填报说明|提示|填表人|填报人|填报单位|填报日期|填报时间|填表日期|制表人?|制表单位|制表日期|审核人?|复核人?|审批人?|负责人|分管领导|单位负责人|部门负责人|财务负责人|经办人?|联系人|联系电话|电话|日期|打印时间|数据来源|资料来源|来源|单位|第\s*\d+\s*页)\s*[)）\]】]?(?:\s*[:：、.,，]|\s*\d|\s*$|共)"
)


def header_word(text: object) -> str:
    """A header without star, line breaks, blanks and invisible signs, in ordinary letters."""
    word = _INVISIBLE.sub("", unicodedata.normalize("NFKC", str(text)))
    return re.sub(r"^[*★○●]+|[*★○●]+$|\((?:必填|选填|可空)\)$", "", word)


def known_headers(columns: Mapping[str, Column]) -> dict[str, str]:
    """Every way a header may be written → English column."""
    pairs = [(column.header, name) for name, column in columns.items()] + [
        (name, name) for name in columns
    ]
    return {header_word(word).lower(): name for word, name in pairs}


def bare_header(word: str) -> str:
    """单价（元） → 单价: a unit written into the header is not part of the name — but 万元 is not 元."""
    head, _, tail = word.partition("(")
    return head if tail and not _LARGER.search(tail.rstrip(")")) else word


def named(text: object, known: Mapping[str, str]) -> str:
    """The column a header names, or ""."""
    word = header_word(text).lower()
    return known.get(word) or known.get(bare_header(word)) or ""


def header_at(lines: Sequence[Sequence[object]], columns: Mapping[str, Column]) -> int | None:
    """Which of the first lines names most columns; None where none names any."""
    known = known_headers(columns)
    hits = [
        len({named(cell, known) for cell in line if cell} - {""}) for line in lines[:HEADER_ROWS]
    ]
    return hits.index(max(hits)) if any(hits) else None


def two_rows(
    top: Sequence[str], below: Sequence[str], known: Mapping[str, str]
) -> list[str] | None:
    """The header made of two rows, where the second names columns that the first only groups; None where it is no header."""
    width = max(len(top), len(below))
    top, below = [*top, *[""] * (width - len(top))], [*below, *[""] * (width - len(below))]
    upper, lower = [named(word, known) for word in top], [named(word, known) for word in below]
    if not set(lower) - set(upper) - {""} or not set(upper) - set(lower) - {""}:
        return None
    if any(word and not name for word, name in zip(below, lower)):
        return None
    if any(a and b and a != b for a, b in zip(upper, lower)):
        return None
    return [below[at] if lower[at] else top[at] for at in range(width)]


def no_record(words: Sequence[str], columns: Sequence[Column | None]) -> tuple[str, str]:
    """(kind, word that tells) of a row right below the header that is none: units, numbers, header; ("", "") of a record."""
    filled = [
        (at, unicodedata.normalize("NFKC", word).strip())
        for at, word in enumerate(words)
        if word.strip()
    ]
    bare = [(at, word.strip("()[]【】 ")) for at, word in filled]
    if len(filled) < 2:
        return "", ""
    if all(_unit_like(word, columns[at] if at < len(columns) else None) for at, word in bare):
        if larger := next((words[at] for at, word in bare if _LARGER.match(word)), ""):
            return "larger_unit", larger
        if any(not NOTHING.fullmatch(word) for _, word in bare):
            return "units", "、".join([word for _, word in bare if not NOTHING.fullmatch(word)][:8])
    counted = [bool(_COUNT.fullmatch(word)) for _, word in bare]
    numbers = [word for (_, word), one in zip(bare, counted) if one]
    rest = [word for (_, word), one in zip(bare, counted) if not one]
    if (
        len(numbers) >= 4
        and numbers == [str(int(numbers[0]) + at) for at in range(len(numbers))]
        and int(numbers[0]) < 4
    ):
        if all(word in ("栏次", "序号", "列次") or word in "甲乙丙丁戊" for word in rest):
            return "numbers", "、".join(numbers[:4])
    if all(
        at < len(columns)
        and (one := columns[at])
        and header_word(word) in (header_word(one.header), one.column)
        for at, word in filled
    ):
        return "header", filled[0][1]
    return "", ""


def _unit_like(word: str, column: Column | None) -> bool:
    unit = unicodedata.normalize("NFKC", column.unit) if column else ""
    return word == unit or bool(
        NOTHING.fullmatch(word) or _UNIT.fullmatch(word) or _KIND.fullmatch(word)
    )


def note_of(words: Sequence[str]) -> str:
    """The label of a row that is a note around the table (注, 填表人 …), never what follows it; "" for any other row."""
    filled = [word.strip() for word in words if word.strip()]
    if not filled or len(filled) > FEW * 2 or any(is_total(word) for word in filled):
        return ""
    found = _NOTE.match(unicodedata.normalize("NFKC", filled[0]))
    return re.sub(r"[\s:：、.,，*※(（\[【)）\]】]", "", found[0]) if found else ""


def loose_text(words: Sequence[str]) -> str:
    """The only cell of a row, where it is a sentence and no value; "" for any other row."""
    filled = [word.strip() for word in words if word.strip()]
    if len(filled) != 1 or is_total(filled[0]):
        return ""
    sentence = len(re.findall("[一-鿿]", filled[0])) >= 6 or re.search("[，。；：:]", filled[0])
    return filled[0] if sentence else ""
