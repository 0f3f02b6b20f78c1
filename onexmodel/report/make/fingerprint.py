"""What a page says and a short hash of it, by which two people see whether they hold the same report."""

from __future__ import annotations

import hashlib
import html
import re

from ..page.blocks import GROUP

RECORD = re.compile(
    r'<script [^>]*id="record"[^>]*>(.*?)</script>', re.S
)  # the run record inside a page


def visible_text(page: str) -> list[str]:
    """Everything a reader can see or hear: words of the page, text alternatives of figures, title; one entry a line."""
    title = re.findall(r"<title>(.*?)</title>", page, flags=re.S)
    labels = re.findall(r'aria-label="([^"]*)"', page)
    paths = [
        hashlib.sha256(svg.encode()).hexdigest()[:16]
        for svg in re.findall(r"<svg.*?</svg>", page, flags=re.S)
    ]
    body = page.replace(GROUP, "")
    body = re.sub(r"<svg.*?</svg>|<style.*?</style>|<script.*?</script>", " ", body, flags=re.S)
    words = [
        re.sub(r"\s+", " ", html.unescape(part)).strip() for part in re.split(r"<[^>]+>", body)
    ]
    return [
        part
        for part in [
            *title,
            *words,
            *map(html.unescape, labels),
            *(f"图形 {digest}" for digest in paths),
        ]
        if part
    ]


def fingerprint(page: str) -> str:
    """A fingerprint of the visible text, short enough to read out: 7f3a-91c2-e0b4."""
    digest = hashlib.sha256("\n".join(visible_text(page)).encode()).hexdigest()
    return "-".join(digest[i : i + 4] for i in (0, 4, 8))
