"""The leaves of a tree that are parameters, as they were taken: value, dated source, reading, who changed them."""

from __future__ import annotations

from ...engine.compile import mid_year
from ...engine.places.local import origin_at
from ...law.parameters import FORMS
from ...law.units import in_english
from .node import Node


def parameter_node(
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
        unit if lang == "zh" else in_english(unit),
        "parameter",
        source=f"{source}［{parameter.status}］",
        note=note,
        private="college" in dict(origin.where if origin else ()),
    )


def parameter_of(derived, name: str) -> str:
    """The parameter behind a leaf; "" where the leaf is none."""
    return next(
        (dotted for dotted in derived.study.law.parameters if dotted.replace(".", "_") == name), ""
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


def caps_node(derived, stage: str, index: int, lang: str) -> Node:
    leaves = derived.stages[stage].leaves
    forms, level = leaves["component_form"][:, index], leaves["cell_level"][index]
    children = tuple(
        parameter_node(
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
