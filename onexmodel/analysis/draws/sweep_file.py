"""A sweep file: which parameters, scenarios and provinces, in a grid or a Latin hypercube; read with every fault and its line."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ... import __version__
from ...errors import Fault, LawError, ParameterError, ScenarioError, nearest
from ...law import Law, Parameter, load_law, read_scenario
from ...law.checking.shape import is_number, plain_faults, strange_keys, text_faults
from ...law.scenario import chain_of
from ...law.yamlfile import YamlFile, read_yaml, shown
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
MOST_POINTS = 100_000  # of a scenario and province: each is a run
MOST_DRAWS = 14  # as a power of two
MEASURES = ("mean_approved_fee", "fee_bill", "college_outlay", "funding_gap", "unmet_share")


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
    try:
        file = read_yaml(path)
    except LawError as error:
        raise ParameterError(error.faults) from error
    law = load_law()
    if not isinstance(file.data, Mapping):
        raise ParameterError(
            Fault(file.where(), "这里应为 键: 值", do=f"可用的键：{'、'.join(KEYS)}")
        )
    data = file.data
    faults = strange_keys(file, data, KEYS)
    faults += text_faults(file, data, ("title",)) + (
        plain_faults(file, data["data"], ("data",)) if "data" in data else []
    )
    design, mode = data.get("design", "grid"), data.get("mode", "none")
    faults += [
        Fault(
            file.where(key),
            f"{key}「{shown(value)}」不在 {'、'.join(allowed)} 之中",
            nearest=nearest(shown(value), allowed),
        )
        for key, value, allowed in (
            ("design", design, ("grid", "lhs")),
            ("mode", mode, ("none", "supply", "both")),
        )
        if value not in allowed
    ]
    axes = _axes(file, data.get("parameters"), design, law, faults)
    _check_numbers(file, data, faults)
    if design == "grid":
        _check_size(file, axes, faults)
    measures = _names(file, data, "measures", MEASURES, faults)
    provinces = _names(file, data, "provinces", ("",), faults)
    scenarios = _scenarios(file, data, faults)
    faults += [
        Fault(
            file.where("measures"),
            f"没有指标「{shown(name)}」",
            nearest=nearest(name[:80], TARGETS),
        )
        for name in measures
        if name not in TARGETS
    ]
    if faults:
        raise ParameterError(faults)
    seed = data.get("seed", 20201231)
    return Sweep(
        str(data.get("data", "national")),
        provinces,
        scenarios,
        mode,
        data.get("draws", 0),
        seed,
        tuple(axes),
        _points(axes, design, data.get("points", 16), seed),
        measures,
    )


def _check_numbers(file: YamlFile, data: Mapping, faults: list[Fault]) -> None:
    for key, least, most in (
        ("points", 1, MOST_POINTS),
        ("draws", 0, MOST_DRAWS),
        ("seed", 0, 2**63 - 1),
    ):
        value = data.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            what = f"{key}「{shown(value)}」应为不小于 {least} 的整数"
            faults.append(Fault(file.where(key), what))
        elif value > most:
            faults.append(Fault(file.where(key), f"{key}「{shown(value)}」太大，最大 {most}"))
    if data.get("draws") in range(1, LOG2_DRAWS):
        faults.append(
            Fault(
                file.where("draws"),
                f"draws「{data['draws']}」：2 的 {data['draws']} 次方次抽样太少，给不出区间",
                do=f"写 {LOG2_DRAWS}（{LEAST_DRAWS} 次）或更大，或 0（不抽样）",
            )
        )


def _check_size(file: YamlFile, axes: Mapping[str, tuple], faults: list[Fault]) -> None:
    count = math.prod(len(values) for values in axes.values())
    if count > MOST_POINTS:
        what = f"格点共 {count} 个，最多 {MOST_POINTS} 个"
        do = "减少取值，或改用 design: lhs"
        faults.append(Fault(file.where("parameters"), what, do=do))


def _items(file: YamlFile, data: Mapping, key: str, faults: list[Fault]) -> list | None:
    """What stands in a list; None where there is nothing, or no list."""
    value = data.get(key)
    if value is None or (isinstance(value, list) and not value):
        return None
    if isinstance(value, list):
        return value
    what = f"{key}「{shown(value)}」应为列表"
    faults.append(Fault(file.where(key), what, do=f"写成 {key}: [{shown(value)}]"))
    return None


def _names(
    file: YamlFile, data: Mapping, key: str, default: Sequence[str], faults: list[Fault]
) -> tuple[str, ...]:
    """Names or codes in a list, as written (011 is no eleven)."""
    found = _items(file, data, key, faults)
    if found is None:
        return tuple(default)
    for i, one in enumerate(found):
        if one is None or isinstance(one, (bool, list, Mapping)):
            what = f"{key} 中的「{shown(one)}」不是名称"
            faults.append(Fault(file.where(key, i), what, do="写名称或代码"))
    return tuple(
        file.text(one, key, i)
        for i, one in enumerate(found)
        if isinstance(one, (str, int, float)) and not isinstance(one, bool)
    )


def _scenarios(file: YamlFile, data: Mapping, faults: list[Fault]) -> tuple[tuple[str, ...], ...]:
    """Names of scenarios that are laid together, a group a list or one alone."""
    groups = []
    for i, group in enumerate(_items(file, data, "scenarios", faults) or [[]]):
        names: list[str] = []
        for j, one in enumerate(group if isinstance(group, list) else [group]):
            path = ("scenarios", i, j) if isinstance(group, list) else ("scenarios", i)
            if isinstance(one, (str, int, float)) and not isinstance(one, bool):
                names.append(file.text(one, *path))
                faults += _scenario_faults(file.where(*path), names[-1])
            else:
                what = f"scenarios 中的「{shown(one)}」不是情景名称"
                do = "写成 [[], [cap_plus_20]]：每组一个列表"
                faults.append(Fault(file.where(*path), what, do=do))
        groups.append(tuple(names))
    return tuple(groups)


def _scenario_faults(where: str, name: str) -> Sequence[Fault]:
    """What is wrong with a scenario, or with one that it is based on."""
    try:
        chain_of([read_scenario(name)])
    except ScenarioError as error:
        return [
            Fault(f"{where}，{fault.where}", fault.what, fault.do, fault.nearest)
            for fault in error.faults
        ]
    return []


def _axes(
    file: YamlFile, entries: Any, design: str, law: Law, faults: list[Fault]
) -> dict[str, tuple]:
    """parameter → values of a grid, or (low, high) of a hypercube."""
    if entries is None:
        entries = {}
    if not isinstance(entries, Mapping):
        what = f"parameters「{shown(entries)}」：parameters 应为 参数名: 取值"
        faults.append(Fault(file.where("parameters"), what))
        return {}
    axes = {}
    for name, entry in entries.items():
        known = law.parameters.get(name)
        if known is None:
            faults.append(
                Fault(
                    file.where("parameters", name),
                    f"没有参数「{shown(name)}」",
                    nearest=nearest(name[:80], law.parameters),
                )
            )
            continue
        wrong, axes[name] = _axis(known, entry, design)
        if wrong:
            faults.append(
                Fault(
                    file.where("parameters", name),
                    wrong,
                    do="写成数值列表，或 {low: 下限, high: 上限, points: 个数}",
                )
            )
    if not entries and design == "lhs":
        what = "拉丁超立方没有要扫描的参数"
        faults.append(Fault(file.where("parameters"), what, do="写 parameters: {参数名: 范围}"))
    return axes


def _axis(parameter: Parameter, entry: Any, design: str) -> tuple[str, tuple]:
    """(what is wrong, values of a grid or (low, high) of a hypercube)."""
    if parameter.type not in ("number", "choice"):
        return "只能扫描数值或选项参数", ()
    if isinstance(entry, Mapping):
        if set(entry) - {"low", "high", "points"} or not {"low", "high"} <= set(entry):
            return "范围应写 low、high（格点设计再写 points）", ()
        low, high, count = entry["low"], entry["high"], entry.get("points", 5)
        if not is_number(low) or not is_number(high):
            return f"low「{shown(low)}」与 high「{shown(high)}」应为数", ()
        if low > high:
            return f"low「{shown(low)}」大于 high「{shown(high)}」", ()
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            return f"points「{shown(count)}」应为正整数", ()
        if count > MOST_POINTS:
            return f"points「{shown(count)}」太多，最多 {MOST_POINTS}", ()
        ends = tried = float(low), float(high)
        values = ends if design == "lhs" else tuple(np.linspace(*ends, count).tolist())
    elif isinstance(entry, list) and entry and design == "grid":
        values = tried = tuple(entry)
    else:
        return "拉丁超立方要写 low 与 high" if design == "lhs" else "取值应为列表", ()
    faults = (parameter.fault_of(value) for value in tried)
    return next((wrong for wrong in faults if wrong), ""), values


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
