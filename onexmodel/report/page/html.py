"""Numbers as people read them, and the plain blocks of a page. Each block has `_repr_html_`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

THIN = "\u202f"  # narrow, and no line breaks at it


def _grouped(text: str) -> str:
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    parts = [whole[max(0, i - 3) : i] for i in range(len(whole), 0, -3)][::-1]
    return (
        sign
        + (THIN.join(parts) if len(whole) > 4 else whole)
        + (f".{decimals}" if decimals else "")
    )


def number(x, decimals: int = 0, missing: str = "—") -> str:
    """A number with thin-space thousands and a true minus; missing values as a dash."""
    if x is None or not np.isfinite(x):
        return missing
    text = f"{round(float(x), decimals) + 0.0:.{decimals}f}"
    return _grouped(text[1:] if text.startswith("-") and text.lstrip("-0.") == "" else text)


@dataclass(frozen=True)
class Writer:
    """How a quantity is written: `times` and `per` turn it into the unit of print, `decimals` is what is written of it there."""

    decimals: int = 0
    times: float = 1.0
    per: float = 1.0

    def __call__(self, x) -> str:
        return number(self.inside(x), self.decimals)

    def inside(self, x) -> float:
        """The quantity in the unit of print."""
        return self.times * x / self.per


count = Writer()  # persons, hours, yuan: whole
tenths = Writer(1)
wan = Writer(1, per=1e4)  # yuan in 万元, one decimal
percent = Writer(1, times=100.0)  # a share in %, one decimal
points = Writer(0, times=100.0)  # a share in whole %
gini = Writer(3)  # a Gini coefficient


def share(x) -> str:
    """A share of candidates, colleges, teachers or money in %, as far as assumptions carry it: whole, under 10 % with one decimal; 0 and
    100 only where it is none or all."""
    text = points(x)
    return text if x in (0, 1) or (abs(x) >= 0.0995 and text != "100") else percent(x)


def signed(text: str) -> str:
    """A plus before what grows."""
    return (
        text
        if text.startswith(("−", "—")) or text.replace(THIN, "").strip("0.") == ""
        else f"+{text}"
    )


def relative(before, after) -> str:
    """Change in % of the baseline, signed; a dash where the baseline is 0."""
    return signed(percent(after / before - 1)) + "%" if before else "—"


@dataclass(frozen=True)
class Block:
    """A piece of the page."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __add__(self, other: Block) -> Block:
        return Block(self.html + other.html)


def unbroken(text: str) -> Block:
    """A short text, such as a range or a day, that keeps to one line."""
    return Block(f'<span class="nb">{escape(text)}</span>')


def ranged(text: str, range_text: str) -> Block:
    """A number with its range under it, as a cell of a table; each half of the range keeps to one line."""
    low, mark, high = range_text.strip().partition("至" if "至" in range_text else " to ")
    halves = (
        f'<span class="nb">{escape(low)}</span><wbr><span class="nb">{escape(mark + high)}</span>'
    )
    return Block(escape(text) + (f'<small class="range">{halves}</small>' if range_text else ""))


def paragraphs(*texts: str) -> Block:
    """Plain paragraphs."""
    return Block("".join(f"<p>{escape(text)}</p>" for text in texts if text))


def bullets(texts: Sequence[str]) -> Block:
    """A list."""
    return Block("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>")


def bar(observed: float, estimated: float, simulated: float, words: str) -> str:
    """The state of the data as a bar."""
    parts = "".join(
        f'<i class="{kind}" style="width:{100 * share:.1f}%"></i>'
        for kind, share in (("o", observed), ("e", estimated), ("s", simulated))
        if share > 0
    )
    return (
        f'<p class="bar" role="img" aria-label="{escape(words)}">{parts}</p><p>{escape(words)}</p>'
    )


def english_units(unit: str) -> str:
    """One English way to say 万元: the number, then × 10,000 yuan. Chinese texts stay as they are."""
    return unit.replace("10⁴ yuan", "× 10,000 yuan")


def _mark(note: Sequence[int]) -> str:
    """The raised number that leads to a note, where there is one."""
    return "".join(
        f'<sup class="note"><a href="#n{n}" id="m{n}" aria-label="注 note {n}">{n}</a></sup>'
        for n in note
    )


def front_box(
    bands: str,
    kicker: str,
    title: str,
    meta: str,
    lead: str,
    also: Sequence[str],
    keys: Sequence[tuple],
    notes: Sequence[tuple[str, str]],
    label: str,
) -> Block:
    """The one-page summary: conclusion, key figures (name, value, unit, change), who bears, risks, state of the data.
    A fifth member of a key figure is its note's number. Notes may hold HTML; all else is text."""
    figures = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(english_units(unit))}</small>{_mark(note)}</dd>"
        f'<dd class="delta">{escape(change)}</dd></div>'
        for name, value, unit, change, *note in keys
    )
    who = "".join(f'<div><p class="label">{escape(name)}</p>{words}</div>' for name, words in notes)
    more = "".join(f'<p class="also">{escape(text)}</p>' for text in also)
    return Block(
        f'{bands}<header><p class="kicker">{escape(kicker)}</p><h1>{escape(title)}</h1><p class="meta">{escape(meta)}</p>'
        f'</header><section class="front" aria-label="{escape(label)}"><p class="lead">{escape(lead)}</p>{more}'
        f'<dl class="figures">{figures}</dl><div class="who">{who}</div></section>'
    )
