"""What the form holds, as the command line would be given it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..analysis.study import SHIPPED, own_folder

NATION = "all"  # how the command line calls every province


@dataclass(frozen=True)
class Asked:
    """Values of the form: `province` is one code, several with commas between, or "" for every one; `each`: a report for each of them and not
    one for all together; `college` "" is all of them, `year` 0 the last; `caps` form → yuan as typed, "" where the data and the scenario
    say it; `day`: of issue."""

    reports: tuple[str, ...] = ("fee_cap",)
    data: str = "national"
    province: str = "44"
    each: bool = False
    college: str = ""
    year: int = 0
    scenarios: tuple[str, ...] = ("cap_plus_20",)
    caps: Mapping[str, str] = field(default_factory=dict)
    lang: str = "zh"
    internal: bool = False
    issuer: str = ""
    day: date = date(2020, 12, 31)

    @property
    def settings(self) -> dict[str, str]:
        """The caps that were typed, by the names of their parameters."""
        typed = {form: text.strip() for form, text in self.caps.items()}
        return {f"fees.cap.{form}": text for form, text in typed.items() if text}

    def given(self) -> dict[str, Any]:
        """What every notebook of the reports is given, as `onexmodel report` gives it; a path of data made absolute."""
        return {
            "data": source_of(self.data),
            "province": self.province,
            "college": self.college,
            "year": self.year,
            "scenario": [_place(one) for one in self.scenarios],
            "settings": self.settings,
            "lang": self.lang,
            "internal": self.internal,
            "log2_draws": 0,
            "seed": 20201231,
            "issuer": self.issuer.strip(),
            "date": self.day.isoformat(),
        }

    def command(self) -> list[str]:
        """The words of the command that makes the same reports."""
        words = ["report", *self.reports, *(("--each-province",) if self.each else ())]
        place = self.province or ("" if self.each else NATION)
        data = source_of(self.data) if self.data in SHIPPED else self.data
        for option, value in (
            ("--province", place),
            ("--data", data if data != "national" else ""),
            ("--college", self.college),
            ("--year", str(self.year or "")),
            *(("--scenario", one) for one in self.scenarios),
            *(("--set", f"{name}={value}") for name, value in self.settings.items()),
            ("--lang", self.lang if self.lang != "zh" else ""),
            ("--issuer", self.issuer.strip()),
            ("--date", self.day.isoformat()),
        ):
            words += [option, value] if value else []
        return words + (["--internal"] if self.internal else [])

    @property
    def command_line(self) -> str:
        """The same, to be typed."""
        return shlex.join(["onexmodel", *self.command()])

    @property
    def folder(self) -> str:
        """Where its files go, so that those of another place or scenario stay: letters and digits that every disk takes."""
        data = Path(self.data).stem if self.data != "national" else ""
        caps = "-".join(f"{form}{value}" for form, value in sorted(self.caps.items()) if value)
        scenarios = "+".join(Path(one).stem for one in self.scenarios)
        parts = (data, self.province or NATION, self.college, str(self.year or ""), scenarios, caps)
        name = "_".join(filter(None, parts))
        more = ("_internal" if self.internal else "") + ("_en" if self.lang == "en" else "")
        return re.sub(r"[^\w.+-]", "-", name)[:100] + more


def source_of(data: str) -> str:
    """The data as the reports are given them. A set of the product is meant by its name, also where something of that name lies in the working
    folder: then by its place. A path is made absolute."""
    here = Path(data).exists()
    if data in SHIPPED:
        return str(own_folder(data)) if here else data
    return str(Path(data).absolute()) if here else data


def _place(scenario: str) -> str:
    """A scenario's file made absolute; a name as it is."""
    return str(Path(scenario).absolute()) if Path(scenario).is_file() else scenario
