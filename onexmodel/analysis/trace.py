"""Derivation → tree of nodes for people: names, units, formula in words, and at the leaves a cell's address or a dated parameter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..data.codes import BY_COLUMN
from ..engine.axes import SUMS
from ..engine.compile import mid_year
from ..engine.local import origin_at
from ..engine.result import COLLEGE_COLUMNS, NOT_SUMMED, OFFERING_COLUMNS
from ..engine.wire import ARGUMENTS, AXIS
from ..errors import Fault, ParameterError, nearest
from ..law.parameters import FORMS
from ..rules.fee import BINDS
from ..rules.funding import SOURCES, USES
from .derive import FUNDING, RATES, Derivation, Ref, derivation
from .node import Node, item_node, pot_children, row_address
from .study import Study

UNITS = {
    "人次/年": "sittings a year",
    "人/年": "persons a year",
    "场/年": "sessions a year",
    "班/年": "groups a year",
    "元/年": "yuan a year",
    "元/人次": "yuan a sitting",
    "课时/年": "hours a year",
    "元/课时": "yuan an hour",
    "人": "persons",
    "次": "times",
    "分钟": "minutes",
    "元": "yuan",
    "元/人": "yuan each",
    "share/年": "share a year",
    "课时/人·年": "hours a person a year",
    "班/人": "groups a person",
    "课时/班": "hours a group",
    "人/考评员": "per assessor",
    "课时/场": "hours a session",
    "人/场": "staff a session",
    "个": "",
}
TOP = 5  # parts of a sum shown singly
CELLS = {
    "planned_candidates": ("offerings", "candidates"),
    "given_pass_rate": ("offerings", "pass_rate"),
    "given_retake_share": ("offerings", "retake_share"),
    "class_size": ("offerings", "class_size"),
    "course_hours": ("offerings", "course_hours"),
    "integration": ("offerings", "integration"),
    **{
        name: ("components", name)
        for name in (
            "session_capacity",
            "candidates_per_assessor",
            "stations",
            "hours_per_session",
            "college_staff_per_session",
        )
    },
    "component_weight": ("components", "weight"),
    **{
        name: ("fees", name)
        for name in ("given_proposal", "verified_cost", "published_fee", "special_fee")
    },
    "special_applies": ("fees", "special_document"),
    "fixed_cost": ("organisations", "fixed_cost"),
    **{
        name: ("pay_pools", name)
        for name in ("pay_pool", "uplift_granted", "uplift_limit", "net_training_income")
    },
    **{
        name: ("colleges", name)
        for name in ("students", "teachers", "norm_hours", "baseline_hours")
    },
    "is_private": ("colleges", "ownership"),
    "is_applied": ("colleges", "tier"),
    "national_sittings": ("certificates", "national_sittings"),
    "has_audited_price": ("ingredients", "audited_price"),
}
DEFAULTS = {
    "pass_rate": ("given_pass_rate", "volume.default_pass_rate"),
    "retake_share": ("given_retake_share", "volume.default_retake_share"),
}
WORDS = {
    "funding_gap": ("院校经费缺口", "funding gap"),
    "waterfall_gap": ("按次序缺口", "gap in the bursar's order"),
    "idle": ("闲置资金", "idle money"),
    "order_loss": ("次序损失", "loss by order"),
    "award": ("省级分配", "award from the provincial pot"),
    **{
        f"funding_gap_{use}": (f"缺口·{zh}", f"gap, {use}")
        for use, zh in zip(USES, ("考核颁证", "培训", "教师培训", "绩效工资"), strict=True)
    },
}


def _private(derived, ref: Ref) -> bool:
    return derived.axis(ref) in PRIVATE_AXES


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
    for column, wanted in key.items():
        if wanted and column in rows:
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


def tree(derived: Derivation, ref: Ref, lang: str = "zh", depth: int = 12) -> Node:
    """The tree of one number, `depth` levels of rules deep."""
    stage, name, index = derived.follow(ref)
    say = (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)
    own = derived.stages[stage]
    if name in DEFAULTS and name in own.leaves:
        given, default = DEFAULTS[name]
        if np.isnan(own.leaves[given][index]):
            return _parameter(
                derived,
                stage,
                default,
                lang,
                derived.number((stage, name, index)),
                at=("offering", index),
            )
        return tree(derived, (stage, given, index), lang, depth)
    if name in own.leaves and (
        own.axis.get(name) is None or name not in own.compiled.leaves and _dotted(derived, name)
    ):
        set_apart = own.axis.get(name) and {
            "value": derived.number((stage, name, index)),
            "at": (own.axis[name], index),
        }
        return _parameter(derived, stage, _dotted(derived, name), lang, **(set_apart or {}))
    if name == "component_cap":
        return _caps(derived, stage, index, lang)
    if name == "staff_hour_cost":
        return _parameter(
            derived,
            stage,
            "workload.staff_hour_cost",
            lang,
            derived.number(ref),
            at=("college", index),
        )
    if name.endswith("_rates"):
        rate = derived.value((stage, name, index)).get("bank", np.zeros(1))
        return Node(
            name,
            "题库年成本" if lang == "zh" else "yearly question bank",
            "",
            float(rate[0]),
            "元/年",
            "constant",
        )
    if name in own.leaves:
        return _cell(derived, (stage, name, index), lang)
    title, unit, formula = _about(derived, name, lang)
    value, where = (
        _plain(derived.value((stage, name, index))),
        _where(derived, (stage, name, index)),
    )
    own_data = _private(derived, (stage, name, index))
    if depth <= 0:
        return Node(
            name,
            title,
            where,
            _words_of(name, value),
            unit,
            "rule",
            formula,
            note="…",
            private=own_data,
        )
    if name in FUNDING:
        return Node(
            name,
            title,
            where,
            value,
            unit,
            "rule",
            formula,
            children=_funding_children(derived, stage, index, lang, depth),
            private=True,
        )
    if name == "award":
        return Node(
            name,
            title,
            where,
            value,
            unit,
            "rule",
            say(
                "按权重分配，各校不超过需要，分到分（最大余数法）",
                "by weight, up to the need, in whole fen (largest remainder)",
            ),
            children=pot_children(derived, stage, index, lang),
            private=True,
        )
    if name in SUMS:
        return Node(
            name,
            title,
            where,
            value,
            unit,
            "sum",
            formula,
            children=_parts(derived, (stage, name, index), lang, depth),
            private=own_data,
        )
    if name in RATES:
        return Node(
            name,
            title,
            where,
            value,
            unit,
            "rule",
            formula,
            children=tuple(
                item_node(
                    derived,
                    stage,
                    part,
                    lang,
                    tree(derived, part[3], lang, depth - 1) if depth > 1 else None,
                )
                for part in sorted(
                    derived.ledger_parts((stage, name, index)), key=lambda part: -abs(part[2])
                )
            ),
            private=True,
        )
    children = tuple(
        tree(derived, child, lang, depth - 1)
        for child in derived.inputs((stage, name, index))
        if child[1] not in ("driver_counts",)
    )
    return Node(
        name,
        title,
        where,
        _words_of(name, value),
        unit,
        "rule",
        formula,
        note=_limit_note(derived, (stage, name, index), lang),
        children=children,
        private=own_data,
    )


PRIVATE_AXES = ("offering", "component", "college")
SUMMED = ({*OFFERING_COLUMNS, *COLLEGE_COLUMNS} - {*NOT_SUMMED, "unaffordable_candidates"}) | {
    "margin",
    "supplier_shortfall",
}


def summed_over(name: str, one_college: bool) -> bool:
    """Is the quantity a sum of several rows of the place asked about: all its colleges, or one college's offerings?"""
    return name in SUMMED and (not one_college or AXIS.get(name) == "offering")


def place_tree(derived: Derivation, run: str, name: str, lang: str = "zh", depth: int = 4) -> Node:
    """A total over the study's place: parts by certificate, organisation or tier, and the derivation of the largest one."""
    result = derived.results[0 if run == "baseline" else 1]
    compiled, axis = (
        result.compiled,
        "college" if name in FUNDING else derived.axis((f"{run}.served", name, -1)),
    )
    scope = derived.study.scope(compiled)[axis]
    stored = (
        compiled.leaves[name]
        if name in compiled.leaves
        else (result.plan if axis == "supplier" else result.served)[name]
    )
    values = np.where(scope, np.broadcast_to(stored, scope.shape), 0.0)
    by = {
        "offering": "certificate",
        "supplier": "organisation",
        "college": "tier",
        "cell": "certificate",
    }[axis]
    keys = compiled.keys[axis]
    sums = pd.Series(values).groupby(keys[by].to_numpy(), sort=False).sum()
    sums = sums.loc[sums.abs().sort_values(ascending=False, kind="stable").index]
    title, unit, formula = (
        _about(derived, name, lang) if name not in CELLS else (_header(name, lang), "", "")
    )
    named = [
        (label, float(value), scope & (keys[by] == label).to_numpy())
        for label, value in sums.head(TOP).items()
    ]
    if len(sums) > TOP:
        named.append(
            ("", float(sums.iloc[TOP:].sum()), scope & ~keys[by].isin(sums.index[:TOP]).to_numpy())
        )
    hidden = _hidden([rows for _, _, rows in named], compiled, axis)
    rest = (
        ("其余", f"{len(sums) - TOP} 项")
        if lang == "zh"
        else ("the rest", f"{len(sums) - TOP} parts")
    )
    parts = [
        Node(name, f"{title}·{label}", "", value, unit, "sum", private=i in hidden)
        if label
        else Node("rest", rest[0], rest[1], value, unit, "rest", private=i in hidden)
        for i, (label, value, _) in enumerate(named)
    ]
    largest = tree(
        derived,
        (
            f"{run}.{'plan' if axis == 'supplier' else 'served'}",
            name,
            int(np.argmax(np.abs(values))),
        ),
        lang,
        depth,
    )
    note = "下面展开其中最大的一项" if lang == "zh" else "the largest single one is opened below"
    return Node(
        name,
        title + ("合计" if lang == "zh" else ", total"),
        f"{int(scope.sum())} 项" if lang == "zh" else f"{int(scope.sum())} rows",
        float(values.sum()),
        unit,
        "sum",
        formula,
        note=note,
        children=(*parts, largest),
    )


def uplift_tree(derived: Derivation, name: str, lang: str) -> Node:
    """A total over the colleges that may have an uplift and have a pay total; each method within its limit."""
    result = derived.results[1]
    eligible = (
        derived.study.scope(result.compiled)["college"]
        & result.served["uplift_eligible"]
        & ~np.isnan(result.compiled.leaves["pay_pool"])
    )
    limited = name.startswith("uplift_")
    values = np.where(
        eligible,
        np.minimum(result.served[name], result.served["uplift_limit_used"])
        if limited
        else result.served[name],
        0.0,
    )
    title, unit, formula = _about(derived, name, lang)
    largest = tree(derived, ("scenario.served", name, int(np.argmax(values))), lang, 4)
    note = (
        ("各校不超过核增上限；下面展开其中最大的一所" if limited else "下面展开其中最大的一所")
        if lang == "zh"
        else "each within its limit; the largest college is opened below"
    )
    return Node(
        name,
        title + ("合计" if lang == "zh" else ", total"),
        f"{int(eligible.sum())} 所" if lang == "zh" else f"{int(eligible.sum())} colleges",
        float(np.nansum(values)),
        unit,
        "sum",
        formula,
        note=note,
        children=(largest,),
    )


def _header(name: str, lang: str) -> str:
    from ..data.schema import load_schema

    table, column = CELLS[name]
    return load_schema()[table][column].header if lang == "zh" else column


def _hidden(parts: list[np.ndarray], compiled, axis: str) -> set[int]:
    """Which parts of a printed total stay hidden: those of fewer than five colleges, and more of them, the smallest first, until the hidden
    ones together are of five, so that none can be had by subtraction."""
    hidden = {i for i, rows in enumerate(parts) if _few(compiled, axis, rows)}
    others = sorted(set(range(len(parts))) - hidden, key=lambda i: (int(parts[i].sum()), i))
    while hidden and others and _few(compiled, axis, np.any([parts[i] for i in hidden], axis=0)):
        hidden.add(others.pop(0))
    return hidden


def _few(compiled, axis: str, rows: np.ndarray) -> bool:
    """Does a part rest on fewer than five colleges?"""
    if axis == "college":
        return int(rows.sum()) < 5
    at = compiled.space.maps["offering", axis].index if axis != "offering" else np.arange(len(rows))
    inside = rows[at] & (compiled.leaves["planned_candidates"] > 0)
    return len(np.unique(compiled.space.maps["offering", "college"].index[inside])) < 5


def _plain(value):
    flat = np.ravel(value)
    return float(flat[0]) if flat.size == 1 else tuple(float(x) for x in flat)


def _words_of(name, value):
    if name in ("binds", "modelled_binds") and isinstance(value, float) and value == value:
        return BINDS[int(value)]
    return value


def _about(derived, name: str, lang: str) -> tuple[str, str, str]:
    rule = derived.study.law.rules.get(name)
    if rule:
        if lang == "zh":
            return rule["zh"], rule["unit"], rule["formula"]
        return rule["en"], UNITS.get(rule["unit"], rule["unit"]), rule["formula_en"]
    pair = WORDS.get(name, (name, name))
    if lang != "zh":
        return (
            pair[1],
            "yuan a year",
            "needs less the most the sources can reach (max-flow = min-cut)"
            if name.startswith("funding_gap")
            else "",
        )
    return (
        pair[0 if lang == "zh" else 1],
        "元/年",
        "需求合计 − 各来源在用途适用范围内最多能覆盖的金额（最大流＝最小割）"
        if name.startswith("funding_gap")
        else "",
    )


def _where(derived, ref: Ref) -> str:
    stage, name, index = ref
    axis = derived.axis(ref)
    keys = derived.stages[stage].compiled.keys.get(
        "offering" if axis == "component" else axis or ""
    )
    if keys is None or index < 0:
        return ""
    run = (
        "基准 "
        if stage.startswith("baseline") and derived.study.composition.changes_anything
        else ""
    )
    names = [
        column
        for column in ("college", "certificate", "level", "organisation", "province")
        if column in keys
    ]
    if axis in ("offering", "component"):
        names = ["college", "certificate", "level"]
    if axis == "cell":
        names = ["province", "certificate", "level"]
    if axis == "college":
        names = ["college"]
    return run + " ".join(str(keys[column].iloc[index]) for column in names)


def _parts(derived, ref: Ref, lang: str, depth: int) -> tuple[Node, ...]:
    parts = derived.parts(ref)
    values = [derived.number(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-abs(values[i]), i))
    shown = [tree(derived, parts[i], lang, depth - 1) for i in order[:TOP]]
    if len(parts) > TOP:
        rest = sum(values[i] for i in order[TOP:])
        shown.append(
            Node(
                "rest",
                "其余" if lang == "zh" else "the rest",
                f"{len(parts) - TOP} 项" if lang == "zh" else f"{len(parts) - TOP} parts",
                rest,
                "",
                "rest",
            )
        )
    return tuple(shown)


TEXT_CELLS = (
    "special_applies",
    "is_private",
    "is_applied",
    "has_audited_price",
)  # a rule sees yes or no, a reader the cell's words


def _text(derived, table: str, column: str, rows: np.ndarray, lang: str) -> str:
    """The words of a cell; every code in Chinese for a Chinese reader."""
    if not len(rows):
        return "—"
    value = derived.study.tables[table][column].iloc[int(rows[0])]
    words = {code: word for word, code in BY_COLUMN.get(column, {}).items()} if lang == "zh" else {}
    return words.get(value, str(value)) if not pd.isna(value) and value != "" else "—"


def _cell(derived, ref: Ref, lang: str) -> Node:
    from ..data.schema import load_schema

    stage, name, index = ref
    table, column = CELLS.get(name, ("", name))
    value = _plain(derived.value(ref))
    if not table:
        words = "没有基准值（第一遍计算）" if lang == "zh" else "no baseline value yet (first pass)"
        return Node(name, words, _where(derived, ref), value, "", "constant")
    spec = load_schema()[table][column]
    changed = (
        [
            change
            for change in derived.study.composition.data_changes
            if change.target == f"{table}/{column}" and change.holds(mid_year(derived.study.year))
        ]
        if stage.startswith("scenario")
        else []
    )
    note = "；".join(
        f"情景 {change.scenario}：{change.operation} {change.operand}（{change.reason}）"
        for change in changed
    )
    rows = _rows_of(derived, ref, table)
    value = _text(derived, table, column, rows, lang) if name in TEXT_CELLS else value
    source = (
        "；".join(row_address(derived, table, int(row), column) for row in rows[:2])
        or f"{spec.sheet}（没有这一行）"
    )
    return Node(
        name,
        spec.header if lang == "zh" else column,
        _where(derived, ref),
        value,
        spec.unit.strip("-") if lang == "zh" else UNITS.get(spec.unit, ""),
        "cell",
        source=source,
        note=note,
        private=_private(derived, ref),
    )


def _rows_of(derived, ref: Ref, table: str) -> np.ndarray:
    stage, name, index = ref
    frame, axis = derived.study.tables[table], derived.axis(ref)
    keys = (
        derived.stages[stage].compiled.keys["offering" if axis == "component" else axis].iloc[index]
    )
    rows = np.arange(len(frame))
    for column in ("college", "certificate", "level", "organisation", "province"):
        if (
            column in frame
            and column in keys
            and not (
                table in ("components", "ingredients")
                and column in ("college", "province", "level")
            )
        ):
            cells = (
                frame[column] if len(rows) == len(frame) else frame[column].iloc[rows]
            )  # few are left after the first
            rows = rows[(cells == keys[column]).to_numpy()]
    same = np.zeros(len(frame), bool)
    same[rows] = True
    if table in ("components", "ingredients") and "level" in keys:
        same &= frame["level"].isin((keys["level"], "all")).to_numpy()
        for column in ("province", "college"):
            same &= frame[column].isin(("", keys.get(column, ""))).to_numpy()
        if table == "components" and same.any():
            rank = (frame["college"] != "") * 2 + (
                (frame["province"] != "") & (frame["college"] == "")
            ) * 1
            best = rank[same].groupby(frame.loc[same, "component"]).transform("max")
            same[np.flatnonzero(same)[(rank[same] != best).to_numpy()]] = False
    if "year" in frame:
        same &= (frame["year"] == derived.study.year).to_numpy()
    return np.flatnonzero(same)


def _dotted(derived, name: str) -> str:
    """The parameter behind a leaf; "" where the leaf is none."""
    return next(
        (dotted for dotted in derived.study.law.parameters if dotted.replace(".", "_") == name), ""
    )


def _parameter(
    derived,
    stage: str,
    name: str,
    lang: str,
    value=None,
    level: str = "all",
    at: tuple[str, int] | None = None,
) -> Node:
    """A parameter as it was taken; `at`: axis and row, where it may be set apart there."""
    law = (
        derived.study.composition.baseline_law
        if stage.startswith("baseline")
        else derived.study.composition.law
    )
    parameter, day = law.parameters[name], mid_year(derived.study.year)
    view = derived.views[0 if stage.startswith("baseline") else 1]
    local = origin_at(derived.stages[stage].compiled, parameter, day, *at, level) if at else None
    origin = local or law.origin(name, day, level) or law.origin(name, day)
    value = view[name] if value is None else value
    document = law.sources.get(origin.source, {}) if origin else {}
    source = "，".join(
        part
        for part in (
            document.get("title") or (origin.source if origin else "") or parameter.reason,
            document.get("number"),
            parameter.clause,
            f"自 {origin.start}" if origin and origin.start.year > 1900 else "",
        )
        if part
    )
    note = (
        f"{'情景' if lang == 'zh' else 'scenario'} {origin.changed_by}：{origin.note}"
        if origin and origin.changed_by
        else ""
    )
    if local is None and view[name] != law.at(day)[name] and not isinstance(view[name], dict):
        note = "本次运行所设" if lang == "zh" else "set for this run"
    if parameter.kind == "reading":
        words = "读法（可选" if lang == "zh" else "a reading ("
        note = "；".join(
            part
            for part in (note, f"{words} {' / '.join(parameter.options) or _range(parameter)}）")
            if part
        )
    unit = parameter.unit.strip("–")
    where = " ".join(word for _, words in origin.where for word in words) if origin else ""
    return Node(
        name,
        parameter.zh if lang == "zh" else parameter.en,
        where,
        value,
        unit if lang == "zh" else UNITS.get(unit, unit),
        "parameter",
        source=f"{source}［{parameter.status}］",
        note=note,
        private="college" in dict(origin.where if origin else ()),
    )


def _range(parameter) -> str:
    low, high = parameter.low, parameter.high
    return (
        f"{low:g}—{high:g}"
        if low is not None and high is not None
        else f"不小于 {parameter.minimum:g}"
        if parameter.minimum is not None
        else "任意"
    )


def _caps(derived, stage: str, index: int, lang: str) -> Node:
    leaves = derived.stages[stage].leaves
    forms, level = leaves["component_form"][:, index], leaves["cell_level"][index]
    children = tuple(
        _parameter(
            derived,
            stage,
            f"fees.cap.{FORMS[form]}",
            lang,
            float(leaves["component_cap"][i, index]),
            level,
            ("cell", index),
        )
        for i, form in enumerate(forms)
        if form >= 0
    )
    return Node(
        "component_cap",
        "各环节上限" if lang == "zh" else "caps of the components",
        "",
        tuple(child.value for child in children),
        "元/人次",
        "rule",
        children=children,
    )


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
        titles = {other: _about(derived, other, lang)[0] for other in limits}
        gap = ordered[1][0] - ordered[0][0]
        far = f"{gap:.2f} 元" if np.isfinite(gap) else "∞"
        return (
            f"起作用：{titles[ordered[0][1]]}，次低为{titles[ordered[1][1]]}，高 {far}"
            if lang == "zh"
            else f"binding: {titles[ordered[0][1]]}; next {titles[ordered[1][1]]}, {far} higher"
        )
    if name == "uplift":
        chosen = derived.views[0 if stage.startswith("baseline") else 1]["pay.uplift_method"]
        limit, amount = (
            derived.number((stage, other, index))
            for other in ("uplift_limit_used", f"uplift_{chosen}")
        )
        return (
            (
                f"上限起作用，少 {amount - limit:.2f} 元"
                if amount > limit
                else f"上限未起作用，余 {limit - amount:.2f} 元"
            )
            if lang == "zh"
            else (
                f"limited by {amount - limit:.2f}"
                if amount > limit
                else f"limit not reached, {limit - amount:.2f} left"
            )
        )
    return ""


def _funding_children(derived, stage: str, index: int, lang: str, depth: int) -> tuple[Node, ...]:
    needs = tuple(tree(derived, (stage, f"need_{use}", index), lang, depth - 1) for use in USES)
    college = derived.stages[stage].compiled.keys["college"]["college"].iloc[index]
    funding, limits = derived.study.tables["funding"], derived.limits(stage, index)
    sources = []
    for i, source in enumerate(SOURCES):
        rows = np.flatnonzero(
            (
                (funding["owner"] == college)
                & (funding["source_of_funds"] == source)
                & (funding["year"] == derived.study.year)
            ).to_numpy()
        )
        if limits[i, 0] > 0 or len(rows):
            address = "；".join(row_address(derived, "funding", int(row), "limit") for row in rows)
            own = float(funding["limit"].iloc[rows].sum()) if len(rows) else 0.0
            note = (
                f"自有 {own:.2f}，另加省级分配或扣减 {limits[i, 0] - own:.2f}"
                if abs(limits[i, 0] - own) > 0.005
                else ""
            )
            sources.append(
                Node(
                    f"limit_{source}",
                    {"zh": "可用额度·", "en": "limit "}[lang] + source,
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


def explained(
    study: Study,
    name: str,
    key: dict[str, str],
    mode: str = "",
    baseline: bool = False,
    lang: str = "zh",
    depth: int = 4,
) -> Node:
    """The tree of a quantity as somebody asks for it: one row by its key, or the sum over the study's place where only that is given.
    key: any of college, certificate, level, organisation, province. Raises ParameterError naming the nearest, or what is missing."""
    run = "baseline" if baseline or not study.composition.changes_anything else "scenario"
    if summed_over(name, bool(key.get("college"))) and not any(
        key.get(column) for column in ("certificate", "level", "organisation")
    ):
        return place_tree(derivation(study, mode, stored=True), run, name, lang, depth)
    derived = derivation(study, mode)
    return tree(derived, find(derived, run, name, key), lang, depth)
