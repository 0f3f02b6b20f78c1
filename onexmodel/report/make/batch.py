"""Several reports at a time, each in its own process and kernel; one failure does not stop the others.

While the process that the others are forked from imports, the data are parsed, once for all (data/reading/parse_cache.py): every report then finds
them in the batch's own folder, holds its tables against each other as if it had read them itself, and would read itself if a byte differed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import DataError, Fault, OnexError, ReportError
from ...running.children import each_alone, ends_with_parent
from ...running.progress import Told, silent
from ...running.scratch import clear, short, temporary
from .gate import MODELS, PLAIN_PAGE, PageOptions, checked
from .process_setup import context, import_ahead, ready_to_fork

AT_ONCE = 1 + (
    os.cpu_count() or 1
)  # one more than processors, so that none waits while the last reports end


@dataclass(frozen=True)
class Order:
    """One report of a batch: which, what its notebook is given, the folder it goes to, how its page is made, and what else make_report takes."""

    name: str
    given: dict[str, Any]
    out: Path
    options: PageOptions = PLAIN_PAGE
    more: Mapping[str, Any] = field(default_factory=dict)


def make_reports(
    names: Sequence[str],
    given: Mapping[str, Any],
    out: Path,
    say: Callable[[str], None] = lambda text: None,
    parsed=None,
    options: PageOptions = PLAIN_PAGE,
    told: Told = silent,
    at_once: int = AT_ONCE,
) -> Generator[tuple[str, Path | OnexError], None, None]:
    """Yield (name, path or the error) as each is done. `parsed`: the data as data.read.parse gives them, where they have been read already.
    Whoever goes away before the end closes it: then no report is left running. Raises ParameterError before anything runs if the gate
    refuses one."""
    for name in names:
        checked(name, given)
    # the longest first, so that no process is left with one at the end
    first = sorted(names, key=lambda name: -MODELS[name].length)
    orders = [Order(name, dict(given), Path(out), options) for name in first]
    import_ahead(names)
    if given.get("data", "national") == "national":
        from ...analysis.study import data_folder

        say("准备全国模拟数据 preparing the simulated national set …")
        data_folder("national")
    say(f"执行 running {'、'.join(names)} …")
    start, lengths = time.monotonic(), [MODELS[name].length for name in first]
    with closing(made_of(orders, lengths, told, parsed, at_once)) as made:
        for done, (order, outcome) in enumerate(made, start=1):
            if len(names) > 1:
                say(f"[{done}/{len(names)}] {order.name}  {time.monotonic() - start:.0f} s")
            yield order.name, outcome


def made_of(
    orders: Sequence[Order],
    lengths: Sequence[float],
    told: Told = silent,
    parsed=None,
    at_once: int = AT_ONCE,
) -> Generator[tuple[Order, Path | OnexError], None, None]:
    """Yield (order, path or the error) as each is done, begun in their order; all are of the same data and go to the same folder. `lengths`:
    how long each takes beside the others. As make_reports for the rest."""
    with _left_clean(orders[0].out), temporary() as folder:
        if len(orders) > 1:
            _parsed_once(str(orders[0].given.get("data", "national")), folder, parsed)
        made = each_alone(
            context(),
            _in_its_process,
            [(order, str(folder)) for order in orders],
            at_once,
            _together(lengths, told),
        )
        with closing(made):
            for number, outcome in made:
                yield orders[number], outcome or _gone(orders[number].name)


def make_alone(
    name: str,
    given: Mapping[str, Any],
    out: Path | str,
    file_name: str = "",
    texts: Mapping[str, Mapping] | None = None,
    told: Told = silent,
) -> Path:
    """make_report (report/make/execute.py) in a process of its own, which ends when this one does; raises what it raises."""
    checked(name, given)
    import_ahead()
    order = Order(name, dict(given), Path(out), more={"file_name": file_name, "texts": texts})
    made = each_alone(context(), _in_its_process, [(order, "")], 1, _together([1], told))
    with _left_clean(Path(out)), closing(made):
        outcome = next(made)[1] or _gone(name)
    if isinstance(outcome, OnexError):
        raise outcome
    return outcome


@contextmanager
def _left_clean(out: Path) -> Iterator[None]:
    """Afterwards the folders of processes that were ended in the middle are gone."""
    try:
        yield
    finally:
        for folder in (out, None, short()):
            clear(folder)


def _together(lengths: Sequence[float], told: Told) -> Callable[[int, float, float], None]:
    """What each report tells of its cells as what all tell together, by their lengths."""
    shares = [0.0] * len(lengths)

    def tell(number: int, done: float, whole: float) -> None:
        shares[number] = lengths[number] * done / whole
        told(sum(shares), sum(lengths))

    return tell


def _gone(name: str) -> ReportError:
    return ReportError(
        Fault(
            f"报告 {name}",
            "执行它的进程中途停止（内存不足，或被别的程序结束）",
            do="再试一次；仍不行时先关掉别的程序，或换小一点的数据",
        )
    )


def _parsed_once(data: str, folder: Path, parsed) -> None:
    """The batch's data, parsed and put into its folder; what cannot be read is left to the reports, which say why."""
    from ...analysis.study import data_folder
    from ...data.read import parse
    from ...data.reading.parse_cache import hand_over

    try:
        hand_over(parsed or parse(data_folder(data)), folder)
    except DataError:
        return


def _in_its_process(tell: Callable, order: Order, folder: str) -> Path | OnexError:
    """In the report's own process: its kernel is forked first, before anything else has begun here."""
    from ...data.reading.parse_cache import FOLDER

    if folder:
        os.environ[FOLDER] = folder
    manager = None
    if ready_to_fork():
        from .kernels import kernel_ahead

        manager = kernel_ahead()
    ends_with_parent()
    return _one(order, manager, tell)


def _one(order: Order, manager: type | None, told: Told) -> Path | OnexError:
    from .execute import make_report  # slow to import: only where a notebook is executed

    try:
        return make_report(
            order.name,
            order.given,
            order.out,
            manager=manager,
            options=order.options,
            told=told,
            **order.more,
        )
    except ReportError as error:
        return error
