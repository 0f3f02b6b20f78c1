"""Totals over a place as trees: parts by certificate, organisation or tier, and the derivation of the largest one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.result import COLLEGE_COLUMNS, NOT_SUMMED, OFFERING_COLUMNS
from ...engine.wire import AXIS
from ...languages import said
from ..measures import can_be_computed
from ..study import Study
from .cells import CELLS, header_of
from .derive import FUNDING, Derivation, derivation
from .node import Node
from .tree import TOP, find, tree
from .words import about

SUMMED = ({*OFFERING_COLUMNS, *COLLEGE_COLUMNS} - {*NOT_SUMMED, "unaffordable_candidates"}) | {
    "margin",
    "supplier_shortfall",
}


def place_tree(derived: Derivation, run: str, name: str, lang: str = "zh", depth: int = 4) -> Node:
    """A total over the study's place: parts by certificate, organisation or tier, and the derivation of the largest one."""
    result = derived.results[0 if run == "baseline" else 1]
    compiled, axis = (
        result.compiled,
        "college" if name in FUNDING else derived.row_axis((f"{run}.served", name, -1)),
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
        about(derived, name, lang) if name not in CELLS else (header_of(name, lang), "", "")
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
        said(lang, "其余", "the rest"),
        said(lang, f"{len(sums) - TOP} 项", f"{len(sums) - TOP} parts"),
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
    rows = int(scope.sum())
    largest_one = said(lang, "下面展开其中最大的一项", "the largest single one is opened below")
    return Node(
        name,
        title + ("合计" if lang == "zh" else ", total"),
        # held together: words of a place are apart, and 32 is no province here
        f"{rows}\u00a0" + said(lang, "项", "row" if rows == 1 else "rows"),
        float(values.sum()),
        unit,
        "sum",
        formula,
        note=largest_one if rows > 1 else "",
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
    title, unit, formula = about(derived, name, lang)
    largest = tree(derived, ("scenario.served", name, int(np.argmax(values))), lang, 4)
    colleges = int(eligible.sum())
    notes = []
    if limited:
        each = ("各校", "each ") if colleges > 1 else ("", "")
        notes.append(said(lang, f"{each[0]}不超过核增上限", f"{each[1]}within its limit"))
    if colleges > 1:
        notes.append(said(lang, "下面展开其中最大的一所", "the largest college is opened below"))
    return Node(
        name,
        title + ("合计" if lang == "zh" else ", total"),
        f"{colleges} " + said(lang, "所", "college" if colleges == 1 else "colleges"),
        float(np.nansum(values)),
        unit,
        "sum",
        formula,
        note=said(lang, "；", "; ").join(notes),
        children=(largest,),
    )


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
    can_be_computed(study, name, key.get("college", ""))
    run = "baseline" if baseline or not study.composition.changes_anything else "scenario"
    several = name in SUMMED and (not key.get("college") or AXIS.get(name) == "offering")
    if several and not any(key.get(column) for column in ("certificate", "level", "organisation")):
        return place_tree(derivation(study, mode, stored=True), run, name, lang, depth)
    derived = derivation(study, mode)
    return tree(derived, find(derived, run, name, key), lang, depth)
