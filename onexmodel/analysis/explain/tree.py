"""Derivation → tree of nodes for people: names, units, formula in words, and at the leaves a cell or a dated parameter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...engine.axes import SUMS
from ...engine.places.names import KEYS, code_of
from ...engine.wire import ARGUMENTS
from ...errors import Fault, ParameterError, nearest
from ...languages import said
from ...rules.funding import SOURCES, USES
from .cells import cell_node
from .derive import FUNDING, RATES, Derivation, Ref
from .node import Node, item_node, limit_addresses, limit_rows, pot_children
from .parameters import caps_node, parameter_node, parameter_of
from .words import about, is_private, plain, row_words, value_words

TOP = 5  # parts of a sum shown singly
# levels in which a quantity is opened wherever it stands; deeper down it is opened once
REPEATED = 6
LEFT_OUT = "…"  # note of a node that is not opened: too deep
OPENED_ABOVE = "↑"  # the same: opened further up
DEFAULTS = {
    "pass_rate": ("given_pass_rate", "volume.default_pass_rate"),
    "retake_share": ("given_retake_share", "volume.default_retake_share"),
}


@dataclass(frozen=True)
class Telling:
    """How a tree is told: its language, the levels still to open, those above, and how many levels were opened under what has been
    opened (one record for the whole tree)."""

    lang: str
    depth: int
    level: int = 0
    opened: dict[Ref, int] = field(default_factory=dict)

    def below(self) -> Telling:
        """One level further down."""
        return replace(self, depth=self.depth - 1, level=self.level + 1)

    def note(self, ref: Ref) -> str:
        """Why a quantity is not opened here; "" where it is. Opened wherever they stand, the quantities of a deep tree grow without bound:
        each stands under several others."""
        if self.depth <= 0:
            return LEFT_OUT
        if self.level >= REPEATED and self.opened.get(ref, 0) >= self.depth:
            return OPENED_ABOVE
        self.opened[ref] = max(self.depth, self.opened.get(ref, 0))
        return ""


def find(derived: Derivation, run: str, name: str, key: dict[str, str]) -> Ref:
    """The reference of a quantity and a key such as {"college": …, "certificate": …}. Raises ParameterError naming the nearest."""
    stage = (
        f"{run}.served"
        if name in FUNDING or name == "award"
        else next(
            (
                f"{run}.{one}"
                for one in ("served", "plan", "fees")
                if name in derived.stages[f"{run}.{one}"].leaves
            ),
            f"{run}.served",
        )
    )
    known = [*ARGUMENTS, *SUMS, *FUNDING, "award"]
    if name not in known and name not in derived.stages[stage].leaves:
        raise ParameterError(
            Fault(
                f"explain {name}",
                "没有这个数量",
                nearest=nearest(name, known),
                do="用 onexmodel clauses 查看规则",
            )
        )
    axis = derived.axis((stage, name, 0)) or "national"
    rows = derived.stages[stage].compiled.keys["offering" if axis == "component" else axis]
    if derived.study.provinces and "province" in rows:
        rows = rows[rows["province"].isin(derived.study.provinces)]
    for column, wanted in _codes(derived.study.tables.frames, name, key).items():
        if column in rows:
            rows = rows[rows[column] == wanted]
    if len(rows) != 1:
        columns = "、".join(rows.columns)
        raise ParameterError(
            Fault(
                f"explain {name}",
                f"按所给条件有 {len(rows)} 行",
                do=f"这个数量按 {columns} 区分，请补足条件或核对代码",
            )
        )
    return stage, name, int(rows.index[0])


def _codes(frames, name: str, key: dict[str, str]) -> dict[str, str]:
    """The key by codes. Raises ParameterError with every word of it that the data do not know."""
    asked = {
        column: code_of(frames, column, wanted, f"explain {name} --{column} {wanted}")
        for column, wanted in key.items()
        if wanted and column in KEYS
    }
    faults = [fault for _, wrong in asked.values() for fault in wrong]
    if faults:
        raise ParameterError(faults)
    others = {column: wanted for column, wanted in key.items() if wanted and column not in KEYS}
    return others | {column: code for column, (code, _) in asked.items()}


def tree(derived: Derivation, ref: Ref, lang: str = "zh", depth: int = 12) -> Node:
    """The tree of one number, `depth` levels of rules deep; below REPEATED levels a quantity that stands opened above is named only."""
    return _node(derived, ref, Telling(lang, depth))


def _node(derived: Derivation, ref: Ref, telling: Telling) -> Node:
    lang = telling.lang
    stage, name, index = derived.follow(ref)
    own = derived.stages[stage]
    if name in DEFAULTS and name in own.leaves:
        given, default = DEFAULTS[name]
        if np.isnan(own.leaves[given][index]):
            taken, at = derived.number((stage, name, index)), ("offering", index)
            return parameter_node(derived, stage, default, lang, taken, at=at)
        return _node(derived, (stage, given, index), telling)
    if name in own.leaves and (
        own.axis.get(name) is None
        or name not in own.compiled.leaves
        and parameter_of(derived, name)
    ):
        set_apart: dict[str, Any] = (
            {"value": derived.number((stage, name, index)), "at": (own.axis[name], index)}
            if own.axis.get(name)
            else {}
        )
        return parameter_node(derived, stage, parameter_of(derived, name), lang, **set_apart)
    if name == "component_cap":
        return caps_node(derived, stage, index, lang)
    if name == "staff_hour_cost":
        cost, at = derived.number(ref), ("college", index)
        return parameter_node(derived, stage, "workload.staff_hour_cost", lang, cost, at=at)
    if name.endswith("_rates"):
        rate = derived.value((stage, name, index)).get("bank", np.zeros(1))
        return Node(
            name,
            said(lang, "题库年成本", "yearly question bank"),
            "",
            float(rate[0]),
            "元/年",
            "constant",
        )
    if name in ("enough_colleges", "planning_colleges"):
        return _colleges_node(derived, (stage, name, index), lang)
    if name in own.leaves:
        return cell_node(derived, (stage, name, index), lang)
    here = (stage, name, index)
    title, unit, formula = about(derived, name, lang)
    value = plain(derived.value(here))
    where, private = row_words(derived, here), is_private(derived, here)
    made = Node(name, title, where, value, unit, "rule", formula, private=private)
    unopened = telling.note(here)
    if unopened:
        return replace(made, value=value_words(name, value), note=unopened)
    if name in FUNDING:
        needs = _funding_children(derived, stage, index, telling)
        return replace(made, children=needs, private=True)
    if name == "award":
        how = said(
            lang,
            "按权重分配，各校不超过需要，分到分（最大余数法）",
            "by weight, up to the need, in whole fen (largest remainder)",
        )
        pots = pot_children(derived, stage, index, lang)
        return replace(made, formula=how, children=pots, private=True)
    if name in SUMS:
        return replace(made, kind="sum", children=_parts(derived, here, telling))
    if name in RATES:
        rows = sorted(derived.ledger_parts(here), key=lambda part: -abs(part[2]))
        opened = telling.depth > 1
        items = (
            item_node(
                derived,
                stage,
                row,
                lang,
                _node(derived, row[3], telling.below()) if opened else None,
            )
            for row in rows
        )
        return replace(made, children=tuple(items), private=True)
    children = tuple(
        _node(derived, child, telling.below())
        for child in derived.inputs(here)
        if child[1] not in ("driver_counts",)
    )
    note = _limit_note(derived, here, lang)
    return replace(made, value=value_words(name, value), note=note, children=children)


def _colleges_node(derived: Derivation, ref: Ref, lang: str) -> Node:
    """How many of a province's colleges plan sittings; and whether they are enough to judge by, with the number that is needed."""
    stage, name, index = ref
    count = Node(
        "planning_colleges",
        said(lang, "安排考核的院校", "colleges that plan sittings"),
        row_words(derived, ref),
        derived.number((stage, "planning_colleges", index)),
        said(lang, "所", ""),
        "constant",
    )
    if name == "planning_colleges":
        return count
    return Node(
        name,
        said(lang, "全省院校是否够数", "colleges enough to judge by"),
        count.where,
        said(lang, *(("是", "yes") if derived.number(ref) else ("否", "no"))),
        "",
        "rule",
        said(lang, "安排考核的院校不少于规定所数", "as many colleges plan sittings as are needed"),
        children=(count, parameter_node(derived, stage, "compare.min_colleges", lang)),
    )


def _parts(derived: Derivation, ref: Ref, telling: Telling) -> tuple[Node, ...]:
    parts = derived.parts(ref)
    values = [derived.number(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-abs(values[i]), i))
    shown = [_node(derived, parts[i], telling.below()) for i in order[:TOP]]
    if len(parts) > TOP:
        rest = sum(values[i] for i in order[TOP:])
        shown.append(
            Node(
                "rest",
                said(telling.lang, "其余", "the rest"),
                said(telling.lang, f"{len(parts) - TOP} 项", f"{len(parts) - TOP} parts"),
                rest,
                shown[0].unit,
                "rest",
                private=any(one.private for one in shown),
            )
        )
    return tuple(shown)


def _limit_note(derived, ref: Ref, lang: str) -> str:
    """Where a limit binds: which one, and how far the next is."""
    stage, name, index = ref
    if name == "modelled_fee":
        limits = {
            other: derived.number((stage, other, index))
            for other in ("ceiling", "proposed_fee", "verified_fee")
        }
        ordered = sorted((value, other) for other, value in limits.items() if value == value)
        if len(ordered) < 2:
            return ""
        titles = {other: about(derived, other, lang)[0] for other in limits}
        gap = ordered[1][0] - ordered[0][0]
        far = said(lang, f"{gap:.2f} 元", f"CNY {gap:.2f}") if np.isfinite(gap) else "∞"
        first, then = titles[ordered[0][1]], titles[ordered[1][1]]
        return said(
            lang,
            f"起作用：{first}，次低为{then}，高 {far}",
            f"binding: {first}; next {then}, {far} higher",
        )
    if name == "uplift":
        chosen = derived.views[0 if stage.startswith("baseline") else 1]["pay.uplift_method"]
        limit, amount = (
            derived.number((stage, other, index))
            for other in ("uplift_limit_used", f"uplift_{chosen}")
        )
        far, binds = f"{abs(amount - limit):.2f}", amount > limit
        zh = f"上限起作用，少 {far} 元" if binds else f"上限未起作用，余 {far} 元"
        en = f"limited by CNY {far}" if binds else f"limit not reached, CNY {far} left"
        return said(lang, zh, en)
    return ""


def _funding_children(
    derived: Derivation, stage: str, index: int, telling: Telling
) -> tuple[Node, ...]:
    needs = tuple(_node(derived, (stage, f"need_{use}", index), telling.below()) for use in USES)
    college = derived.stages[stage].compiled.keys["college"]["college"].iloc[index]
    funding, limits = derived.study.tables["funding"], derived.pots(stage, index).limits
    sources = []
    for i, source in enumerate(SOURCES):
        rows = limit_rows(derived, college, source)
        if limits[i, 0] > 0 or len(rows):
            address = limit_addresses(derived, rows)
            own = float(funding["limit"].iloc[rows].sum()) if len(rows) else 0.0
            note = (
                f"自有 {own:.2f}，另加省级分配或扣减 {limits[i, 0] - own:.2f}"
                if abs(limits[i, 0] - own) > 0.005
                else ""
            )
            sources.append(
                Node(
                    f"limit_{source}",
                    said(telling.lang, "可用额度·", "limit ") + source,
                    college,
                    float(limits[i, 0]),
                    "元/年",
                    "cell",
                    source=address,
                    note=note,
                    private=True,
                )
            )
    return (*needs, *sources)
