"""What the comparison means for those who decide: the recommendation and what would overturn it, who bears what, what is put to superiors.
The rule stands in `advice.advice`; sentences come from the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..front.decision import decision_sheet
from ..front.opening import certificate_names
from ..page.blocks import Block
from . import numbers

if TYPE_CHECKING:
    from .report import ProvinceComparison


@dataclass(frozen=True)
class Bearing:
    """Who pays, in the province the report is about, or in all (`place` ""): the share of the needs of all four uses that is covered, their gap
    and the part of it that is assessment's, yuan a year; `more`: fees are
    above what they would cost at the nation's level (1), below (−1), or not said to be either (0)."""

    place: str
    covered: float
    gap: float
    assessing: float
    more: int


def bearing(report: ProvinceComparison) -> Bearing:
    """Who pays what is compared, over the provinces with funds on record; nan without any."""
    table, focus = report.table, report.lead.case == "focus"
    sums = table[table["province"] == report.focus] if focus else table
    sums = sums[sums["gap"].notna()]
    gap, needs = float(sums["gap"].sum()), float(sums["needs"].sum())
    more, place = (report.advice.side, report.place) if focus else (0, "")
    result = report.runs[1]
    of = result.compiled.keys["college"]["province"].isin(sums["province"]).to_numpy()
    assessing = float(result.served["funding_gap_assessment"][..., of].sum())
    return Bearing(place, 1 - gap / needs if needs else float("nan"), gap, assessing, more)


@dataclass(frozen=True)
class Asked:
    """The recommendation with its names and sums (advice.Advice and Stakes; sums in yuan a year, without sign; "" and nan where it has
    none). `up`: are the focus's fees above what they would cost at the mean?"""

    rule: str
    place: str
    side: int
    certificates: tuple[str, ...]
    named: float
    total: float
    up: bool
    level: float
    left: float
    edges: tuple[float, float]
    ranged: bool
    enough: int
    few: int
    bare: int
    covered: float

    def less(self, kind: str) -> bool:
        """Do fees cost less under an option? The certificates to be verified lie on the side of the level, all together perhaps not."""
        return self.level > 1 if kind == "verify" else self.up


def asked(report: ProvinceComparison) -> Asked:
    """What the words say of the recommendation."""
    advice, nothing = report.advice, float("nan")
    stakes = report.stakes if report.lead.case == "focus" else None
    return Asked(
        advice.rule,
        report.place,
        advice.side,
        tuple(certificate_names(report.study, report.writer, stakes.first["certificate"]))
        if stakes
        else (),
        abs(stakes.named) if stakes else nothing,
        abs(stakes.total) if stakes else nothing,
        bool(stakes and stakes.total >= 0),
        report.lead.level,
        stakes.left if stakes else nothing,
        advice.edges,
        advice.ranged,
        advice.enough,
        advice.few,
        advice.bare,
        advice.covered,
    )


def advised(report: ProvinceComparison) -> list[tuple[str, str]]:
    """The rows of the first page: what to do, what would change it, what a candidate costs."""
    words, said = report.words, asked(report)
    labels = report.writer.words("front").advice
    rows = [(labels["do"], words.do(said)), (labels["unless"], words.unless(said))]
    return [*rows, (words.front["each"], _each(report))]


def _each(report: ProvinceComparison) -> str:
    """What a candidate costs here and in the nation. How much of the difference the fees are stands in the table of parts: it weighs otherwise
    than the level and the money above it."""
    words, table = report.words, report.parts
    at = numbers.place_in(table, report.focus) if report.at >= 0 else -1
    if at < 0 or len(table) < 2:
        return words.each_nation(report.nation)
    each, apart = float(table["each"].iloc[at]), numbers.adding(table)["total"].iloc[at]
    return words.each_here(report.place, each, report.nation, apart)


KINDS = ("verify", "level", "keep")  # options
OPTIONS = {"verify": "verify", "leave": "keep"}  # rule → which of the options it recommends
MOST = 4  # requests of a rule


def decision(report: ProvinceComparison) -> Block:
    """Options side by side for the report's own province, the requests, and the first three actions."""
    words, said = report.words, asked(report)
    options = [
        [words.option_name(kind, said)]
        + [words.option(column, kind, said) for column in ("money", "bears", "effect", "risk")]
        for kind in KINDS
        if said.rule in OPTIONS and said.certificates
    ]
    requests = [words.request(i, said) for i in range(MOST)]
    return decision_sheet(
        report.writer,
        words.option_columns,
        options,
        [text for text in requests if text],
        [tuple(row) for row in words.actions[said.rule]],
        words.option_note if options else "",
        KINDS.index(OPTIONS[said.rule]) if options else -1,
    )
