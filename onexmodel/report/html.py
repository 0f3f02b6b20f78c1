"""Building blocks of a page: numbers as people read them, tables, figures, the front box. Each has `_repr_html_`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

THIN = "\u2009"


def _grouped(text: str) -> str:
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    parts = [whole[max(0, i - 3):i] for i in range(len(whole), 0, -3)][::-1]
    return sign + (THIN.join(parts) if len(whole) > 4 else whole) + (f".{decimals}" if decimals else "")


def number(x: float, decimals: int = 0, missing: str = "—") -> str:
    """A number with thin-space thousands and a true minus; missing values as a dash."""
    if x is None or not np.isfinite(x):
        return missing
    text = f"{round(float(x), decimals) + 0.0:.{decimals}f}"
    return _grouped(text[1:] if text.lstrip("-0.") == "" and text.startswith("-") else text)


def wan(x: float) -> str:
    """万元, one decimal."""
    return number(x / 1e4, 1)


def percent(x: float) -> str:
    """A share in %, one decimal."""
    return number(100 * x, 1)


def signed(text: str) -> str:
    """A plus before what grows."""
    return text if text.startswith(("−", "—")) or text.strip("0.") == "" else f"+{text}"


@dataclass(frozen=True)
class Block:
    """A piece of the page."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def figure(label: str, finding: str, svg: str, note: str) -> Block:
    """A figure whose title says its finding; note and source under it."""
    return Block(f'<figure><figcaption><b>{escape(label)}</b>　{escape(finding)}</figcaption>'
                 f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(label)}">{svg}</div>'
                 f'<p class="src">{escape(note)}</p></figure>')


def table(label: str, caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "",
          total: bool = False, text: bool = False) -> Block:
    """A table; the first column heads its row; `total` sets the last row off; `text` aligns left."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in header)

    def line(row):
        return f'<tr><th scope="row">{escape(str(row[0]))}</th>' + "".join(f"<td>{escape(str(c))}</td>" for c in row[1:]) + "</tr>"
    body, foot = (rows[:-1], rows[-1:]) if total else (rows, [])
    parts = f"<tbody>{''.join(map(line, body))}</tbody>" + (f"<tfoot>{line(foot[0])}</tfoot>" if foot else "")
    return Block(f'<div class="table" tabindex="0" role="group" aria-label="{escape(caption)}"><table class="{"log" if text else ""}">'
                 f"<caption><b>{escape(label)}</b>　{escape(caption)}</caption><thead><tr>{head}</tr></thead>{parts}</table></div>"
                 + (f'<p class="src">{escape(note)}</p>' if note else ""))


def paragraphs(*texts: str) -> Block:
    """Plain paragraphs."""
    return Block("".join(f"<p>{escape(text)}</p>" for text in texts))


def front_box(kicker: str, title: str, meta: str, lead: str, keys: Sequence[tuple[str, str, str, str]],
              notes: Sequence[tuple[str, str]]) -> Block:
    """The one-page summary: conclusion, key figures (name, value, unit, change), who bears, risks, state of the data."""
    figures = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(unit)}</small></dd>"
                      f'<dd class="delta">{escape(change)}</dd></div>' for name, value, unit, change in keys)
    who = "".join(f'<div><p class="label">{escape(name)}</p><p>{escape(words)}</p></div>' for name, words in notes)
    return Block(f'<header><p class="kicker">{escape(kicker)}</p><h1>{escape(title)}</h1><p class="meta">{escape(meta)}</p></header>'
                 f'<section class="front" aria-label="summary"><p class="lead">{escape(lead)}</p><dl class="figures">{figures}</dl>'
                 f'<div class="who">{who}</div></section>')
