"""Several reports at a time, each in its own process and kernel; one failure does not stop the others.

While the process that the others are forked from imports, the data are parsed, once for all (data/reading/parse_cache.py): every report then finds
them in the batch's own folder, holds its tables against each other as if it had read them itself, and would read itself if a byte differed."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import DataError, OnexError, ReportError
from .gate import MODELS, PLAIN_PAGE, PageOptions, checked
from .process_setup import FORKS, context, fixed_environment, import_ahead, ready_to_fork

AT_ONCE = 1 + (
    os.cpu_count() or 1
)  # one more than processors, so that none waits while the last reports end


@dataclass(frozen=True)
class Order:
    """One report of a batch: which, what its notebook is given, the folder it goes to, how its page is made."""

    name: str
    given: dict[str, Any]
    out: Path
    options: PageOptions


def make_reports(
    names: Sequence[str],
    given: Mapping[str, Any],
    out: Path,
    say: Callable[[str], None] = lambda text: None,
    parsed=None,
    options: PageOptions = PLAIN_PAGE,
) -> Iterator[tuple[str, Path | OnexError]]:
    """Yield (name, path or the error) as each is done. `parsed`: the data as data.read.parse gives them, where they have been read already.
    Raises ParameterError before anything runs if the gate refuses one."""
    for name in names:
        checked(name, given)
    orders = {name: Order(name, dict(given), Path(out), options) for name in names}
    if len(names) > 1:
        fixed_environment()
        import_ahead()
    if given.get("data", "national") == "national":
        from ...analysis.study import data_folder

        say("准备全国模拟数据 preparing the simulated national set …")
        data_folder("national")
    start = time.monotonic()
    if len(names) == 1:
        say(f"执行 running {names[0]} …")
        yield names[0], _one(orders[names[0]])
        return
    with tempfile.TemporaryDirectory() as folder:
        _parsed_once(str(given.get("data", "national")), Path(folder), parsed)
        pool = ProcessPoolExecutor(
            min(AT_ONCE, len(names)), mp_context=context(), max_tasks_per_child=1 if FORKS else None
        )
        try:
            # the longest first, so that no process is left with one at the end
            order = sorted(names, key=lambda name: -MODELS[name].length)
            todo = {pool.submit(_one_of_batch, orders[name], folder): name for name in order}
            say(f"执行 running {'、'.join(names)} …")
            for done, future in enumerate(as_completed(todo), start=1):
                say(f"[{done}/{len(names)}] {todo[future]}  {time.monotonic() - start:.0f} s")
                yield todo[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)  # interrupted: no further report is begun


def _parsed_once(data: str, folder: Path, parsed) -> None:
    """The batch's data, parsed and put into its folder; what cannot be read is left to the reports, which say why."""
    from ...analysis.study import data_folder
    from ...data.read import parse
    from ...data.reading.parse_cache import hand_over

    try:
        hand_over(parsed or parse(data_folder(data)), folder)
    except DataError:
        return


def _one_of_batch(order: Order, folder: str) -> Path | OnexError:
    """In a process of the batch: its kernel is forked first, before anything else has begun here."""
    from ...data.reading.parse_cache import FOLDER

    os.environ[FOLDER] = folder
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # the process we are forked from is deaf to it, this one is not
    if not ready_to_fork():
        return _one(order)
    from .kernels import kernel_ahead

    return _one(order, kernel_ahead())


def _one(order: Order, manager: type | None = None) -> Path | OnexError:
    from .execute import make_report  # slow to import: only where a notebook is executed

    try:
        return make_report(
            order.name, order.given, order.out, manager=manager, options=order.options
        )
    except ReportError as error:
        return error
