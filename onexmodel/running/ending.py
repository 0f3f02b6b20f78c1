"""How a command ends that is asked to end: Ctrl-C, SIGTERM and a closed terminal are one thing, said in one sentence."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ASKED = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    if hasattr(signal, name)
)
GRACE = 2.0  # seconds from the signal to the end, whatever is going on
SENTENCE = "已中断，没有留下未完成的文件。 Interrupted; nothing half-written is left."


class Ended(KeyboardInterrupt):
    """A signal asked this command to end."""

    def __init__(self, number: int):
        self.number = number
        super().__init__(number)

    @property
    def code(self) -> int:
        """The exit code, as shells have it: 130 after Ctrl-C, 143 after SIGTERM."""
        return 128 + self.number


@contextmanager
def ends_when_asked() -> Iterator[None]:
    """In the block the first signal raises Ended in the main thread and no later one is heard. Where the process is still there after
    GRACE seconds (in a long call outside Python, or a library that waits), it is ended from beside. What the caller has set to be
    ignored (nohup, a shell's background) stays so. Outside the main thread nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [one for one in ASKED if signal.getsignal(one) is not signal.SIG_IGN]

    def end(number: int, _) -> None:
        for one in heard:
            signal.signal(one, signal.SIG_IGN)
        last = threading.Timer(GRACE, _at_once, (number,))
        last.daemon = True
        timers.append(last)
        last.start()
        raise Ended(number)

    timers: list[threading.Timer] = []
    before = {one: signal.signal(one, end) for one in heard}
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()
        for one, handler in before.items():
            signal.signal(one, handler)


def _at_once(number: int) -> None:
    """The end from beside: processes that were started see that we are gone (running/children.py), temporary folders are cleared by the
    next run (running/scratch.py)."""
    try:
        print(SENTENCE, file=sys.stderr, flush=True)
    finally:
        os._exit(128 + number)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A few quick steps that belong together: what is asked for meanwhile is heard at their end."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = {
        one: signal.signal(one, lambda number, _: heard.append(number))
        for one in ASKED
        if signal.getsignal(one) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        if heard:
            signal.raise_signal(heard[0])


@contextmanager
def starting_deaf() -> Iterator[None]:
    """Processes started in the block never hear a Ctrl-C: that is for the command, which ends them. It is itself only heard later."""
    with undisturbed():
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
