"""Sweeps: a grid or Latin hypercube over parameters × scenarios × provinces from one file, in parts that survive a kill.

Every part (one scenario, one province, a block of points) is computed alone and written whole, so that the result is the same for
any number of workers, on one machine or on a Dask cluster, and a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import BrokenExecutor, Executor, as_completed
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from ...data import read_tables
from ...errors import Fault, ParameterError
from ...law import load_law
from ...places import whole
from ...running import children
from ...running.progress import Told, silent
from ...running.progress import part as part_of
from ...running.scratch import clear
from ..measures import measured, unknown
from ..response_basis import OF_FEES, no_answer, without_value
from ..study import Study, data_folder, open_study
from .blocks import in_blocks
from .sample import percentiles, study_draws
from .sweep_file import POINTS_A_PART, Sweep

ANSWER = 5  # seconds in which a Dask scheduler answers
GREETING = 1_000_000  # bytes that its first words are fewer than
OTHERS = ("inproc", "ucx", "ucxx", "ws", "wss")  # ways to a scheduler that are not tried beforehand


def run_part(sweep: Sweep, part: tuple[int, int, int], told: Told = silent) -> pd.DataFrame:
    """Rows of one part: the point and, with draws, its mean, P10, P50 and P90; baseline and scheme."""
    scenario, province, first = part
    study = open_study(
        sweep.data, list(sweep.scenarios[scenario]), province=sweep.provinces[province]
    )
    drawn = study_draws(study, sweep.draws, sweep.seed) if sweep.draws else {}
    rows, empty = (
        [],
        {*unknown(study), *without_value(study)},
    )  # what is not known stays empty, not 0
    open_ = {"baseline": empty, "scheme": empty | {*(OF_FEES if no_answer(study) else ())}}
    points = range(first, min(first + POINTS_A_PART, len(sweep.points)))
    for at in points:
        told(at - first, len(points))
        values = dict(zip(sweep.names, sweep.points[at], strict=True))
        key = {
            "scenario": "+".join(sweep.scenarios[scenario]) or "current_law",
            "province": sweep.provinces[province],
            "point": at,
            **values,
        }
        spreads = _sides(study, sweep, values, drawn) if drawn else {}
        for side, found in _sides(study, sweep, values, {}).items():
            for name in sweep.measures:
                values_of = {"value": float(np.ravel(found[name])[0])}
                if drawn:
                    spread = spreads[side][name]
                    values_of |= {"mean": float(np.mean(spread)), **percentiles(spread)}
                if name in open_[side]:
                    values_of = dict.fromkeys(values_of, float("nan"))
                rows.append({**key, "side": side, "measure": name, **values_of})
    return pd.DataFrame(rows)


def _sides(study: Study, sweep: Sweep, values, drawn) -> dict[str, dict]:
    """side → measure → (draws,), instruments are scanned in the scheme only, the rest on both sides."""
    kept = {name: one for name, one in drawn.items() if name.replace("__", ".") not in values}
    schemed = study.composition.changes_anything or any(
        study.law.parameters[name].kind == "instrument" for name in values
    )

    def both(part: dict[str, np.ndarray]) -> dict[tuple[str, str], np.ndarray]:
        views = study.turned(values, sweep.mode, **part)
        results = study.prepared.evaluate(views[0], views[1] if schemed else None)
        return {
            (side, name): one
            for side, result, view in zip(("baseline", "scheme"), results, views, strict=True)
            if result is not None
            for name, one in measured(result, study.scope(result.compiled), view).items()
        }

    found: dict[str, dict] = {}
    for (side, name), one in in_blocks(study, kept, both).items():
        found.setdefault(side, {})[name] = one
    return found


def run_sweep(
    sweep: Sweep, out: Path, workers: int = 1, scheduler: str = "", told: Told = silent
) -> Generator[tuple[int, int], None, None]:
    """Compute what is missing and yield (parts done, parts in all) after each; at the end `out`/sweep.parquet holds every row in order.

    workers: processes on this machine; scheduler: a Dask address (tcp://…) whose workers see the data; `told`: within a part, where they
    are computed here. Raises ParameterError where the
    folder holds another sweep's parts, or a library is missing.
    """
    for module, extra in (
        ("pyarrow", "sweep"),
        *((("distributed", "sweep"),) if scheduler else ()),
    ):
        if find_spec(module) is None:
            raise ParameterError(
                Fault("onexmodel sweep", f"没有安装 {module}", do=f"pip install onexmodel[{extra}]")
            )
    out, folder = Path(out), Path(out) / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    clear(folder)
    _same_sweep(sweep, out)
    todo = [part for part in sweep.parts() if not _file(folder, part).exists()]
    all_parts = len(sweep.parts())
    yield all_parts - len(todo), all_parts
    with _executor(workers, scheduler, len(todo), told, all_parts) as submit:
        for done, (part, frame) in enumerate(submit(sweep, todo), all_parts - len(todo) + 1):
            with whole(_file(folder, part)) as made:
                frame.to_parquet(made, index=False)
            yield done, all_parts
    joined = pd.concat(
        [pd.read_parquet(_file(folder, part)) for part in sweep.parts()], ignore_index=True
    )
    with whole(out / "sweep.parquet") as made:
        joined.to_parquet(made, index=False)


def _file(folder: Path, part: tuple[int, int, int]) -> Path:
    return folder / ("part-" + "-".join(f"{number:04d}" for number in part) + ".parquet")


def _same_sweep(sweep: Sweep, out: Path) -> None:
    mark = out / "sweep.json"
    mine = sweep.fingerprint(read_tables(data_folder(sweep.data)).sha256, load_law().sha256)
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["fingerprint"] != mine:
        raise ParameterError(
            Fault(
                str(out),
                "这个文件夹里是另一次扫描（方案、数据、法规或版本不同）的结果",
                do="换一个输出文件夹，或先移走旧的",
            )
        )
    with whole(mark) as made:
        made.write_text(
            json.dumps(
                {"fingerprint": mine, "parts": len(sweep.parts()), "points": len(sweep.points)}
            )
            + "\n",
            encoding="utf-8",
        )


@contextmanager
def _executor(
    workers: int, scheduler: str, parts: int, told: Told, whole: int
) -> Iterator[Callable]:
    """One way to hand out parts: in this process, to processes, or to a Dask cluster through its standard executor."""
    if not parts or (workers <= 1 and not scheduler):
        yield lambda sweep, todo: (
            (one, run_part(sweep, one, part_of(told, at, 1, whole)))
            for at, one in enumerate(todo, whole - len(todo))
        )
    elif scheduler:
        with _client(scheduler) as client:
            yield partial(_handed_out, client.get_executor(pure=False, retries=3))
    else:
        with children.workers(workers) as executor:
            yield partial(_handed_out, executor)


def need_scheduler(scheduler: str) -> None:
    """Raises ParameterError where at a Dask address nobody can be reached, or not Dask: a client would wait there for ever."""
    try:
        address = urlsplit(scheduler)
        if address.scheme in ("tcp", "tls") and address.hostname and address.port:
            with socket.create_connection((address.hostname, address.port), ANSWER) as reached:
                # a scheduler speaks first, and begins with the length of what it says
                said = reached.recv(8) if address.scheme == "tcp" else bytes(8)
            if len(said) < 8 or int.from_bytes(said, "little") > GREETING:
                raise ConnectionError
        elif address.scheme not in OTHERS:
            raise ValueError
    except (OSError, ValueError) as error:
        raise _no_scheduler(scheduler, isinstance(error, OSError)) from None


def _client(scheduler: str):
    """A Dask client. Raises ParameterError where none answers."""
    from distributed import Client

    need_scheduler(scheduler)
    try:
        with _quiet("distributed"):
            return Client(scheduler, timeout=ANSWER)
    except Exception as error:  # what answers may be anything, and what it says anything
        raise _no_scheduler(scheduler, True) from error


def _no_scheduler(scheduler: str, address: bool) -> ParameterError:
    return ParameterError(
        Fault(
            f"--scheduler {scheduler}",
            "这里没有 Dask 调度程序应答" if address else "不是 Dask 地址",
            do="核对地址（如 tcp://10.0.0.5:8786），确认 dask scheduler 在运行；或改用 --workers",
        )
    )


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """A library does not log meanwhile what is said in a sentence anyhow."""
    log = logging.getLogger(name)
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


def _handed_out(
    executor: Executor, sweep: Sweep, todo
) -> Iterator[tuple[tuple[int, int, int], pd.DataFrame]]:
    futures = {executor.submit(run_part, sweep, part): part for part in todo}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenExecutor as error:
        raise ParameterError(
            Fault(
                "onexmodel sweep",
                "一个工作进程中途停止，已算好的部分都在",
                do="再运行同一条命令，从停下的地方继续",
            )
        ) from error
    finally:
        for future in futures:
            future.cancel()
