"""Several reports, two at a time, each in its own process and kernel; one failure does not stop the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from ..errors import OnexError, ReportError
from .execute import make_report
from .gate import checked

WORKERS = 2
LONGEST = ("province_comparison", "fee_cap", "cost_reduction")  # begun first, so that no process is left with one at the end


def make_reports(names: Sequence[str], given: Mapping[str, object], out: Path, say: Callable[[str], None] = lambda text: None,
                 ) -> Iterator[tuple[str, Path | OnexError]]:
    """Yield (name, path or the error) as each is done. Raises ParameterError before anything runs if the gate refuses one."""
    for name in names:
        checked(name, given)
    if given.get("data", "national") == "national":
        from ..analysis.study import data_folder
        say("准备全国模拟数据 preparing the simulated national set …")
        data_folder("national")
    start = time.monotonic()
    if len(names) == 1:
        say(f"执行 running {names[0]} …")
        yield names[0], _one(names[0], dict(given), Path(out))
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        order = sorted(names, key=lambda name: LONGEST.index(name) if name in LONGEST else len(LONGEST))
        todo = {pool.submit(_one, name, dict(given), Path(out)): name for name in order}
        say(f"执行 running {'、'.join(names)} …")
        for done, future in enumerate(as_completed(todo), start=1):
            say(f"[{done}/{len(names)}] {todo[future]}  {time.monotonic() - start:.0f} s")
            yield todo[future], future.result()


def _one(name: str, given: dict, out: Path) -> Path | OnexError:
    try:
        return make_report(name, given, out)
    except ReportError as error:
        return error
