"""Processes that end with the one that started them, whatever becomes of it: killed, asked to end, or done."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from .ending import starting_deaf

PARENT = "ONEXMODEL_PARENT"  # the environment variable by which a process is told whose it is
PR_SET_PDEATHSIG = 1
ENDING = 2.0  # seconds that a killed process is waited for
BEAT = 1.0  # seconds between two waits: Windows hears a Ctrl-C only then


def dies_with(parent: int) -> None:
    """From here on the system kills this process when the one of that number, which started it, is gone (Linux; elsewhere nothing)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        os._exit(1)


def ends_with_parent() -> None:
    """In a process of multiprocessing: end at once when the one that ordered it is gone, on every system, also where the two have a third
    between them (a fork server). Starts a thread: whoever wants to fork does so before."""
    ordered = parent_process()
    if ordered is not None:
        _watch(lambda: wait([ordered.sentinel]))


def _watch(gone: Callable[[], Any]) -> None:
    def watch() -> None:
        gone()
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


class _Deaf(ProcessPoolExecutor):
    """A pool whose processes begin deaf to Ctrl-C."""

    def submit(self, *given, **more):
        """As ever; processes are begun here."""
        with starting_deaf():
            return super().submit(*given, **more)


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes begun anew. Where the block is left by an error or an interrupt they end at once, and what they were at is lost."""
    context = get_context("spawn")
    leash, held = context.Pipe(duplex=False)
    pool = _Deaf(count, mp_context=context, initializer=_on_leash, initargs=(leash, os.getpid()))
    try:
        yield pool
    except BaseException:
        held.close()  # they see it, the pool sees that they are gone, and nothing is waited for
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        held.close()
        leash.close()


def _on_leash(leash: Connection, parent: int) -> None:
    """In a worker, first of all: its other end is held by the command alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    dies_with(parent)
    _watch(lambda: wait([leash]))


def each_alone(
    context, work: Callable, orders: Iterable[tuple], at_once: int, told: Callable
) -> Generator[tuple[int, Any], None, None]:
    """(number of the order, what work(tell, *order) gives), as each is done, each in a process of its own, so many at once. What it tells
    comes back as told(number, *what). What it raises is raised here; None stands for one whose process was gone before it was done. When
    the block is left, for whatever reason, none is left running."""
    waiting = list(enumerate(orders))
    # a fork server is deaf, and so is what it forks; it may have to import first, and for that long nobody is deaf here
    begun = nullcontext if context.get_start_method() == "forkserver" else starting_deaf
    running: dict[Any, tuple[int, Any]] = {}  # what each speaks through
    if os.name == "posix":
        resource_tracker.ensure_running()  # before: it would open our ears in the middle
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                number, order = waiting.pop(0)
                heard, speaks = context.Pipe(duplex=False)
                process = context.Process(target=_alone, args=(speaks, work, order))
                running[heard] = number, process
                with begun():
                    process.start()
                speaks.close()
            ready: list[Any] = wait(list(running), BEAT)
            for heard in ready:
                number, process = running[heard]
                said = _said(heard)
                if said[0] == "told":
                    told(number, *said[1])
                    continue
                running.pop(heard)
                heard.close()
                process.join()
                if said[0] == "raised":
                    raise said[1]
                yield number, said[1]
    finally:
        for heard, (_, process) in running.items():
            heard.close()
            if process.pid is not None:
                process.kill()
        for _, process in running.values():
            if process.pid is not None:
                process.join(ENDING)


def _said(heard: Any) -> tuple[str, Any]:
    try:
        return heard.recv()
    except (EOFError, OSError):
        return "done", None


def _alone(speaks: Connection, work: Callable, order: tuple) -> None:
    """In the process: do it and say what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    dies_with(os.getppid())
    try:
        said = "done", work(lambda *what: speaks.send(("told", what)), *order)
    except Exception as error:
        said = "raised", error
    speaks.send(said)
