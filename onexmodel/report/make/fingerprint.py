"""What a page says and a short hash of it, by which two people see whether they hold the same report."""

from __future__ import annotations

import hashlib
import html
import re

from ..page.blocks import GROUP

RECORD = re.compile(
    r'<script [^>]*id="record"[^>]*>(.*?)</script>', re.S
)  # the run record inside a page of ours
_RECORD = re.compile(r'<script [^<>]{0,200}id="record"[^<>]{0,200}>')
_CODE = re.compile(r"&#(?:[xX][0-9a-fA-F]{7,}|\d{8,});?")  # no character has such a number


def records(page: str) -> list[str | None]:
    """The run records of a page that anybody may have written, None for one without an end: of ours there is one. A page of whatever kind
    is gone through once."""
    found: list[str | None] = []
    at = 0
    while (opening := _RECORD.search(page, at)) and len(found) < 2:
        end = page.find("</script>", opening.end())
        found.append(page[opening.end() : end] if end >= 0 else None)
        at = end if end >= 0 else len(page)
    return found


def visible_text(page: str) -> list[str]:
    """Everything a reader can see or hear: words of the page, text alternatives of figures, title; one entry a line. A page of whatever
    kind is gone through once."""
    labels = re.findall(r'aria-label="([^"]*)"', page)
    titles, _ = _apart(page, ("title",))
    pictures, _ = _apart(page, ("svg",))
    paths = [hashlib.sha256(svg.encode()).hexdigest()[:16] for svg in pictures]
    _, body = _apart(page.replace(GROUP, ""), ("svg", "style", "script"))
    words = [re.sub(r"\s+", " ", _unescaped(part)).strip() for part in _between_tags(body)]
    return [
        part
        for part in [
            *(title.removeprefix("<title>").removesuffix("</title>") for title in titles),
            *words,
            *map(_unescaped, labels),
            *(f"图形 {digest}" for digest in paths),
        ]
        if part
    ]


def _apart(page: str, kinds: tuple[str, ...]) -> tuple[list[str], str]:
    """(elements of these kinds, from `<kind` to the next `</kind>`; the page with a blank for each)."""
    found, rest, at = [], [], 0
    starts = {kind: page.find(f"<{kind}") for kind in kinds}
    while starts := {kind: start for kind, start in starts.items() if start >= 0}:
        kind = min(starts, key=lambda one: starts[one])
        end = page.find(f"</{kind}>", starts[kind])
        if end < 0:
            del starts[kind]  # and none after it has an end
            continue
        end += len(kind) + 3
        found.append(page[starts[kind] : end])
        rest.append(page[at : starts[kind]])
        at = end
        starts = {
            one: start if start >= at else page.find(f"<{one}", at) for one, start in starts.items()
        }
    return found, " ".join([*rest, page[at:]])


def _between_tags(body: str) -> list[str]:
    """What stands between the tags, `<` to the next `>` with something between."""
    parts, at, look = [], 0, 0
    while (start := body.find("<", look)) >= 0:
        end = body.find(">", start)
        if end < 0:
            break
        look = start + 1
        if end > start + 1:
            parts.append(body[at:start])
            at = look = end + 1
    return [*parts, body[at:]]


def _unescaped(text: str) -> str:
    return html.unescape(_CODE.sub("�", text))


def fingerprint(page: str) -> str:
    """A fingerprint of the visible text, short enough to read out: 7f3a-91c2-e0b4."""
    digest = hashlib.sha256("\n".join(visible_text(page)).encode()).hexdigest()
    return "-".join(digest[i : i + 4] for i in (0, 4, 8))
