"""What all reports share: the study, the press, and the last pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd

from ..analysis.study import Study
from ..engine.findings import SAID_AGAIN, ledger_findings, result_findings
from . import appendix
from .html import Block
from .notes import Note, notes_block
from .press import Press


@dataclass(frozen=True)
class Report:
    """A report on a study. `name` is the notebook's; `topics` the parameter prefixes it rests on."""

    study: Study
    press: Press
    parameters: Mapping[str, object]

    name: ClassVar[str] = ""
    topics: ClassVar[tuple[str, ...]] = ()

    def headlines(self) -> dict[str, float]:
        """The numbers the record vouches for."""
        raise NotImplementedError(self.name)

    def last_result(self):
        """The year result whose findings are reported."""
        raise NotImplementedError(self.name)

    @property
    def source(self) -> str:
        """The data set's title, for 数据来源."""
        return self.study.tables.title.get(self.press.lang) or self.press.say("用户数据", "user's data")

    @property
    def title(self) -> str:
        """The scheme's name."""
        from .opening import scheme_title
        return scheme_title(self.study, self.press)

    def label(self, kind: str, number: int) -> str:
        """表1, 图2, 附表3 …"""
        zh, en = {"table": ("表", "Table "), "figure": ("图", "Figure "), "annex": ("附表", "Table A")}[kind]
        return f"{self.press.say(zh, en)}{number}"

    def assumptions(self, number: int = 2) -> Block:
        """附: assumptions log."""
        return appendix.assumptions(self.press, self.study, self.topics, self.label("annex", number))

    def sources(self, number: int = 3) -> Block:
        """附: sources and clause table."""
        return appendix.sources(self.press, self.study, self.topics, self.label("annex", number)) + appendix.clause_table(
            self.press, self.study, self.name, self.label("annex", number + 1))

    def findings(self, number: int = 5) -> Block:
        """附: findings to report upward (C14), of the place only."""
        found = [_finding(fault) for fault in self.study.tables.findings if fault.code not in SAID_AGAIN]
        mads = self.study.views()[0]["fees.outlier_mads"]
        rows = self.study.tables["ingredients"]
        here = rows[rows["province"].isin(("", self.study.province) if self.study.province else rows["province"].unique())
                    & rows["college"].isin(("", *self.study.colleges()))]
        found += ledger_findings(here, self.study.tables["components"], mads)
        found += result_findings(self.last_result(), self.study.tables["fees"])
        found += self.more_findings()
        return appendix.findings_table(self.press, found, self.label("annex", number))

    def more_findings(self) -> list[dict]:
        """Findings of this report alone."""
        return []

    def notes(self) -> Block:
        """附: how each headline number was computed."""
        return notes_block(self.press, self.noted())

    def noted(self) -> list[Note]:
        """The notes of the front box's key figures, in their order."""
        raise NotImplementedError(self.name)

    def record(self, number: int = 6) -> Block:
        """附: run record."""
        return appendix.record_block(self.press, appendix.run_record(self.study, self.name, self.parameters, self.headlines()),
                                     self.label("annex", number))


@dataclass(frozen=True)
class SchemeReport(Report):
    """A report on the scheme without response: its run, its law."""

    @cached_property
    def runs(self):
        """(baseline, scheme), no response."""
        return self.study.pair("none")

    def last_result(self):
        """The scheme."""
        return self.runs[1]

    @cached_property
    def view(self):
        """The scheme's law."""
        return self.study.views("none")[1]


def _finding(fault) -> dict:
    return {"table": "", "key": fault.where, "rule": fault.code or "data", "severity": fault.level, "sentence": str(fault)}


def rows_of(frame: pd.DataFrame):
    """Rows as named tuples."""
    return frame.itertuples(index=False)
