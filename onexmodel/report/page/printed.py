"""What numbers a page has printed, each under a key that says where: for the run record, and for whoever verifies the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import unescape
from numbers import Number

from ...analysis.measures import TO
from .numbers import THIN

DIGIT = re.compile(r"\d")
BLANK = re.compile(r"\s+")  # a page has some where a sentence has none, at its ranges
LONG = re.compile(r"(?<![\d.])\d{5,}")  # a whole number that is printed in groups of three
GROUP = re.compile(r"\B(?=(?:\d{3})+$)")
TAG = re.compile(r"<[^>]+>")
PIECE = r"[+−-]?\d[\d\s.,/%:-]*"  # 1 234.5, +3%, 2021-12-31, 12:30
BETWEEN = "|".join([*map(str.strip, TO), "→", "–", "、", ","])
PLAIN = re.compile(rf"[(（]?{PIECE}(?:(?:{BETWEEN})\s*{PIECE})*[)）]?(?:\s?[^\W\d]{{1,12}})?")


def plain(text: str) -> bool:
    """Is a text a number, or a few (a range, a change), and nothing else but a unit?"""
    return bool(PLAIN.fullmatch(text.strip()))


def words_of(cell: object) -> str:
    """The words of a cell, be it a text, a number or HTML (a Block)."""
    html = getattr(cell, "html", None)
    said = str(cell) if html is None else unescape(TAG.sub(" ", html))
    return re.sub(r"[ \t\n]+", " ", said).strip()


def alone(text: str) -> str:
    """A pattern of a printed text where it is not a part of a longer number; its thousands may be set apart there."""
    before = r"(?<!\d)(?<!\d\.)" if text[0].isdigit() else ""
    whole = r"\s+".join(map(re.escape, text.split()))
    whole = LONG.sub(lambda run: GROUP.sub(r"\\s?", run.group()), whole)
    return before + whole + (r"(?!\d|\.\d)" if text[-1].isdigit() else "")


@dataclass(frozen=True)
class Entry:
    """A printed number: where, as it is printed, and the sentence that it was written for ("" for a cell)."""

    key: str
    text: str
    sentence: str = ""


class Printed:
    """The numbers of a page in the order in which they were written, each as it is printed, so with no more digits than a reader sees."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._written: list[Entry] = []  # by the sentence that is being said
        self._said: set[tuple[str, str]] = set()  # (macro, sentence)
        self._elsewhere: set[str] = set()  # sentences that became cells, or were hidden

    def entries(self) -> list[Entry]:
        """What was printed as far as the writer knows; whether a sentence came onto the page, the page knows (`on_page`)."""
        return [
            one for one in self._entries if not one.sentence or one.sentence not in self._elsewhere
        ]

    def note(self, key: str, text: str) -> None:
        """A cell with a number. A sentence that is the whole cell is not noted a second time."""
        if DIGIT.search(text):
            self._elsewhere.add(text)
            self._entries.append(Entry(key, text))

    def hide(self, sentence: str) -> None:
        """A sentence is not shown: none of its numbers is printed."""
        self._elsewhere.add(words_of(sentence))

    def write(self, key: str, value: object) -> None:
        """A template writes a value, or both ends of a range: remembered until its sentence is whole."""
        if isinstance(value, tuple):
            self._written += [Entry(f"{key}[{i}]", str(part)) for i, part in enumerate(value)]
        else:
            self._written.append(Entry(key, str(value)))

    def put_in(self, key: str, value: object) -> None:
        """A template puts in a value that no filter writes: a bare number, or one that Python or an earlier line has written."""
        bare = isinstance(value, Number | date) and not isinstance(value, bool)
        if bare or (isinstance(value, str) and plain(value)):
            self.write(key, value)

    @property
    def begun(self) -> int:
        """Where the numbers of a sentence that begins now will stand; to be handed to `say`."""
        return len(self._written)

    def say(self, macro: str, sentence: str, begun: int) -> None:
        """A sentence is whole: its numbers are kept, each as often as it stands there. What was said before is not noted again."""
        written = self._written[begun:]
        del self._written[begun:]
        if (macro, sentence) not in self._said:
            self._said.add((macro, sentence))
            self._entries += _standing(sentence, written)


def on_page(entries: Iterable[Entry], words: str) -> dict[str, str]:
    """Key → text, its thousands not set apart, of what stands among the words of a page: no sentence that was made and left out. A key that
    comes again, as in a loop, gets a running number."""
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    page = BLANK.sub("", words)
    for one in entries:
        if BLANK.sub("", one.sentence or one.text) in page:
            times[one.key] += 1
            again = f" ({times[one.key]})" if times[one.key] > 1 else ""
            found[one.key + again] = one.text.replace(THIN, "")
    return found


class Unkept(Printed):
    """Of words that are said for no page."""

    def say(self, macro: str, sentence: str, begun: int) -> None:
        """Nothing is kept."""
        del self._written[begun:]


def _standing(sentence: str, written: Iterable[Entry]) -> list[Entry]:
    """What of the written stands in the sentence, each at a place of its own: the longest takes its place first, so that the end of a
    range is not taken for a number beside it. Where a number is written, set aside and put in later, its first key stands."""
    shown = [Entry(one.key, one.text.strip(), words_of(sentence)) for one in written]
    left, standing = sentence, set()
    for i in sorted(range(len(shown)), key=lambda i: -len(shown[i].text)):
        if DIGIT.search(shown[i].text):
            left, found = re.subn(alone(shown[i].text), "\0", left, count=1)
            standing |= {i} if found else set()
    return [one for i, one in enumerate(shown) if i in standing]
