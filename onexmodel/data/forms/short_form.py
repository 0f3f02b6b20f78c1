"""The short form (简表): one college and a row a certificate on one sheet → the raw tables of a whole data set. What was filled in keeps
its cell; what was not asked is a marked default or is left out, each said once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ...errors import Fault, nearest
from ..codes import COMPONENT, FORM, LEVEL, OWNERSHIP
from ..places import SUFFIXES
from ..reading.raw import Raw
from ..schema import load_schema
from ..synthetic import registers
from ..tables import Tables
from .defaults import defaults, documents, left_out, published_provinces

COLLEGE, PLANS = "short_college", "short_plans"
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
BESIDE = ("sources", "caps", "eligibility")  # tables that a sheet of the workbook itself may hold instead
SERIAL = "0001"  # the one college of a short form, after its province


def expanded(
    raws: Mapping[str, Raw], frames: Mapping[str, pd.DataFrame], faults: list[Fault]
) -> dict[str, Raw]:
    """The tables that a short form stands for, from its two tables raw and typed. Faults: no row, a second college, an unknown province, a
    certificate and level twice; a note for each default taken and each table left out. {} where there is nothing to make tables from."""
    if any(part not in raws or not len(raws[part].origin.rows) for part in (COLLEGE, PLANS)):
        faults += [
            Fault(
                f"{raws[part].origin.sheet_name}「{what}」",
                "没有一行数据",
                do="填在示例行下面；示例行不算",
                code="no_rows",
            )
            for part, what in ((COLLEGE, "院校名称"), (PLANS, "证书名称"))
            if part in raws and not len(raws[part].origin.rows)
        ]
        return {}
    college, plans = raws[COLLEGE], raws[PLANS]
    faults += [
        college.origin.fault(
            row,
            "name",
            "简表只填一所院校，这是另一所",
            "一所一份；多所院校用 onexmodel template province.xlsx",
            code="second_college",
        )
        for row in range(1, len(college.origin.rows))
    ]
    kept = _once(plans, frames[PLANS], faults)
    made = _Form(college, plans, frames[COLLEGE].iloc[0], frames[PLANS].iloc[kept], kept, faults)
    return made.tables()


def notes(made: Mapping[str, Raw], given: Sequence[str]) -> list[Fault]:
    """A note for each table that is neither `made` nor `given` on a sheet of its own: what filling it in would add."""
    where = next(iter(made.values())).origin.sheet_name
    code = made["colleges"].words["college"][0]
    return [
        Fault(
            where,
            f"没有填报{one['zh']}",
            do=f"{one['adds']['zh']}（在本工作簿里加一张表「{one['zh']}」，学校标识码填 {code}）",
            level="note",
            code=f"left_out_{table}",
        )
        for table, one in left_out().items()
        if table not in given and table not in made
    ]


def from_short_form(tables: Tables) -> bool:
    """Whether tables were made from a short form."""
    return any(origin.made for origin in tables.origins.values())


def _once(plans: Raw, frame: pd.DataFrame, faults: list[Fault]) -> np.ndarray:
    """The rows that do not repeat a certificate and level; and only levels that an offering has."""
    level = frame["level"].to_numpy(object)
    for row in np.flatnonzero(level == LEVEL["不分等级"]):
        faults.append(
            plans.origin.fault(
                int(row), "level", "等级应为 初级、中级或高级", "改成其中一个", code="level"
            )
        )
    named = pd.DataFrame({"name": [word.strip() for word in plans.words["name"]], "level": level})
    again = named.duplicated().to_numpy() & (named != "").all(axis=1).to_numpy()
    for row in np.flatnonzero(again):
        faults.append(
            plans.origin.fault(
                int(row),
                "name",
                "与前面的行重复（证书名称、等级）",
                "同一证书、等级合成一行",
                code="duplicate",
            )
        )
    return np.flatnonzero(~again)


def province_of(word: str) -> tuple[str, str]:
    """(code, nearest name): the code of a province by any of its names, or "" and the name most like the word."""
    known = published_provinces()
    codes = {}
    for code, zh, en in zip(known["province"], known["name_zh"], known["name_en"], strict=True):
        codes |= {code: code, en: code, **{zh + suffix: code for suffix in SUFFIXES}}
    return codes.get(word.strip(), ""), nearest(word, known["name_zh"])


class _Form:
    """One filled short form while its tables are made."""

    def __init__(self, college: Raw, plans: Raw, one: pd.Series, rows: pd.DataFrame, kept, faults):
        self.college, self.plans, self.one, self.rows = college, plans, one, rows
        self.kept, self.faults, self.taken = kept, faults, defaults()
        word = str(college.words["province"][0]) if "province" in college.words else ""
        self.province, near = province_of(word)
        if word and not self.province:
            faults.append(
                college.origin.fault(
                    0,
                    "province",
                    f"「{word}」不是省份名称",
                    "填省份名称，如 浙江",
                    near,
                    code="unknown_province",
                )
            )
        self.tier = str(one["tier"])
        self.year = "" if pd.isna(one["year"]) else f"{one['year']:.0f}"
        names = [str(name).strip() for name in self._plan("name")]
        order = list(dict.fromkeys(names))
        self.certificate = np.array([f"C{order.index(name) + 1:02d}" for name in names], object)
        self.first = np.array([names.index(name) for name in order], int)
        self.code = f"{self.province}{SERIAL}"

    def tables(self) -> dict[str, Raw]:
        """Every table that the form stands for."""
        made = {
            "provinces": self._provinces(),
            "colleges": self._colleges(),
            "organisations": self._by_certificate(
                {"organisation": self._serials("O")}, {}, "评价组织编号由简表编出"
            ),
            "certificates": self._by_certificate(
                {"certificate": self._serials("C"), "organisation": self._serials("O")},
                {"name": "name"},
                "编号由简表编出",
            ),
            "components": self._components(),
            "offerings": self._offerings(),
            "fees": self._fees(),
            "eligibility": self._eligibility(),
            "sources": self._sources(),
        }
        caps = self._caps()
        made |= {"caps": caps} if caps else {}
        return made | ({"pay_pools": self._pay_pools()} if self._one("pay_pool") else {})

    def _plan(self, column: str) -> np.ndarray:
        words = self.plans.words.get(column)
        return (
            words[self.kept] if words is not None else np.full(len(self.kept), "", object)
        )

    def _one(self, column: str) -> str:
        words = self.college.words.get(column)
        return str(words[0]).strip() if words is not None else ""

    def _take(self, name: str, value: object = "", words: str = "") -> str:
        """What the address of a default says; a note that it was taken, once."""
        default = self.taken[name]
        words = words or default.amount(value)
        fault = Fault(
            self.plans.origin.sheet_name,
            f"没有填{default.given['zh']}，按{words}计（{default.given['source']['zh']}）",
            do=default.given["adds"]["zh"],
            level="note",
            code=f"default_{name}",
        )
        if fault not in self.faults:
            self.faults.append(fault)
        return default.said(words)

    def _raw(
        self,
        table: str,
        base: Raw,
        rows: np.ndarray,
        own: Mapping[str, str],
        made: Mapping[str, tuple[Sequence[str], Sequence[str]]],
        shared: Mapping[str, str] | None = None,
        estimated: bool | np.ndarray = False,
    ) -> Raw:
        """A table with a record for each of `rows` of `base`. `own`: column → column of base; `shared`: column → column of the college's
        row; `made`: column → (words, where they come from; "" leaves the cell its address)."""
        college, headers = self.college.origin, {
            name: column.header for name, column in load_schema()[table].items()
        }
        shared = {
            name: of
            for name, of in (shared or {}).items()
            if of in college.columns and len(college.rows)
        }
        columns = {name: base.origin.columns[of] for name, of in own.items() if of in base.words}
        columns |= {name: college.columns[of] for name, of in shared.items()}
        headers |= {name: base.origin.headers[of] for name, of in own.items() if of in base.words}
        words = {name: base.words[of][rows] for name, of in own.items() if of in base.words}
        words |= {
            name: np.full(len(rows), self.college.words[of][0], object)
            for name, of in shared.items()
        }
        words |= {name: np.array(list(given), object) for name, (given, _) in made.items()}
        origin = replace(
            base.origin,
            rows=base.origin.rows[rows],
            columns=columns,
            headers=headers,
            shared={name: int(college.rows[0]) for name in shared},
            made={name: tuple(said) for name, (_, said) in made.items()},
        )
        marks = np.where(estimated, "estimated", "observed").astype(object)
        marks = np.broadcast_to(marks, len(rows)).copy()
        own_marks = base.marks[rows]
        return Raw(origin, words, np.where(own_marks == "observed", marks, own_marks))

    def _of_college(self, table, own, made, estimated) -> Raw:
        return self._raw(
            table, self.college, np.array([0]), own, _listed(made, 1), estimated=estimated
        )

    def _provinces(self) -> Raw:
        known = published_provinces()
        here = known[known["province"] == self.province]
        price = f"{self.taken['price_index'].value():g}"
        en, wage = (
            (str(here["name_en"].iloc[0]), f"{here['wage_index'].iloc[0]:g}")
            if len(here)
            else ("", "")
        )
        wage_said = "2021年城镇非私营单位平均工资与全国之比，国家统计局公布，中国统计年鉴2022"
        name = str(here["name_zh"].iloc[0]) if len(here) else ""
        made = {
            "province": (self.province, "代码取自 GB/T 2260"),
            "name_zh": (name, ""),
            "name_en": (en, "英文名称取自 GB/T 2260"),
            "price_index": (price, self._take("price_index", price)),
            "wage_index": (wage, wage_said),
        }
        return self._of_college("provinces", {"name_zh": "province"}, made, True)

    def _colleges(self) -> Raw:
        counts = {name: self._count(name) for name in ("students", "teachers")}
        norm = f"{self.taken['norm_hours'].value():g}"
        teachers = pd.to_numeric(counts["teachers"][0].rstrip("人名"), errors="coerce")
        if not pd.isna(self.one["teachers"]):
            teachers = self.one["teachers"]
        hours = "" if pd.isna(teachers) else f"{teachers * float(norm):g}"
        said = self._take("norm_hours", norm)
        owner = {code: word for word, code in OWNERSHIP.items()}[self.taken["ownership"].value()]
        made = {
            "college": (self.code, "编号由省份代码和序号编出"),
            "province": (self.province, "代码取自 GB/T 2260"),
            "ownership": (owner, self._take("ownership", owner)),
            **counts,
            "norm_hours": (norm, said),
            "baseline_hours": (hours, f"{said}，乘专任教师数"),
        }
        own = {"name": "name", "tier": "tier", "students": "students", "teachers": "teachers"}
        return self._of_college("colleges", own, made, True)

    def _count(self, name: str) -> tuple[str, str]:
        """(words, where from) of a number of the college: its own, or the mean of its tier."""
        if self._one(name):
            return self._one(name), ""
        value = f"{self.taken[name].value(self.tier):g}"
        return value, self._take(name, value)

    def _serials(self, letter: str) -> list[str]:
        return [f"{letter}{at + 1:02d}" for at in range(len(self.first))]

    def _by_certificate(self, codes: Mapping[str, list[str]], own: Mapping[str, str], said) -> Raw:
        made = {name: (words, [said] * len(words)) for name, words in codes.items()}
        table = "certificates" if "certificate" in codes else "organisations"
        return self._raw(table, self.plans, self.kept[self.first], own, made)

    def _keys(self) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
        """The codes of college and certificate, one a plan."""
        count = len(self.kept)
        return {
            "college": ([self.code] * count, ["编号由省份代码和序号编出"] * count),
            "certificate": (self.certificate, ["编号由简表编出"] * count),
        }

    def _offerings(self) -> Raw:
        count, size = len(self.kept), self._one("class_size")
        made, shared = self._keys(), {"year": "year"}
        if size:
            shared["class_size"] = "class_size"
        else:
            words = f"{self.taken['class_size'].value():g}"
            made["class_size"] = ([words] * count, [self._take("class_size", words)] * count)
        own = {name: name for name in ("level", "candidates", "pass_rate", "course_hours")}
        return self._raw(
            "offerings", self.plans, self.kept, own, made, shared, estimated=not size
        )

    def _fees(self) -> Raw:
        count, day = len(self.kept), f"{self.year}-01-01"
        said = self._take("fee_day", words=f"已公布、{self.year}年1月1日起执行")
        keys = self._keys()
        made = {
            "province": ([self.province] * count, ["代码取自 GB/T 2260"] * count),
            "certificate": keys["certificate"],
            "stage": (["公布"] * count, [said] * count),
            "special_case": (["否"] * count, ["简表不问特殊情况"] * count),
            "valid_from": ([day] * count, [said] * count),
        }
        own = {"level": "level", "published_fee": "published_fee"}
        return self._raw("fees", self.plans, self.kept, own, made)

    def _parts(self, form: str) -> list[tuple[str, str, float]]:
        """(component, form, weight): one component of the form given, else theory and practical as the default says."""
        both = self.taken["component"].given
        if not form:
            return [(part, both[part]["form"], both[part]["weight"]) for part in COMPONENT.values()]
        return [("theory" if form in WRITTEN else "practical", form, 1.0)] if form in SHAPED else []

    def _components(self) -> Raw:
        given = [str(form) for form in self.rows["form"]]
        parts = [(row, *part) for row, form in enumerate(given) for part in self._parts(form)]
        shapes, rows = self.taken["session"].given, np.array([part[0] for part in parts], int)
        assumed = (
            self._take("component", words="理论机考占 0.4、一般实操占 0.6 ") if "" in given else ""
        )
        used = [form for form in SHAPED if form in {form for _, _, form, _ in parts}]
        session = self._take(
            "session",
            words="；".join(
                f"{FORM_WORD[form]}每场{shapes[form][0]}人、{shapes[form][2]}课时、工作人员{shapes[form][3]}人"
                for form in used
            ),
        )
        own_form = ["" if given[row] else assumed for row in rows]
        made: dict[str, tuple[Sequence[str], Sequence[str]]] = {
            "certificate": (self.certificate[rows], ["编号由简表编出"] * len(rows)),
            "component": ([PART_WORD[part] for _, part, _, _ in parts], own_form),
            "form": ([FORM_WORD[form] for _, _, form, _ in parts], own_form),
            "weight": ([f"{weight:g}" for *_, weight in parts], own_form),
        }
        for i, name in enumerate(SESSION):
            made[name] = ([str(shapes[part[2]][i]) for part in parts], [session] * len(parts))
        own = {"level": "level", "form": "form"}
        return self._raw("components", self.plans, self.kept[rows], own, made, estimated=True)

    def _caps(self) -> Raw | None:
        """The dearest own fee of each form that occurs: published fees lie inside the caps."""
        fee, dearest = self.rows["published_fee"].to_numpy(float), {}
        for row in np.flatnonzero(~np.isnan(fee) & (fee > 0)):
            for _, one, _ in self._parts(str(self.rows["form"].iloc[row])):
                if one not in dearest or fee[row] > fee[dearest[one]]:
                    dearest[one] = row
        if not dearest or not self.year:
            return None
        rows = np.array(list(dearest.values()), int)
        said = self._take("caps", words="本校同一形式费用标准的最高者")
        columns = {
            "form": [FORM_WORD[one] for one in dearest],
            "level": ["不分等级"] * len(rows),
            "valid_from": [f"{self.year}-01-01"] * len(rows),
            "source": list(documents())[:1] * len(rows),
        }
        made = {name: (words, [said] * len(rows)) for name, words in columns.items()}
        own = {"cap": "published_fee"}
        return self._raw("caps", self.plans, self.kept[rows], own, made, estimated=True)

    def _eligibility(self) -> Raw:
        """Which source may pay which use, as the simulated set assumes it: it takes effect once funding is filled in."""
        rows = registers.eligibility()
        said = [self.taken["eligibility"].said("与模拟数据所设相同")] * len(rows)
        given = rows.assign(source=next(iter(documents())))
        made = {name: (given[name].tolist(), said) for name in given.columns}
        at = np.zeros(len(rows), int)
        return self._raw("eligibility", self.college, at, {}, made, estimated=True)

    def _pay_pools(self) -> Raw:
        made = {"college": (self.code, "编号由省份代码和序号编出")}
        own = {"pay_pool": "pay_pool", "year": "year"}
        return self._of_college("pay_pools", own, made, False)

    def _sources(self) -> Raw:
        name, document = next(iter(documents().items()))
        given = {"source": name, **document}
        made = {column: (word, "简表的缺省值") for column, word in given.items()}
        return self._of_college("sources", {}, made, True)


def _listed(made: Mapping[str, tuple[str, str]], count: int):
    return {name: ([word] * count, [said] * count) for name, (word, said) in made.items()}
