"""What quantities, rows and values of a derivation are called: name, unit and formula; college, certificate, level."""

from __future__ import annotations

import numpy as np

from ...languages import said
from ...law.units import in_english
from ...rules.fee import BINDS
from ...rules.funding import USES
from .derive import Ref

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
NAMES = {
    **dict.fromkeys(("offering", "component"), ("college", "certificate", "level")),
    "cell": ("province", "certificate", "level"),
    "college": ("college",),
}  # axis → what its rows are named by; of others by all they know
PRIVATE_AXES = ("offering", "component", "college")


def about(derived, name: str, lang: str) -> tuple[str, str, str]:
    rule = derived.study.law.rules.get(name)
    if rule:
        if lang == "zh":
            return rule["zh"], rule["unit"], rule["formula"]
        return rule["en"], in_english(rule["unit"]), rule["formula_en"]
    formula = said(
        lang,
        "需求合计 − 各来源在用途适用范围内最多能覆盖的金额（最大流＝最小割）",
        "needs less the most the sources can reach (max-flow = min-cut)",
    )
    return (
        said(lang, *WORDS.get(name, (name, name))),
        said(lang, "元/年", "CNY a year"),
        formula if name.startswith("funding_gap") else "",
    )


def row_words(derived, ref: Ref) -> str:
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
    names = NAMES.get(axis) or [
        column
        for column in ("college", "certificate", "level", "organisation", "province")
        if column in keys
    ]
    return run + " ".join(str(keys[column].iloc[index]) for column in names)


def plain(value):
    flat = np.ravel(value)
    return float(flat[0]) if flat.size == 1 else tuple(float(x) for x in flat)


def value_words(name, value):
    if name in ("binds", "modelled_binds") and isinstance(value, float) and value == value:
        return BINDS[int(value)]
    return value


def is_private(derived, ref: Ref) -> bool:
    return derived.axis(ref) in PRIVATE_AXES
