"""The tables that a short form stands for, one function a table: what was filled in, and marked defaults for what was not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..codes import COMPONENT, FORM, OWNERSHIP
from ..reading.raw import Raw
from ..synthetic import registers
from .defaults import WAGES, Taken, documents, published_provinces
from .filled import BY_STANDARD, CODED, Filled, Made, Source

SHAPED = tuple(FORM.values())
WRITTEN = ("paper", "computer")  # forms of the theory; the others are practical
SESSION = (
    "session_capacity",
    "candidates_per_assessor",
    "hours_per_session",
    "college_staff_per_session",
)  # in the order of the default
PART_WORD = {code: word for word, code in COMPONENT.items()}
FORM_WORD = {code: word for word, code in FORM.items()}
OWNER_WORD = {code: word for word, code in OWNERSHIP.items()}


def tables_of(filled: Filled, given: tuple[str, ...]) -> dict[str, Raw]:
    """Every table that the form stands for. `given`: tables that stand on a sheet of their own."""
    made = {
        "provinces": _provinces(filled),
        "colleges": _colleges(filled),
        "organisations": _certificates(filled, "organisations"),
        "certificates": _certificates(filled, "certificates"),
        "components": _components(filled),
        "offerings": _offerings(filled),
        "fees": _fees(filled),
    }
    if filled.cell("pay_pool"):
        made["pay_pools"] = _pay_pools(filled)
    if "eligibility" not in given:
        made["eligibility"] = _eligibility(filled, "funding" in given)
    if "sources" not in given:
        made["sources"] = _sources(filled)
    return made


def _provinces(filled: Filled) -> Raw:
    known = published_provinces()
    here = known[known["province"] == filled.province]
    names = {name: "" if here.empty else str(here[name].iloc[0]) for name in ("name_zh", "name_en")}
    wage = "" if here.empty else f"{here['wage_index'].iloc[0]:g}"
    price = f"{filled.defaults['price_index'].value():g}"
    made: dict[str, tuple[str, Source]] = {
        "province": (filled.province, ""),
        "name_zh": (names["name_zh"], ""),
        "name_en": (names["name_en"], BY_STANDARD),
        "price_index": (price, filled.take("price_index", price)),
        "wage_index": (wage, WAGES),
    }
    own = {"province": "province", "name_zh": "province"}
    return filled.of_college("provinces", own, made, True)


def _colleges(filled: Filled) -> Raw:
    counts = {name: _count(filled, name) for name in ("students", "teachers")}
    norm = f"{filled.defaults['norm_hours'].value():g}"
    teachers = filled.one["teachers"]
    teachers = float(counts["teachers"][0]) if pd.isna(teachers) else teachers
    owner = OWNER_WORD[filled.defaults["ownership"].value()]
    said = filled.take("norm_hours", norm)
    made: dict[str, tuple[str, Source]] = {
        "college": (filled.code, ""),
        "province": (filled.province, ""),
        "ownership": (owner, filled.take("ownership", owner)),
        **counts,
        "norm_hours": (norm, said),
        "baseline_hours": (f"{teachers * float(norm):g}", replace(said, more="乘专任教师数")),
    }
    own = {name: name for name in ("name", "province", "tier", "students", "teachers")}
    own["college"] = "name"
    return filled.of_college("colleges", own, made, True)


def _count(filled: Filled, name: str) -> tuple[str, Source]:
    """(words, where from) of a number of the college: its own, or the mean of its tier."""
    if filled.cell(name) and not pd.isna(filled.one[name]):
        return filled.cell(name), ""
    value = f"{filled.defaults[name].value(str(filled.one['tier'])):g}"
    return value, filled.take(name, value)


def _certificates(filled: Filled, table: str) -> Raw:
    """Certificates with an organisation each, whom the form does not ask for; or these organisations."""
    serial = [f"{at:02d}" for at in range(1, len(filled.names) + 1)]
    coded = [CODED] * len(serial)
    made = {"organisation": ([f"O{one}" for one in serial], coded)}
    if table == "organisations":
        return filled.of_plans(table, filled.first, {}, made)
    made["certificate"] = ([f"C{one}" for one in serial], [""] * len(serial))
    own = {"certificate": "name", "name": "name"}
    return filled.of_plans(table, filled.first, own, made)


def _every(filled: Filled) -> np.ndarray:
    return np.arange(len(filled.kept))


def _offerings(filled: Filled) -> Raw:
    count, sized = len(filled.kept), filled.cell("class_size")
    made: dict[str, tuple[Sequence[str], Sequence[Source]]] = {
        "college": ([filled.code] * count, [""] * count),
        "certificate": (list(filled.certificate), [""] * count),
    }
    if not sized:
        size = f"{filled.defaults['class_size'].value():g}"
        made["class_size"] = ([size] * count, [filled.take("class_size", size)] * count)
    own = {name: name for name in ("level", "candidates", "pass_rate", "course_hours")}
    own["certificate"] = "name"
    shared = {"college": "name", "year": "year"} | ({"class_size": "class_size"} if sized else {})
    return filled.of_plans("offerings", _every(filled), own, made, shared, estimated=not sized)


def _fees(filled: Filled) -> Raw:
    count = len(filled.kept)
    said = [filled.take("fee_day", words=f"已公布、{filled.year}年1月1日起执行")] * count
    made: dict[str, tuple[Sequence[str], Sequence[Source]]] = {
        "province": ([filled.province] * count, [""] * count),
        "certificate": (list(filled.certificate), [""] * count),
        "stage": (["公布"] * count, said),
        "special_case": (["否"] * count, ["简表不问特殊情况"] * count),
        "valid_from": ([f"{filled.year}-01-01"] * count, said),
    }
    own = {"certificate": "name", "level": "level", "published_fee": "published_fee"}
    return filled.of_plans("fees", _every(filled), own, made, {"province": "province"})


def _parts(filled: Filled, form: str) -> list[tuple[str, str, float]]:
    """(component, form, weight): one component of the form given, else theory and practical as the default says."""
    both = filled.defaults["component"].given
    if not form:
        return [(part, both[part]["form"], both[part]["weight"]) for part in COMPONENT.values()]
    return [("theory" if form in WRITTEN else "practical", form, 1.0)] if form in SHAPED else []


def _components(filled: Filled) -> Raw:
    given = [str(form) for form in filled.rows["form"]]
    parts = [(at, *part) for at, form in enumerate(given) for part in _parts(filled, form)]
    shapes, rows = filled.defaults["session"].given, np.array([part[0] for part in parts], int)
    assumed: Source = ""
    if "" in given:
        both = _parts(filled, "")
        mix = "、".join(f"{PART_WORD[part]}{FORM_WORD[form]}占 {w:g}" for part, form, w in both)
        assumed = filled.take("component", words=f"{mix} ")
    used = [one for one in SHAPED if any(form == one for _, _, form, _ in parts)]
    session = filled.take(
        "session",
        words="；".join(
            f"{FORM_WORD[one]}每场{shapes[one][0]}人、{shapes[one][2]}课时、工作人员{shapes[one][3]}人"
            for one in used
        ),
    )
    said: list[Source] = ["" if given[at] else assumed for at in rows]
    made: dict[str, tuple[Sequence[str], Sequence[Source]]] = {
        "certificate": (list(filled.certificate[rows]), [""] * len(rows)),
        "component": ([PART_WORD[part] for _, part, _, _ in parts], said),
        "form": ([FORM_WORD[form] for _, _, form, _ in parts], said),
        "weight": ([f"{weight:g}" for *_, weight in parts], said),
    }
    for i, name in enumerate(SESSION):
        made[name] = ([str(shapes[part[2]][i]) for part in parts], [session] * len(parts))
    own = {"certificate": "name", "level": "level", "form": "form"}
    return filled.of_plans("components", rows, own, made, estimated=True)


def _eligibility(filled: Filled, used: bool) -> Raw:
    """Which source may pay which use, as the simulated set assumes it: it takes effect once funding is filled in."""
    rows = registers.eligibility().assign(source=next(iter(documents())))
    words = "与模拟数据所设相同"
    said = filled.take("eligibility", words=words) if used else Taken("eligibility", words=words)
    made: Made = {name: (rows[name].tolist(), [said] * len(rows)) for name in rows.columns}
    return filled.of_none("eligibility", made)


def _pay_pools(filled: Filled) -> Raw:
    own = {"college": "name", "year": "year", "pay_pool": "pay_pool"}
    return filled.of_college("pay_pools", own, {"college": (filled.code, "")}, False)


def _sources(filled: Filled) -> Raw:
    name, document = next(iter(documents().items()))
    made = {column: ([word], ["简表的缺省值"]) for column, word in document.items()}
    return filled.of_none("sources", {"source": ([name], ["简表的缺省值"]), **made})
