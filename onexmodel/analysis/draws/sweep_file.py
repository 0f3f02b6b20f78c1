"""A sweep file: which parameters, scenarios and provinces, in a grid or a Latin hypercube; read with every fault and its line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from ... import __version__
from ...errors import Fault, ParameterError, ScenarioError, nearest
from ...law import load_law, read_scenario
from ...law.yamlfile import read_yaml
from ..measures import TARGETS
from .sample import LEAST_DRAWS, LOG2_DRAWS

KEYS = (
    "title",
    "data",
    "provinces",
    "scenarios",
    "mode",
    "design",
    "points",
    "seed",
    "draws",
    "parameters",
    "measures",
)
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
        return list(
            product(
                range(len(self.scenarios)),
                range(len(self.provinces)),
                range(0, len(self.points), POINTS_A_PART),
            )
        )

    def fingerprint(self, data_sha256: str, law_sha256: str) -> str:
        """What must not have changed for parts to be kept: the sweep, the data, the law, the scenarios' texts, the version."""
        texts = [[read_scenario(name).sha256 for name in one] for one in self.scenarios]
        text = json.dumps(
            [
                __version__,
                data_sha256,
                law_sha256,
                self.provinces,
                self.scenarios,
                texts,
                self.mode,
                self.draws,
                self.seed,
                self.names,
                self.points,
                self.measures,
            ]
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_sweep(path: Path | str) -> Sweep:
    """Read a sweep file. Raises ParameterError with every fault, file and line."""
    path = Path(path)
    if not path.is_file():
        raise ParameterError(Fault(str(path), "没有这个文件", do="给出扫描方案（YAML）的路径"))
    file, law = read_yaml(path), load_law()
    if not isinstance(file.data, Mapping):
        raise ParameterError(
            Fault(file.where(), "这里应为 键: 值", do=f"可用的键：{'、'.join(KEYS)}")
        )
    data = file.data
    faults = [
        Fault(file.where(key), f"不认识的键「{key}」", nearest=nearest(key, KEYS))
        for key in data
        if key not in KEYS
    ]
    design, mode = data.get("design", "grid"), data.get("mode", "none")
    faults += [
        Fault(
            file.where(key),
            f"{key}「{value}」不在 {'、'.join(allowed)} 之中",
            nearest=nearest(str(value), allowed),
        )
        for key, value, allowed in (
            ("design", design, ("grid", "lhs")),
            ("mode", mode, ("none", "supply", "both")),
        )
        if value not in allowed
    ]
    axes = _axes(file, data.get("parameters") or {}, design, law, faults)
    for key, least in (("points", 1), ("draws", 0), ("seed", 0)):
        value = data.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            faults.append(Fault(file.where(key), f"{key}「{value}」应为不小于 {least} 的整数"))
    if data.get("draws") in range(1, LOG2_DRAWS):
        faults.append(
            Fault(
                file.where("draws"),
                f"draws「{data['draws']}」：2 的 {data['draws']} 次方次抽样太少，给不出区间",
                do=f"写 {LOG2_DRAWS}（{LEAST_DRAWS} 次）或更大，或 0（不抽样）",
            )
        )
    measures, provinces, scenarios = (
        _listed(file, data, key, default, faults)
        for key, default in (
            (
                "measures",
                ["mean_approved_fee", "fee_bill", "college_outlay", "funding_gap", "unmet_share"],
            ),
            ("provinces", [""]),
            ("scenarios", [[]]),
        )
    )
    faults += [
        Fault(file.where("measures"), f"没有指标「{name}」", nearest=nearest(str(name), TARGETS))
        for name in measures
        if name not in TARGETS
    ]
    faults += [
        fault
        for one in scenarios
        for name in (one if isinstance(one, list) else [one])
        for fault in _scenario_faults(file, name)
    ]
    if faults:
        raise ParameterError(faults)
    seed = data.get("seed", 20201231)
    return Sweep(
        str(data.get("data", "national")),
        tuple(str(one) for one in provinces),
        tuple(tuple(one) if isinstance(one, list) else (one,) for one in scenarios),
        mode,
        data.get("draws", 0),
        seed,
        tuple(axes),
        _points(axes, design, data.get("points", 16), seed),
        tuple(measures),
    )


def _listed(file, data, key: str, default: list, faults: list[Fault]) -> list:
    value = data.get(key) or default
    if isinstance(value, list):
        return value
    faults.append(Fault(file.where(key), f"{key}「{value}」应为列表", do=f"写成 {key}: [{value}]"))
    return []


def _scenario_faults(file, name) -> Sequence[Fault]:
    try:
        read_scenario(str(name))
    except ScenarioError as error:
        return [
            Fault(f"{file.where('scenarios')}，{fault.where}", fault.what, fault.do, fault.nearest)
            for fault in error.faults
        ]
    return []


def _axes(file, entries, design: str, law, faults: list[Fault]) -> dict[str, tuple]:
    """parameter → values of a grid, or (low, high) of a hypercube."""
    if not isinstance(entries, Mapping):
        faults.append(Fault(file.where("parameters"), "parameters 应为 参数名: 取值"))
        return {}
    axes = {}
    for name, entry in entries.items():
        known = law.parameters.get(name)
        wrong, axes[name] = _axis(known, entry, design)
        if known is None:
            faults.append(
                Fault(
                    file.where("parameters", name),
                    f"没有参数「{name}」",
                    nearest=nearest(str(name), law.parameters),
                )
            )
        elif wrong:
            faults.append(
                Fault(
                    file.where("parameters", name),
                    wrong,
                    do="写成数值列表，或 {low: 下限, high: 上限, points: 个数}",
                )
            )
    return axes


def _axis(parameter, entry, design: str) -> tuple[str, tuple]:
    """(what is wrong, values of a grid or (low, high) of a hypercube)."""
    if parameter is not None and parameter.type not in ("number", "choice"):
        return "只能扫描数值或选项参数", ()
    if isinstance(entry, Mapping):
        if set(entry) - {"low", "high", "points"} or not {"low", "high"} <= set(entry):
            return "范围应写 low、high（格点设计再写 points）", ()
        count = entry.get("points", 5)
        if any(
            isinstance(end, bool) or not isinstance(end, (int, float))
            for end in (entry["low"], entry["high"])
        ):
            return f"low「{entry['low']}」与 high「{entry['high']}」应为数", ()
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            return f"points「{count}」应为正整数", ()
        ends = float(entry["low"]), float(entry["high"])
        values = ends if design == "lhs" else tuple(np.linspace(*ends, count).tolist())
    elif isinstance(entry, list) and entry and design == "grid":
        values = tuple(entry)
    else:
        return "拉丁超立方要写 low 与 high" if design == "lhs" else "取值应为列表", ()
    return next(
        (wrong for wrong in (parameter.fault_of(value) for value in values) if wrong), ""
    ) if parameter is not None else "", values


def _points(axes, design: str, count: int, seed: int) -> tuple[tuple, ...]:
    if design == "grid":
        return tuple(product(*axes.values()))
    from scipy.stats import qmc  # slow to import: only for this design

    unit = qmc.LatinHypercube(len(axes), rng=np.random.default_rng(seed)).random(count)
    return tuple(
        tuple(
            float(low + (high - low) * u) for (low, high), u in zip(axes.values(), row, strict=True)
        )
        for row in unit
    )
