"""What a command says on stderr of work that lasts: what it does, the share done, the time left. Nothing of it on stdout, nothing of what
is over soon; on a terminal one line that goes away again, in a log few lines, ever further apart."""

from __future__ import annotations

import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from typing import Protocol, TextIO

FIRST = 3.0  # seconds of which nothing is said; on a terminal ON_TERMINAL
ON_TERMINAL = 1.0
APART, SLOWER = (
    10.0,
    1.25,
)  # in a log: seconds between two lines, and how the time grows at which the next is due
BEAT = 0.25  # seconds between two looks at what there is to say
KNOWN, LONG = (
    0.1,
    30.0,
)  # the share from which on the time left is told; after so many seconds a fifth of it will do


class Told(Protocol):
    """How work tells where it stands; what computes takes one and knows no more of it."""

    def __call__(self, done: float, whole: float) -> None: ...


Steps = Callable[[str, int, int], None]  # the step that begins, its number from 0, of how many


def silent(done: float, whole: float) -> None:
    """For whoever asks nothing."""


def part(told: Told, first: float, size: float, whole: float) -> Told:
    """What a part of some work tells, as what is told of the whole: it begins at `first` and takes `size` of it."""
    return lambda done, of: told(first + size * min(1.0, done / of), whole)


class Shown:
    """A command's work as it goes on; what it is given as `Told`."""

    def __init__(self, what: str, stream: TextIO):
        self._stream, self._lock, self._over = stream, threading.Lock(), threading.Event()
        self._terminal = stream.isatty()
        self._began = time.monotonic()
        self._due = ON_TERMINAL if self._terminal else FIRST
        self._drawn = False
        self.step(what)

    def step(self, what: str, already: float = 0.0) -> None:
        """From here on something else is done; `already`: the share of it that was done before."""
        self._share = self._already = already
        self._what, self._since = what, time.monotonic()

    def renamed(self, what: str) -> None:
        """The same goes on under another name."""
        self._what = what

    def __call__(self, done: float, whole: float) -> None:
        self._share = min(1.0, done / whole) if whole > 0 else 0.0

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Something else is printed meanwhile."""
        with self._lock:
            self._wipe()
            yield

    def line(self) -> str:
        """What there is to say now."""
        spent, share = time.monotonic() - self._since, self._share
        known = self._already + (KNOWN if spent < LONG else KNOWN / 5)
        if share < known or share >= 1:
            return f"{self._what} … {_time(time.monotonic() - self._began)}"
        left = _time(spent * (1 - share) / (share - self._already))
        return f"{self._what}：{100 * share:.0f}%，约余 {left} left"

    def _watch(self) -> None:
        while not self._over.wait(BEAT):
            spent = time.monotonic() - self._began
            if spent < self._due:
                continue
            with self._lock:
                if self._over.is_set():
                    return
                if self._terminal:
                    self._stream.write(
                        f"\r{_cut(self.line(), get_terminal_size().columns - 1)}\x1b[K"
                    )
                    self._drawn = True
                else:
                    self._stream.write(self.line() + "\n")
                    self._due = max(spent + APART, spent * SLOWER)
                self._stream.flush()

    def _wipe(self) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False


@contextmanager
def shown(what: str, stream: TextIO | None = None) -> Iterator[Shown]:
    """In the block the work is shown as it goes on, from the moment at which it has lasted. Others print under `aside`, or not at all."""
    made = Shown(what, stream or sys.stderr)
    thread = threading.Thread(target=made._watch, name="progress", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made._over.set()
        thread.join()
        made._wipe()


def _time(seconds: float) -> str:
    """12 s, 3 min, 2.5 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _cut(text: str, columns: int) -> str:
    """As much as fits on one line of a terminal, where a Chinese character takes two columns."""
    taken = 0
    for at, one in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(one) in "WF" else 1
        if taken > columns:
            return text[:at]
    return text
