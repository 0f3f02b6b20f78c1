"""Reports for each province into one folder: what is asked for, and what of it stands there already. A report is known by its run record,
never by its name alone; a folder belongs to one order, which stands there as ORDER."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from ... import __version__
from ...analysis.study import data_folder
from ...data import Tables
from ...engine.run import composed
from ...errors import Fault, ReportError
from ...law import load_law
from ...law.compose import Composition
from ...places import whole
from ..annex.record import PRODUCT
from ..front.opening import ids_of, name_of_data
from ..make.fingerprint import RECORD
from ..make.gate import MODELS, PageOptions, checked, parameters_of
from ..page.words import GIVEN, called
from ..page.writer import SMALL

ORDER, INDEX = "index.json", "index.html"
CODE = re.compile("[0-9A-Z]{1,20}")  # a province's code that can stand in the name of a file


@dataclass(frozen=True)
class Province:
    """A province of the data that has colleges; `size`: its colleges and offerings, by which the time for its reports is guessed."""

    code: str
    zh: str
    en: str
    colleges: int
    size: int


@dataclass(frozen=True)
class Report:
    """A report that stands in the folder: its page and its run record."""

    path: Path
    page: str
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """Reports `names` with the parameters `given` for each province of the data, or of `codes` where some are named, into the folder `out`."""

    names: tuple[str, ...]
    given: Mapping[str, Any]
    out: Path
    options: PageOptions
    tables: Tables
    codes: tuple[str, ...] = ()

    @cached_property
    def provinces(self) -> tuple[Province, ...]:
        """In the order of their codes."""
        colleges, table = self.tables["colleges"], self.tables["provinces"]
        own = colleges.set_index("college")["province"]
        plans = self.tables["offerings"]["college"].map(own).value_counts()
        counts = colleges["province"].value_counts()
        return tuple(
            Province(row.province, row.name_zh, row.name_en or row.name_zh, count, size)
            for row in table.sort_values("province").itertuples()
            if (not self.codes or row.province in self.codes)
            and (count := int(counts.get(row.province, 0)))
            and (size := count + int(plans.get(row.province, 0)))
        )

    def withheld(self, province: Province) -> bool:
        """Would a circulated report on it show fewer than five colleges? One that is alone in its data is shown (front/opening.py)."""
        alone = len(self.tables["colleges"]) == 1
        return not self.given["internal"] and not alone and province.colleges < SMALL

    def parameters(self, province: Province) -> dict[str, Any]:
        """What its notebook is given."""
        return {**self.given, "province": province.code}

    def length(self, name: str, province: Province) -> float:
        """How long a report takes beside the others: much of it is the same for the smallest province."""
        whole = sum(one.size for one in self.provinces) / len(self.provinces)
        return MODELS[name].length * (4 + province.size / whole)

    @cached_property
    def compositions(self) -> dict[str, list[Composition]]:
        """Report → the schemes it compares. Raises ScenarioError, ParameterError, all faults of one."""
        law, made = load_law(), {}
        for name in self.names:
            asked = parameters_of(name, {**self.given, "province": ""})
            made[name] = [
                composed(law, self.tables, some, asked.settings) for some in asked.schemes
            ]
        return made

    @cached_property
    def order(self) -> dict[str, Any]:
        """All that the bytes of the reports follow from; one text whoever asks. Raises ScenarioError, ParameterError, all faults."""
        law, source = load_law(), data_folder(self.given["data"])
        parameters = {name: checked(name, {**self.given, "province": ""}) for name in self.names}
        for asked in parameters.values():
            asked["scenario"] = ids_of(asked["scenario"])
            asked["data_name"] = name_of_data(source)
            del asked["data"]
        return {
            "product": PRODUCT,
            "version": __version__,
            "reports": parameters,
            **({"provinces": sorted(self.codes)} if self.codes else {}),
            "page": asdict(self.options),
            "data_sha256": self.tables.sha256,
            "law_sha256": law.sha256,
            "scenarios": {
                name: {one.id: one.sha256 for laid in some for one in laid.scenarios}
                for name, some in self.compositions.items()
            },
        }

    def claim(self) -> None:
        """Take the folder for this order, or go on with it. Raises ReportError where another order stands there: reports of two would be
        read as one."""
        found = _json(self.out / ORDER)
        if found == self.order:
            return
        if found is not None:
            raise ReportError(
                Fault(
                    str(self.out),
                    f"里面是另一次测算的分省报告（{'、'.join(_differing(found, self.order)[:5])}不同）",
                    do="换一个 --out；要接着做那一次，就照那一次的写法（编制日期缺省为今天，用 --date 写明）",
                )
            )
        text = json.dumps(self.order, ensure_ascii=False, indent=1) + "\n"
        with whole(self.out / ORDER) as made:
            made.write_text(text, encoding="utf-8", newline="\n")

    def done(self, name: str, province: Province) -> Report | None:
        """The report, where it stands there whole and is what would be made now."""
        path = self.out / f"{file_name(name, province.code)}.html"
        record = _json(path.with_suffix(".json"))
        if record is None or not path.is_file():
            return None
        if self.options.docx and not path.with_suffix(".docx").is_file():
            return None
        page = path.read_text(encoding="utf-8", errors="replace")
        inside = RECORD.search(page)
        if not inside or _parsed(inside[1]) != record or not self._fits(record, name, province):
            return None
        return Report(path, page, record)

    def _fits(self, record: Any, name: str, province: Province) -> bool:
        """Is a record of this edition, data, law, scenarios and parameters? The college is said by the data, and the number of draws where
        nobody asked for one; of scenarios that nobody asked for a report leaves out what the data have no rows for."""
        wanted = self.order["reports"][name] | {"province": province.code}
        free = {"college", "scenario"} | (set() if wanted["log2_draws"] else {"log2_draws"})
        try:
            asked = record["parameters"]
            scenarios = {one["id"]: one["sha256"] for one in record["scenarios"]}
            mine, whole = asked["scenario"], wanted["scenario"]
            left_out = "scenario" not in self.given and mine and all(one in whole for one in mine)
        except (KeyError, TypeError):
            return False
        texts = self.order["scenarios"][name]
        return (
            record.get("report") == name
            and all(record.get(key) == self.order[key] for key in SAME)
            and set(asked) == set(wanted)
            and all(asked[key] == wanted[key] for key in set(wanted) - free)
            and (mine == whole or left_out)
            and (scenarios == texts if mine == whole else scenarios.items() <= texts.items())
        )


SAME = ("version", "data_sha256", "law_sha256")  # of a record and of the order


def file_name(name: str, code: str) -> str:
    """fee_cap_44, without an ending; a code that no disk may be asked to take is written in letters that it does, and its hash."""
    if not CODE.fullmatch(code):
        code = f"{re.sub('[^0-9A-Za-z]', '-', code)[:20]}_{sha256(code.encode()).hexdigest()[:8]}"
    return f"{name}_{code}"


def _json(path: Path) -> Any:
    """What a file of JSON holds; None where it cannot be read as such."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _differing(found: Any, order: Mapping[str, Any]) -> list[str]:
    """What one order asks otherwise than the other, in words."""
    named = {
        "version": "版本",
        "reports": "报告种类",
        "provinces": "省份",
        "page": "版式",
        "data_sha256": "数据",
        "law_sha256": "参数库",
        "scenarios": "情景",
    }
    if not isinstance(found, dict) or not isinstance(found.get("reports"), dict):
        return ["内容"]
    both: Sequence[str] = [one for one in order["reports"] if one in found["reports"]]
    parts = [
        words
        for key, words in named.items()
        if key != "reports" and found.get(key) != order.get(key)
    ]
    parts += [] if {*found["reports"]} == {*order["reports"]} else [named["reports"]]
    parts += [
        f"{called(GIVEN, key, 'zh')}（那一次：{there.get(key)}）"
        for name in both[:1]
        if isinstance(there := found["reports"][name], dict)
        for key, value in order["reports"][name].items()
        if there.get(key) != value
    ]
    return parts or ["内容"]
