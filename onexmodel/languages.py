"""The languages of texts. What is said in the code and in YAML is said in the product's own; a report may have sentences in more."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

OWN = ("zh", "en")


def own(language: str) -> str:
    """The one of OWN in which a page of that language says what exists in these alone: itself, else English."""
    return language if language in OWN else "en"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text of that language (language → text) where there is one, else the one that stands in for it."""
    return texts.get(language) or texts[own(language)]


def said(lang: str, zh: str, en: str) -> str:
    """The Chinese text for zh, else the English one."""
    return zh if lang == "zh" else en


def spoken(folder: Path) -> list[str]:
    """The languages that a folder has words in (words.⟨language⟩.j2): OWN, then others by their codes."""
    return [*OWN, *sorted({one.name.split(".")[1] for one in folder.glob("words.*.j2")} - {*OWN})]
