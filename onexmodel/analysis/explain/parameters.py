"""The leaves of a tree that are parameters, as they were taken: value, dated source, reading, who changed them."""

from __future__ import annotations

from ...engine.compile import mid_year
from ...engine.places.local import origin_at
from ...languages import said
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
    composition, run = derived.study.composition, 0 if stage.startswith("baseline") else 1
    law, view = (composition.baseline_law, composition.law)[run], derived.views[run]
    parameter, day = law.parameters[name], mid_year(derived.study.year)
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
        f"{said(lang, '情景', 'scenario')} {origin.changed_by}：{origin.note}"
        if origin and origin.changed_by
        else ""
    )
    if local is None and view[name] != law.at(day)[name] and not isinstance(view[name], dict):
        note = said(lang, "本次运行所设", "set for this run")
    if parameter.kind == "reading":
        options = " / ".join(parameter.options) or _range(parameter)
        reading = f"{said(lang, '读法（可选', 'a reading (')} {options}）"
        note = f"{note}；{reading}" if note else reading
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
    if low is not None and high is not None:
        return f"{low:g}—{high:g}"
    return "任意" if parameter.minimum is None else f"不小于 {parameter.minimum:g}"


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
        said(lang, "各环节上限", "caps of the components"),
        "",
        tuple(child.value for child in children),
        "元/人次",
        "rule",
        children=children,
    )
