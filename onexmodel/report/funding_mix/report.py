"""funding_mix: who pays for what, where money is missing, and what one more yuan of each source closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...rules.funding import USES as USE_KEYS
from ..front.opening import ACCOUNTS, opened
from ..make.gate import FundingMixParameters
from ..page.blocks import Block, bullets, paragraphs
from ..page.words import USES
from . import decision, figures, tables
from . import front as summary
from .base import FundingBase

CONCLUDED = ("whole", "cause", "yuan")  # what the last section says, each one sentence


@dataclass(frozen=True)
class FundingMix(FundingBase):
    """One funding_mix report: the parts of its page in their order."""

    name = "funding_mix"
    measure = "funding_gap"
    topics = ("funding.", "pay.", "volume.", "fees.")

    @property
    def leading(self) -> str:
        """The gap, or the need where nobody's funds are on record."""
        return self.measure if self.funded else "college_outlay"

    def exhibits(self, kind: str) -> dict[str, bool]:
        """What needs funds, several colleges or a gap is there where these are."""
        funded, many = self.funded, self.funded and not self.alone
        apart = many and len(self.groups(self.by)) > 1
        short = funded and self.way.waterfall_gap.seen
        if kind == "table":
            return {"flows": funded, "mix": apart, "where": many, "parts": short, "margins": funded}
        return {
            "heat": funded and bool(self._needs()),
            "mix": apart,
            "margins": funded and self.way.gap.seen and self.best is not None,
        }

    def _table(self, name: str, title: str, note: str = "", **more) -> Block:
        """A table of tables.COLUMNS."""
        made = getattr(tables, name)(self)
        columns = tables.COLUMNS[name]
        return self.numbered_table(name, title, *made, note=note, columns=columns, **more)

    def flows_table(self) -> Block:
        """一: how needs and sources are counted, and which source pays which use."""
        words = self.words
        if not self.funded:
            return paragraphs(
                words.unfunded(self.lacking), words.needs(self.study.year, self._needs())
            )
        table = self._table("flows", words.flows_title(self.study.year), words.flows_note(self.held_together), total=True)  # fmt: skip
        return paragraphs(words.counted(self.lacking)) + table + paragraphs(*summary.method(self))

    def _needs(self) -> dict[str, float]:
        """Use → yuan, of those on record."""
        needs = dict(zip(USE_KEYS, self.of_place("needs").sum(-1).tolist(), strict=True))
        return {use: needs[use] for use in self.uses if needs[use] > self.seen}

    @property
    def held_together(self) -> list[str]:
        """The lines of sources put together that few colleges hold."""
        return [name for name, line in zip(self.names, self.lines, strict=True) if len(line) > 1]

    def _line_names(self, keys) -> dict[str, str]:
        return {key: self.words.line(key) for key in keys}

    def heat_figure(self) -> Block:
        """一: source × use, in shares of each use's need."""
        if not self.shows("figure", "heat"):
            return Block("")
        words, shares = self.words, tables.heat_frame(self)
        uses = {use: self.writer.word(USES, use) for use in shares}
        names = self._line_names(shares.index)
        top = {use: shares[use].idxmax() for use in shares}
        finding = words.heat_finding([(use, top[use], shares.at[top[use], use]) for use in shares])
        return self.numbered_figure(
            "heat", finding, lambda: figures.heat(words, shares, names, uses), words.heat_note
        )

    def mix(self) -> Block:
        """一: the mix by province, or by tier inside one."""
        if not self.shows("table", "mix"):
            return Block("")
        words, frame = self.words, tables.mix_frame(self)
        shares = frame.drop(index="all").drop(columns=["colleges", "need"])
        groups = [tables.group_names(self, self.by)[label] for label in shares.index]
        names = self._line_names(shares.columns)
        least, most = (groups[getattr(shares["gap"], at)()] for at in ("argmin", "argmax"))
        drawn = self.numbered_figure(
            "mix",
            words.mix_finding(self.by, least, shares["gap"].min(), most, shares["gap"].max()),
            lambda: figures.mix_bars(words, shares, groups, names),
            words.mix_figure_note,
        )
        title = words.mix_title(self.study.year, self.by)
        return drawn + self._table("mix", title, words.mix_note, total=True)

    def where(self) -> Block:
        """二: the gap by tier in both orders, and what it is made of."""
        words, way = self.words, self.way
        if not self.funded:
            return paragraphs(words.unfunded(self.lacking))
        where = Block("")
        if self.shows("table", "where"):
            rows = len(tables.where(self)[1])
            title = words.where_title(self.study.year)
            where = self._table("where", title, words.where_note(), total=rows > 1)
        if not self.shows("table", "parts"):
            return where + paragraphs(words.no_gap(way))
        made = self._table("parts", words.parts_title(self.study.year), words.parts_note(way))
        return where + made + paragraphs(words.parts_said(way))

    def margins_part(self) -> Block:
        """三: what one more yuan of each source closes."""
        words, way = self.words, self.way
        if not self.funded:
            return paragraphs(words.unfunded(self.lacking))
        drawn = Block("")
        if self.best and self.shows("figure", "margins"):
            some = self.margins
            names = [words.line(one.line) for one in some]
            drawn = self.numbered_figure(
                "margins",
                words.margins_finding(self.best, self.aimed),
                lambda: figures.margin_bars(words, some, names, self.alone),
                words.margins_note,
            )
        table = self._table(
            "margins", words.margins_title(self.study.year), words.margins_table_note
        )
        said = words.margins_said(way, self.best, self.aimed, self.pots)
        return paragraphs(said) + drawn + table

    @property
    def aimed(self) -> float:
        """Yuan that a yuan of the best line (of any source where nobody holds one) closes where it is given to colleges with a gap; nan where that
        is no more than spread evenly."""
        known = [one.aimed for one in ([self.best] if self.best else self.margins)]
        most = max((one for one in known if one == one), default=-np.inf)
        even = self.best.even if self.best else -np.inf
        return most if not self.alone and most > even + 0.005 else np.nan

    @property
    def pots(self) -> list:
        """The provinces' own money among the margins."""
        return [one for one in self.margins if one.pot]

    def conclusions(self) -> Block:
        """四: what follows."""
        if not self.funded:
            return paragraphs(self.words.unfunded(self.lacking))
        said = [self.words.conclusion(key, self.way, self.best, self.aimed) for key in CONCLUDED]
        return bullets([one for one in said if one])

    # the notebook's other cells, each a function of the report
    front, keys, noted = summary.front, summary.keys, summary.noted
    decision = decision.decision


def opened_report(asked: FundingMixParameters) -> FundingMix:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    made = opened(asked, (*ACCOUNTS, "workload"))
    return FundingMix(**vars(made))
