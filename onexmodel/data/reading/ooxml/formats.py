"""What a cell shows: number formats, as far as they change what a reader takes a value for."""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from dataclasses import dataclass

_DATES = {14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy/m/d h:mm"}
_TIMES = {
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
}
_EAST = {at: 'yyyy"年"m"月"d"日"' for at in (*range(27, 32), 34, 35, 36, *range(50, 55), 57, 58)}
_EAST |= {at: 'h"时"mm"分"' for at in (32, 33, 55, 56)}
_PLAIN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    49: "@",
}
BUILT_IN = {
    **_PLAIN,
    **_DATES,
    **_TIMES,
    **_EAST,
}  # number of a format that no file spells out → its code
_UNITS = {
    "十": 10.0,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "十万": 1e5,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
    "十亿": 1e9,
    "百亿": 1e10,
    "千亿": 1e11,
    "万亿": 1e12,
}
_LATIN = {"%": 0.01, "％": 0.01, "‰": 0.001, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9}
_UNIT = re.compile(
    r"(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|[千百十](?=元|圆|人|名|个|次|套|课时|学时|小时|[)）/\s]|$))"
)
_TOKEN = re.compile(
    r'"([^"]*)"|[\\!](.)|_.|\*.|\[([^\]]*)\]|(G/通用格式|General|Standard)|([eE][+-])|(.)',
    re.S | re.I,
)
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_PLAIN_WORDS = " ()（）-—–+¥￥$€£/:,.元圆人次个课时小年"  # what stands beside a number and leaves it what it is
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?(?:[0-9]+\.?[0-9]*|\.[0-9]+))")


@dataclass(frozen=True)
class Section:
    """One part of a format: `tokens` are placeholders (0 # ? . % General E) and ("text", words); `scale`: what the number is
    divided by before it is shown, by commas and by a point that is mere text."""

    tokens: tuple
    condition: tuple | None
    scale: float

    @property
    def words(self) -> str:
        """Its literal text."""
        return "".join(one[1] for one in self.tokens if isinstance(one, tuple))

    @property
    def digits(self) -> bool:
        """Whether it shows the number at all."""
        return any(one in ("0", "#", "?", "General", "@") for one in self.tokens)

    @property
    def unit(self) -> float:
        """What its words multiply by: 1e4 for 万元."""
        words = self.words.strip()
        if found := _UNIT.search(words):
            return _UNITS[found[1]]
        return _LATIN.get(words.strip("() （）").lower(), 1.0)


@dataclass(frozen=True)
class Format:
    """`kind`: plain (the value is what is seen), date, time, duration, or odd: its sections have to be asked for each value."""

    kind: str
    sections: tuple[Section, ...] = ()

    def section(self, value: float) -> Section:
        """The part that a value is shown by."""
        if any(one.condition for one in self.sections):
            for one in self.sections:
                if one.condition is None or one.condition[0](value, one.condition[1]):
                    return one
        at = 0 if value > 0 or len(self.sections) == 1 else 1 if value < 0 else 2
        return self.sections[at] if at < len(self.sections) else self.sections[0]

    def shown(self, value: float) -> str:
        """The text in the cell."""
        one = self.section(value)
        signed = one is self.sections[0] or one.condition is not None
        return _render(one, value if signed else abs(value))  # a section for minus has its own sign

    def misleads(self, value: float) -> bool:
        """Whether what is seen names another number than the value: 8 shown as 8万元."""
        one = self.section(value)
        if not one.digits:
            return bool(one.words.strip(" -—–/")) and value != 0
        if re.search(r"\d", one.words):
            seen = re.sub(r"[^\d.]", "", _render(one, value)).strip(".")
            return (
                not seen
                or seen.count(".") > 1
                or not math.isclose(float(seen), abs(value), rel_tol=0.01, abs_tol=0.5)
            )
        if (
            one.unit == 1
        ):  # 0!.0 shows a tenth; thousands, ten thousands and more are what a heading speaks of
            return value != 0 and one.scale in (10, 100)
        return not math.isclose(one.unit, one.scale)

    def hides(self, value: float) -> bool:
        """Whether nothing is seen of a value that is there."""
        one = self.section(value)
        return not one.digits and not one.words.strip() and value != 0

    def code(self, value: float) -> str:
        """A whole number as a code is seen, with its leading noughts; "" where the format is for amounts."""
        one = self.section(value)
        marks = [token for token in one.tokens if not isinstance(token, tuple)]
        return (
            _render(one, value)
            if marks and set(marks) <= {"0", "#"} and one.scale == 1 and value == int(value)
            else ""
        )


PLAIN = Format("plain")


def format_of(code: str) -> Format:
    """A format by its code."""
    bare = re.sub(r'"[^"]*"|[\\!_*].', "", code)
    if re.search(r"\[(h+|m+|s+)\]", bare, re.I):
        return Format("duration")
    first = re.sub(
        r"\[[^\]]*\]|General|Standard|G/通用格式|[0#?]E[+-]", "", bare.split(";")[0], flags=re.I
    )
    if re.search(r"[ydge]|aaa", first, re.I) or (
        re.search("m", first, re.I) and not re.search(r"[hs0#?]", first, re.I)
    ):
        if not re.search(r"[0#?]", re.sub(r"[.,]0+", "", first)):
            return Format("date")
    if re.search(r"[hs]", first, re.I) and not re.search(r"[#?]", first):
        return Format("time")
    sections = tuple(_section(part) for part in _parts(code))
    odd = any(_odd(one) for one in sections)
    return Format("odd", sections) if odd else PLAIN


def _odd(one: Section) -> bool:
    marks = [token for token in one.tokens if not isinstance(token, tuple)]
    padded = marks.count("0") > 1 and set(marks) <= {"0", "#"}
    return bool(
        padded or one.condition or not one.digits or one.words.strip(_PLAIN_WORDS)
    ) or one.scale in (10, 100)


def _parts(code: str) -> list[str]:
    """Sections, split at semicolons that are not quoted."""
    return [part for part in re.findall(r'(?:^|;)((?:"[^"]*"|[\\!_*].|[^;"])*)', code)] or [""]


def _section(code: str) -> Section:
    tokens: list = []
    condition, scale = None, 1.0
    for quoted, escaped, bracket, general, power, letter in (
        found.groups() for found in _TOKEN.finditer(code)
    ):
        if quoted or escaped:
            tokens.append(("text", quoted or escaped))
        elif bracket:
            if found := _CONDITION.fullmatch(bracket):
                condition = _COMPARE[found[1]], float(found[2])
            elif bracket.startswith("$"):
                tokens.append(("text", bracket[1:].split("-")[0]))
        elif general:
            tokens.append("General")
        elif power:
            tokens.append("E")
        elif letter and letter in "0#?.,%@":
            tokens.append(letter)
        elif letter:
            tokens.append(("text", letter))
    kept: list = []
    for at, token in enumerate(tokens):
        if token == ",":
            after, before = tokens[at + 1 : at + 2], tokens[at - 1 : at] if at else []
            if after and after[0] in ("0", "#", "?"):
                kept.append(",")
            elif before and before[0] in ("0", "#", "?", ","):
                scale *= 1000
            continue
        kept.append(token)
    # 0!.0, divides by a thousand and sets its own point before the last digit: ten times more
    return Section(tuple(kept), condition, scale * 10 ** _places_after_point(kept))


def _places_after_point(tokens: list) -> int:
    """Digits after a point that is mere text (0!.0 and 0"."00)."""
    at = next((i for i, token in enumerate(tokens) if token == ("text", ".")), None)
    return 0 if at is None else sum(token in ("0", "#", "?") for token in tokens[at:])


def _render(one: Section, value: float) -> str:
    tokens = list(one.tokens)
    divided = one.scale / 10 ** _places_after_point(tokens)
    x = abs(value) / divided * (100 if "%" in tokens else 1)
    point = tokens.index(".") if "." in tokens else len(tokens)
    decimals = sum(token in ("0", "#", "?") for token in tokens[point:])
    if "General" in tokens or "E" in tokens or "@" in tokens:
        number, made = f"{x:.15g}", False
        parts = []
        for token in tokens:
            if isinstance(token, tuple):
                parts.append(token[1])
            elif token in ("General", "0", "#", "@") and not made:
                parts.append(number)
                made = True
        return ("-" if value < 0 and len(one.tokens) else "") + "".join(parts)
    whole, _, part = f"{x:.{decimals}f}".partition(".")
    whole, out, first = (
        whole.lstrip("0"),
        [],
        min((i for i, t in enumerate(tokens[:point]) if t in ("0", "#", "?")), default=-1),
    )
    grouped = "," in tokens
    for at in range(point - 1, -1, -1):
        token = tokens[at]
        if isinstance(token, tuple):
            out.append(token[1])
        elif token == "%":
            out.append("%")
        elif token in ("0", "#", "?"):
            digit, whole = (whole, "") if at == first else (whole[-1:], whole[:-1])
            if at == first and grouped and len(digit) > 3:
                digit = f"{int(digit):,}"
            out.append(digit or ("0" if token == "0" else ""))
        elif token == "," and whole:
            out.append(",")
    tail = []
    for token in tokens[point:]:
        if isinstance(token, tuple):
            tail.append(token[1])
        elif token in ("0", "#", "?"):
            digit, part = part[:1], part[1:]
            tail.append(digit)
        else:
            tail.append(token)
    return ("-" if value < 0 else "") + "".join(reversed(out)) + "".join(tail).rstrip(".")


def day_of(serial: float, old_dates: bool) -> str:
    """A serial number as the day (and time) Excel shows: 60 is its 29 February 1900; in a book of 1904 days count from there."""
    if serial < 0 or serial > 2_958_466:
        return "#" * 6
    seconds = round((serial - math.floor(serial)) * 86_400)
    days = math.floor(serial) + seconds // 86_400
    rest = "" if not seconds % 86_400 else f" {dt.timedelta(seconds=seconds % 86_400)!s:0>8}"
    if old_dates:
        return f"{dt.date(1904, 1, 1) + dt.timedelta(days=days)}{rest}"
    if days in (0, 60):
        return ("1900-01-00" if days == 0 else "1900-02-29") + rest
    return f"{dt.date(1899, 12, 31 if days < 60 else 30) + dt.timedelta(days=days)}{rest}"


def clock(value: float, kind: str) -> str:
    """A number as time of day or as length: 1.5 → 12:00:00 or 36:00:00."""
    seconds = round((abs(value) if kind == "duration" else abs(value) % 1) * 86_400)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
