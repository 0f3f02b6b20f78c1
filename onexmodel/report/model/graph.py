"""The picture of the rule graph: rules in layers from what the data give to what the report leads with, drawn as plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ...engine.axes import SUMS
from ...engine.wire import ARGUMENTS, RULES

WIDE, HIGH, ACROSS, DOWN, EDGE = 106, 28, 8, 30, 10  # box, gaps and margin, pixels
LAST = "\0"  # the box a graph ends in, which is no rule
COLOURS = {
    "volume": "#5b6b7b",
    "cost": "#8a5200",
    "fee": "#0f766e",
    "response": "#a32f50",
    "workload": "#2f5d9b",
    "pay": "#5c4b9b",
    "funding": "#1f2a36",
    "sums": "#7d8a97",
}


def edges(names: Sequence[str]) -> list[tuple[str, str, bool]]:
    """(from, to, through a declared sum) between rules of `names`; a sum is an edge from its quantity, not a box."""
    found = []
    for rule in (name for name in names if name in RULES):
        for argument in ARGUMENTS[rule]:
            origin = SUMS[argument][0] if argument in SUMS else argument
            if origin in names and origin in RULES:
                found.append((origin, rule, argument in SUMS))
    return list(dict.fromkeys(found))


def layers(names: Sequence[str]) -> list[list[str]]:
    """Rules by the length of the longest way to them, each layer in the order that its inputs stand in."""
    links = edges(names)
    before: dict[str, list[str]] = {
        name: [one for one, other, _ in links if other == name] for name in names if name in RULES
    }
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((deep(one) for one in before[name]), default=-1)
        return depth[name]

    after = {name: [other for one, other, _ in links if one == name] for name in before}
    for name in before:
        deep(name)
    for name in sorted(
        before, key=lambda one: -depth[one]
    ):  # a rule stands just before the first that takes it
        if after[name]:
            depth[name] = min(depth[other] for other in after[name]) - 1
    made: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in before:
        made[depth[name]].append(name)
    place: dict[str, float] = {}
    for column in made:
        column.sort(
            key=lambda name: (
                sum(place.get(one, 0.0) for one in before[name]) / max(1, len(before[name]))
            )
        )  # stable: ties in the rules' order
        place |= {name: (i + 0.5) / len(column) for i, name in enumerate(column)}
    return made


def picture(
    names: Sequence[str],
    titles: Mapping[str, str],
    chapters: Mapping[str, str],
    alt: str,
    last: tuple[str, Sequence[str]] | None = None,
) -> str:
    """SVG of the graph, from top to bottom; dashed lines where a sum lies between. titles, chapters: rule → words, module. last: what the
    graph ends in (its title, the rules it is summed of), a box below all others where no rule of `names` is that quantity itself."""
    rows, links = layers(names), edges(names)
    if last is not None:
        rows = [*rows, [LAST]]
        titles, chapters = {**titles, LAST: last[0]}, {**chapters, LAST: "sums"}
        links = [*links, *((one, LAST, True) for one in last[1])]
    most = max((len(row) for row in rows), default=0)
    width = 2 * EDGE + most * WIDE + max(0, most - 1) * ACROSS
    height = 2 * EDGE + len(rows) * HIGH + max(0, len(rows) - 1) * DOWN
    at: dict[str, tuple[float, float]] = {}
    for i, row in enumerate(rows):
        left = (width - len(row) * WIDE - (len(row) - 1) * ACROSS) / 2
        at |= {
            name: (left + j * (WIDE + ACROSS), EDGE + i * (HIGH + DOWN))
            for j, name in enumerate(row)
        }
    lines = [_line(at[one], at[other], summed) for one, other, summed in links]
    boxes = [
        _box(*at[name], titles[name], COLOURS.get(chapters[name], COLOURS["sums"])) for name in at
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {width:g} {height:g}" '
        f'role="img" aria-label="{escape(alt, quote=True)}">'
        f"{''.join(lines)}{''.join(boxes)}</svg>"
    )


def _line(start: tuple[float, float], end: tuple[float, float], summed: bool) -> str:
    (x0, y0), (x1, y1) = (start[0] + WIDE / 2, start[1] + HIGH), (end[0] + WIDE / 2, end[1])
    bend = max(DOWN / 2, (y1 - y0) / 2)
    dash = ' stroke-dasharray="4 3"' if summed else ""
    return f'<path d="M{x0:g} {y0:g}C{x0:g} {y0 + bend:g} {x1:g} {y1 - bend:g} {x1:g} {y1:g}" fill="none" stroke="#9aa7b3" stroke-width="1"{dash}/>'


def _box(x: float, y: float, title: str, colour: str) -> str:
    """A rule's box; a title too long for one line takes two."""
    lines = _lines(title)
    size = 10.5 if len(lines) == 1 else 9
    first = y + HIGH / 2 + 3.5 - (len(lines) - 1) / 2 * 11
    words = "".join(
        f'<text x="{x + WIDE / 2:g}" y="{first + 11 * i:g}" text-anchor="middle" font-size="{size}" fill="#1f2a36">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    return f'<rect x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="4" fill="#fff" stroke="{colour}"/>{words}'


def _lines(title: str) -> list[str]:
    """At most two lines of about equal width, broken at a space where there is one."""

    def wide(text: str) -> float:
        return sum(1 if ord(sign) > 255 else 0.54 for sign in text)

    if wide(title) <= 9:
        return [title]
    places = [i for i, sign in enumerate(title) if sign == " "] or list(range(1, len(title)))
    cut = min(places, key=lambda i: abs(wide(title[:i]) - wide(title[i:])))
    return [title[:cut].strip(), title[cut:].strip()]
