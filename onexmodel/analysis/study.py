"""A study: one data set, one composition, one year, one place — and the views of the law it is run under."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Tables, read_tables
from ..data.tables import among
from ..engine.compile import Compiled, mid_year
from ..engine.findings.unfilled import Unfilled, unfilled
from ..engine.places.few_colleges import COVERED, share_judged
from ..engine.places.local import differing, overlaid
from ..engine.places.names import code_of
from ..engine.places.narrowing import need_places, settled
from ..engine.result import YearResult
from ..engine.run import Prepared, composed, prepare, years_of
from ..engine.stages import Extent
from ..errors import Fault, ParameterError, nearest
from ..law import load_law
from ..law.compose import Composition
from ..law.parameters import Law
from ..law.replay import LawPair, law_pair
from ..places import made_data, shipped
from ..running.progress import Steps

SHIPPED = (
    "example",
    "national",
)  # data sets that travel with the product, or are made on first use
COMMAS = re.compile("[,，、;；]")  # what may stand between the provinces of one text


@dataclass(frozen=True)
class Study:
    """What a report is about. `prepared` holds the place's rows only; `college` narrows the scope further."""

    tables: Tables
    law: Law
    composition: Composition
    prepared: Prepared
    year: int
    provinces: tuple[str, ...]  # () is every province
    college: str

    @property
    def province(self) -> str:
        """The code of the study's province, "" where it is about several or all."""
        return self.provinces[0] if len(self.provinces) == 1 else ""

    @property
    def codes(self) -> str:
        """The codes of the study's provinces as they may be asked for again: 44, or 44,32; "" for all."""
        return ",".join(self.provinces)

    def views(self, mode: str = "", **changed) -> tuple[dict, dict]:
        """The law of baseline and scenario as name → value, with response.mode and other values to start from (dots as __; numbers, options or
        draws) in both. What the scenario does to a parameter is done to the value given: scale and add act on it, `value` fixes it. Where
        the data cannot judge the organisations' response it is left out, whatever is asked for."""
        before, after = self.laws.under(
            {name.replace("__", "."): value for name, value in changed.items()}
        )
        taken = {"response.mode": mode} if mode else {}
        if not self.judged:
            taken = {"response.mode": "none"}
        return before | taken, after | taken

    @cached_property
    def judged(self) -> bool:
        """Can the organisations' response be judged? Their yearly cost in a province is laid on the sittings the data hold there; on a few
        of its colleges every loss, exit and unmet candidate is made by the data."""
        least = self.laws.before["compare.min_colleges"]
        return share_judged(self.prepared.baseline, self.scope(), least) >= COVERED

    def turned(self, values: Mapping[str, Any], mode: str = "", **drawn) -> tuple[dict, dict]:
        """Views with parameters turned to `values` on top of everything: an instrument in the scheme only, whatever else (how the
        world is, how the text is read) on both sides (docs/method.md §0.8)."""
        before, after = self.views(mode, **drawn)
        shared = {
            name: value
            for name, value in values.items()
            if self.law.parameters[name].kind != "instrument"
        }
        return overlaid(before, shared), overlaid(after, values)

    @property
    def day(self) -> date:
        """The day whose law the year is planned under."""
        return mid_year(self.year)

    @cached_property
    def laws(self) -> LawPair:
        """The two laws compared, and what leads from one to the other."""
        return law_pair(self.composition, self.day)

    @cached_property
    def start(self) -> Mapping[str, Any]:
        """The law before any scenario or --set: what draws are drawn around."""
        return self.composition.start.at(self.day)

    def own_changes(self) -> set[str]:
        """Parameters (not readings or beliefs, which both sides share) that the scenario or --set gives another value for the whole place."""
        return {
            name for name in self.law.parameters if self.laws.after[name] != self.laws.before[name]
        }

    def own_local(self) -> set[str]:
        """The same for a part of the place only."""
        return differing(self.laws.before, self.laws.after)

    def held(self) -> set[str]:
        """Parameters that are drawn on neither side: set by --set, and readings and beliefs that a scenario fixes for the whole place."""
        return set(self.composition.sets) | self.laws.fixed(scheme=False)

    def fixed(self) -> set[str]:
        """Parameters that no draw moves in the scheme: `held`, and instruments that the scenario fixes for the whole place by `value`."""
        return self.held() | self.laws.fixed(scheme=True)

    def in_scheme(self, name: str, values: np.ndarray) -> np.ndarray:
        """What the scheme makes of values of a parameter, at places without a value of their own."""
        return np.broadcast_to(
            np.asarray(self.laws.under({name: values})[1][name]), np.shape(values)
        )

    def pair(
        self,
        mode: str = "",
        extent: Extent = "whole",
        before: YearResult | None = None,
        **changed,
    ) -> tuple[YearResult, YearResult]:
        """Baseline and scenario under the same readings and beliefs; `extent`: how much of the year; `before`: the baseline,
        where it has been run already (see `same_baseline`)."""
        return self.prepared.evaluate(*self.views(mode, **changed), extent, before)

    def same_baseline(self, other: Study) -> bool:
        """Do both schemes lie over one baseline: the same tables under the same law?"""
        return (
            self.prepared.baseline is other.prepared.baseline
            and self.laws.before == other.laws.before
            and self.laws.shared == other.laws.shared
        )

    def with_composition(self, scenarios: Sequence[str | Mapping[str, Any]]) -> Study:
        """The same data and place under other scenarios, with the same --set values."""
        return self.under(composed(self.law, self.tables, scenarios, self.composition.sets))

    def under(self, composition: Composition, arranged: Prepared | None = None) -> Study:
        """The same data and place under another composition; `arranged`: its tables, where they are arranged already."""
        prepared = arranged or self.prepared
        if arranged is None and (
            composition.data_changes
            or self.composition.data_changes
            or self.prepared.baseline is not prepared.scenario
        ):
            prepared = prepare(
                self.tables,
                composition,
                self.year,
                self.provinces,
                baseline=prepared.baseline,
            )
        need_places(composition, self.tables.frames)
        return Study(
            self.tables,
            self.law,
            settled(composition, prepared.tables),
            prepared,
            self.year,
            self.provinces,
            self.college,
        )

    @cached_property
    def unfilled(self) -> Unfilled:
        """What nobody filled in of the place's funds and pay totals of the year."""
        found = unfilled(self.tables.frames, self.year, self.laws.after["pay.uplift_scope"])
        return found.within(self.colleges)

    @property
    def rows(self) -> int:
        """Offerings of the place."""
        return len(self.prepared.baseline.keys["offering"])

    @cached_property
    def colleges(self) -> frozenset[str]:
        """Ids of the place's colleges."""
        return frozenset(
            self.prepared.baseline.keys["college"].loc[self.scope()["college"], "college"]
        )

    def here(self, table: str) -> np.ndarray:
        """(rows,) bool: the table's rows that hold in the place."""
        frame, here = self.tables[table], np.ones(len(self.tables[table]), bool)
        colleges = self.colleges
        if self.provinces and "province" in frame:
            here &= frame["province"].isin(("", *self.provinces)).to_numpy()
        if "college" in frame:
            here &= among(frame["college"], colleges | {""})
        if "owner" in frame:
            places = self.provinces or self.tables["provinces"]["province"]
            here &= among(frame["owner"], colleges.union(places))
        return here

    def scope(self, compiled=None) -> dict[str, np.ndarray]:
        """Which rows of each axis belong to the place: axis → bool array, not to be written to."""
        if compiled is None or compiled is self.prepared.baseline:
            return self._base_scope
        return rows_of_place(compiled, self.provinces, self.college)

    @cached_property
    def _base_scope(self) -> dict[str, np.ndarray]:
        made = rows_of_place(self.prepared.baseline, self.provinces, self.college)
        for rows in made.values():
            rows.flags.writeable = False
        return made


def rows_of_place(
    compiled: Compiled, provinces: tuple[str, ...], college: str = ""
) -> dict[str, np.ndarray]:
    """Which rows of each axis belong to provinces (all, if none is named) or to one college: axis → bool array."""
    colleges = compiled.keys["college"]
    inside = np.ones(len(colleges), bool)
    if provinces:
        inside &= colleges["province"].isin(provinces).to_numpy()
    if college:
        inside &= (colleges["college"] == college).to_numpy()
    offering = inside[compiled.space.maps["offering", "college"].index]
    made = {"college": inside, "offering": offering}
    for axis in ("cell", "supplier", "province"):
        at = compiled.space.maps["offering", axis]
        made[axis] = np.bincount(at.index[offering], minlength=at.size) > 0
    return made


def data_folder(name: str | Path, progress: Steps | None = None) -> Path:
    """A path as given, or the shipped (or made on first use) data set of that name."""
    path = Path(name)
    if path.exists():
        return path
    return (
        own_folder(str(name), progress)
        if str(name) == "national" or shipped("data", str(name)).is_dir()
        else path
    )


def shipped_set(source: Path) -> str:
    """Which of the product's own data sets a folder is; "" for a user's."""
    places = {"national": made_data("national")}
    here = source.resolve()
    return next(
        (one for one in SHIPPED if places.get(one, shipped("data", one)).resolve() == here), ""
    )


def own_folder(name: str, progress: Steps | None = None) -> Path:
    """A data set of the product (made on first use), whatever of the same name lies in the working folder."""
    if name == "national":
        from ..data.synthetic.national import national_folder

        return national_folder(progress)
    return shipped("data", name)


def open_study(
    data: str | Path,
    scenarios: Sequence[str | Mapping[str, Any]] = (),
    sets: Mapping[str, str] | None = None,
    province: str = "",
    college: str = "",
    year: int = 0,
    tables: Tables | None = None,
    alone: bool = True,
) -> Study:
    """Read, compose, arrange. `province`: one or several, `alone`: see `place_of`; "" is all; year 0 is the last one in the data. Raises
    OnexError with every fault of the failing step."""
    tables = tables or read_tables(data_folder(data))
    law = load_law()
    provinces, college = place_of(tables, province, college, alone)
    composition = composed(law, tables, scenarios, sets)
    year = asked_years(tables, year)[-1]
    prepared = prepare(tables, composition, year, provinces)
    return Study(
        tables, law, settled(composition, prepared.tables), prepared, year, provinces, college
    )


def asked_years(tables: Tables, year: int = 0) -> tuple[int, ...]:
    """The year asked for, or (0) every year of the data. Raises ParameterError naming the years there are."""
    years = years_of(tables)
    if year and year not in years:
        raise ParameterError(
            Fault(f"年度 {year}", "数据中没有这一年", do=f"可用年度：{'、'.join(map(str, years))}")
        )
    return (year,) if year else years


def place_of(
    tables: Tables, province: str, college: str, alone: bool = False
) -> tuple[tuple[str, ...], str]:
    """The codes of the provinces asked for (codes or Chinese names, with commas or blanks between), in their order, and of the college
    (code or name), whose own province it is then. `alone`: where the data hold one college and nothing else is asked for, it is the
    place. Raises ParameterError with every fault and the nearest match."""
    provinces, faults = _provinces_of(tables, province)
    colleges = tables["colleges"]
    if alone and not college and len(colleges) == 1:
        only = colleges.iloc[0]
        college = only["college"] if provinces in ([], [only["province"]]) else ""
    if college:
        college, wrong = code_of(tables.frames, "college", college.strip(), f"--college {college}")
        faults += wrong
        if not wrong:
            own = colleges.loc[colleges["college"] == college, "province"].iloc[0]
            if provinces and own not in provinces:
                faults.append(
                    Fault(
                        f"--college {college}",
                        f"这所院校不在省份 {'、'.join(provinces)}，在 {own}",
                    )
                )
            provinces = [own]
    if faults:
        raise ParameterError(faults)
    return tuple(provinces), college


def _provinces_of(tables: Tables, text: str) -> tuple[list[str], list[Fault]]:
    """The codes that the text asks for, each once, and what is wrong with it."""
    table = tables["provinces"]
    by_name = {
        name: code
        for code, short in zip(table["province"], table["name_zh"], strict=True)
        for name in (code, short, short + "省", short + "市")
    }
    provinces: list[str] = []
    faults: list[Fault] = []
    for name in _names_in(text, by_name):
        code = by_name.get(name, name)
        if name not in by_name:
            faults.append(
                Fault(f"--province {name}", "数据中没有这个省份", nearest=nearest(name, by_name))
            )
        elif code in provinces:
            faults.append(Fault(f"--province {text}", f"省份 {name} 写了两次", do="每个省只写一次"))
        provinces += [code] if code not in provinces else []
    return provinces, faults


def _names_in(text: str, known: Container[str]) -> list[str]:
    """The names in a text: apart at commas, and at blanks where the whole between two commas is not itself a known name."""
    parts = [text] if text in known else [part.strip() for part in COMMAS.split(text)]
    return [name for part in parts for name in ([part] if part in known else part.split()) if name]
