"""Sweeps: a grid or Latin hypercube over parameters × scenarios × provinces from one file, in parts that survive a kill.

Every part (one scenario, one province, a block of points) is computed alone and written whole, so that the result is the same for
any number of workers, on one machine or on a Dask cluster, and a run that was killed goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import product
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from .. import __version__
from ..data import read_tables
from ..errors import Fault, ParameterError, nearest
from ..law import load_law
from ..law.yamlfile import read_yaml
from ..places import whole
from .blocks import blocks, count_of
from .cap_study import study_draws
from .measures import TARGETS, measured
from .study import Study, data_folder, open_study

KEYS = ("title", "data", "provinces", "scenarios", "mode", "design", "points", "seed", "draws", "parameters", "measures")
POINTS_A_PART = 32


@dataclass(frozen=True)
class Sweep:
    """A sweep file as read. `points` (n,) of parameter → value, the same in every scenario and province."""

    data: str
    provinces: tuple[str, ...]
    scenarios: tuple[tuple[str, ...], ...]
    mode: str
    draws: int
    seed: int
    names: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    measures: tuple[str, ...]

    def parts(self) -> list[tuple[int, int, int]]:
        """(scenario, province, first point) of every part, in order."""
        return list(product(range(len(self.scenarios)), range(len(self.provinces)), range(0, len(self.points), POINTS_A_PART)))

    def fingerprint(self, data_sha256: str, law_sha256: str) -> str:
        """What must not have changed for parts to be kept: the sweep, the data, the law, the version."""
        text = json.dumps([__version__, data_sha256, law_sha256, self.provinces, self.scenarios, self.mode, self.draws, self.seed, self.names, self.points, self.measures])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_sweep(path: Path | str) -> Sweep:
    """Read a sweep file. Raises ParameterError with every fault, file and line."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(Fault(str(path), "没有这个文件", do="给出扫描方案（YAML）的路径"))
    file = read_yaml(path)
    data = file.data if isinstance(file.data, Mapping) else {}
    law = load_law()
    faults = [Fault(file.where(key), f"不认识的键「{key}」", nearest=nearest(key, KEYS)) for key in data if key not in KEYS]
    design = data.get("design", "grid")
    if design not in ("grid", "lhs"):
        faults.append(Fault(file.where("design"), f"design「{design}」不在 grid、lhs 之中", nearest=nearest(str(design), ("grid", "lhs"))))
    if data.get("mode", "none") not in ("none", "supply", "both"):
        faults.append(Fault(file.where("mode"), f"mode「{data.get('mode')}」不在 none、supply、both 之中"))
    axes = {}
    for name, entry in (data.get("parameters") or {}).items():
        known = law.parameters.get(name)
        wrong, values = _axis(known, entry, design)
        if known is None:
            faults.append(Fault(file.where("parameters", name), f"没有参数「{name}」", nearest=nearest(name, law.parameters)))
        elif wrong:
            faults.append(Fault(file.where("parameters", name), wrong, do="写成数值列表，或 {low: 下限, high: 上限, points: 个数}"))
        axes[name] = values
    for key, least in (("points", 1), ("draws", 0), ("seed", 0)):
        value = data.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            faults.append(Fault(file.where(key), f"{key}「{value}」应为不小于 {least} 的整数"))
    measures = tuple(data.get("measures") or ("mean_approved_fee", "fee_bill", "college_outlay", "funding_gap", "unmet_share"))
    faults += [Fault(file.where("measures"), f"没有指标「{name}」", nearest=nearest(name, TARGETS)) for name in measures if name not in TARGETS]
    if faults:
        raise ParameterError(faults)
    scenarios = tuple(tuple(one) if isinstance(one, list) else (one,) for one in data.get("scenarios") or [[]])
    provinces = tuple(str(one) for one in data.get("provinces") or [""])
    seed = data.get("seed", 20201231)
    return Sweep(str(data.get("data", "national")), provinces, scenarios, data.get("mode", "none"), data.get("draws", 0), seed, tuple(axes),
                 _points(axes, design, data.get("points", 16), seed), measures)


def _axis(parameter, entry, design: str) -> tuple[str, tuple]:
    """(what is wrong, values of a grid or (low, high) of a hypercube)."""
    if isinstance(entry, Mapping):
        if set(entry) - {"low", "high", "points"} or not {"low", "high"} <= set(entry):
            return "范围应写 low、high（格点设计再写 points）", ()
        ends = float(entry["low"]), float(entry["high"])
        values = ends if design == "lhs" else tuple(np.linspace(*ends, int(entry.get("points", 5))).tolist())
    elif isinstance(entry, list) and entry and design == "grid":
        values = tuple(entry)
    else:
        return "拉丁超立方要写 low 与 high" if design == "lhs" else "取值应为列表", ()
    wrong = [parameter.fault_of(value) for value in values] if parameter is not None else []
    return next((one for one in wrong if one), "") if not (parameter is not None and parameter.type not in ("number", "choice")) else "只能扫描数值或选项参数", values


def _points(axes, design: str, count: int, seed: int) -> tuple[tuple, ...]:
    if design == "grid":
        return tuple(product(*axes.values()))
    from scipy.stats import qmc  # slow to import: only for this design
    unit = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(seed)).random(count)
    return tuple(tuple(float(low + (high - low) * u) for (low, high), u in zip(axes.values(), row, strict=True)) for row in unit)


def run_part(sweep: Sweep, part: tuple[int, int, int]) -> pd.DataFrame:
    """Rows of one part: the point and, with draws, its mean, P10, P50 and P90; baseline and scheme."""
    scenario, province, first = part
    study = open_study(sweep.data, list(sweep.scenarios[scenario]), province=sweep.provinces[province])
    drawn = study_draws(study, sweep.draws, sweep.seed) if sweep.draws else {}
    rows = []
    for at in range(first, min(first + POINTS_A_PART, len(sweep.points))):
        values = dict(zip(sweep.names, sweep.points[at], strict=True))
        key = {"scenario": "+".join(sweep.scenarios[scenario]) or "current_law", "province": sweep.provinces[province], "point": at, **values}
        for side, found in _sides(study, sweep, values, {}).items():
            spread = _sides(study, sweep, values, drawn)[side] if drawn else {}
            for name in sweep.measures:
                row = {**key, "side": side, "measure": name, "value": float(np.ravel(found[name])[0])}
                if drawn:
                    row |= {"mean": float(np.mean(spread[name])), **{f"p{q}": float(np.quantile(spread[name], q / 100)) for q in (10, 50, 90)}}
                rows.append(row)
    return pd.DataFrame(rows)


def _sides(study: Study, sweep: Sweep, values, drawn) -> dict[str, dict]:
    """side → measure → (draws,), instruments are scanned in the scheme only, the rest on both sides."""
    kept = {name: one for name, one in drawn.items() if name.replace("__", ".") not in values}
    schemed = study.composition.changes_anything or any(study.law.parameters[name].kind == "instrument" for name in values)
    found: dict[str, dict] = {}
    for part in blocks(study, kept):
        views = study.turned(values, sweep.mode, **part)
        results = study.prepared.evaluate(views[0], views[1] if schemed else None)
        for side, result, view, compiled in zip(("baseline", "scheme"), results, views, (study.prepared.baseline, study.prepared.scenario), strict=True):
            if result is not None:
                for name, one in measured(result, study.scope(compiled), view).items():
                    found.setdefault(side, {}).setdefault(name, []).append(np.broadcast_to(np.ravel(one), (count_of(part),)))
    return {side: {name: np.concatenate(parts) for name, parts in one.items()} for side, one in found.items()}


def run_sweep(sweep: Sweep, out: Path, workers: int = 1, scheduler: str = "") -> Iterator[tuple[int, int]]:
    """Compute what is missing and yield (parts done, parts in all) after each; at the end `out`/sweep.parquet holds every row in order.

    workers: processes on this machine; scheduler: a Dask address (tcp://…) whose workers see the data. Raises ParameterError where the
    folder holds another sweep's parts, or a library is missing.
    """
    for module, extra in (("pyarrow", "sweep"), *((("distributed", "sweep"),) if scheduler else ())):
        if find_spec(module) is None:
            raise ParameterError(Fault("onexmodel sweep", f"没有安装 {module}", do=f"pip install onexmodel[{extra}]"))
    out, folder = Path(out), Path(out) / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    _same_sweep(sweep, out)
    todo = [part for part in sweep.parts() if not _file(folder, part).exists()]
    all_parts = len(sweep.parts())
    yield all_parts - len(todo), all_parts
    with _executor(workers, scheduler, len(todo)) as submit:
        for done, (part, frame) in enumerate(submit(sweep, todo), all_parts - len(todo) + 1):
            with whole(_file(folder, part)) as made:
                frame.to_parquet(made, index=False)
            yield done, all_parts
    joined = pd.concat([pd.read_parquet(_file(folder, part)) for part in sweep.parts()], ignore_index=True)
    with whole(out / "sweep.parquet") as made:
        joined.to_parquet(made, index=False)


def _file(folder: Path, part: tuple[int, int, int]) -> Path:
    return folder / ("part-" + "-".join(f"{number:04d}" for number in part) + ".parquet")


def _same_sweep(sweep: Sweep, out: Path) -> None:
    mark = out / "sweep.json"
    mine = sweep.fingerprint(read_tables(data_folder(sweep.data)).sha256, load_law().sha256)
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["fingerprint"] != mine:
        raise ParameterError(Fault(str(out), "这个文件夹里是另一次扫描（方案、数据、法规或版本不同）的结果", do="换一个输出文件夹，或先移走旧的"))
    with whole(mark) as made:
        made.write_text(json.dumps({"fingerprint": mine, "parts": len(sweep.parts()), "points": len(sweep.points)}) + "\n", encoding="utf-8")


@contextmanager
def _executor(workers: int, scheduler: str, parts: int) -> Iterator[Callable]:
    """One way to hand out parts: in this process, to processes, or to a Dask cluster through its standard executor."""
    if not parts or (workers <= 1 and not scheduler):
        yield lambda sweep, todo: ((part, run_part(sweep, part)) for part in todo)
    elif scheduler:
        from distributed import Client
        with Client(scheduler) as client:
            yield partial(_handed_out, client.get_executor(pure=False, retries=3))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
            yield partial(_handed_out, executor)


def _handed_out(executor: Executor, sweep: Sweep, todo) -> Iterator[tuple[tuple[int, int, int], pd.DataFrame]]:
    futures = {executor.submit(run_part, sweep, part): part for part in todo}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenExecutor as error:
        raise ParameterError(Fault("onexmodel sweep", "一个工作进程中途停止，已算好的部分都在", do="再运行同一条命令，从停下的地方继续")) from error
    finally:
        for future in futures:
            future.cancel()
