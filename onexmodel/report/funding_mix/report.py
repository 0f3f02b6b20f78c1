"""funding_mix: who pays for what, where money is missing, and what one more yuan of each source closes."""

from __future__ import annotations

from dataclasses import dataclass

from ..front.opening import ACCOUNTS, opened
from ..make.gate import FundingMixParameters
from ..money import of_funds
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
    explained = tables.COLUMNS

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
            "heat": funded and bool(self.needed()),
            "mix": apart,
            "margins": funded and self.best is not None,
        }

    def flows_table(self) -> Block:
        """一: how needs and sources are counted, and which source pays which use."""
        if not self.funded:
            needs = self.words.needs(self.study.year, self.needed())
            return paragraphs(self.words.unfunded(self.lacking), needs)
        words, held = self.words, [name for name in self.lines if "+" in name]
        title, note = words.flows_title(self.study.year), words.flows_note(held)
        table = self.numbered_table("flows", title, *tables.flows(self), note=note, total=True)
        return paragraphs(words.counted(self.lacking)) + table + paragraphs(*summary.method(self))

    def needed(self) -> dict[str, float]:
        """Use → yuan, of those on record that need anything."""
        return {use: self.needs[use] for use in self.uses if self.needs[use] > self.seen}

    def heat_figure(self) -> Block:
        """一: source × use, in shares of each use's need."""
        if not self.shows("figure", "heat"):
            return Block("")
        words, shares = self.words, tables.heat_frame(self)
        uses = {use: self.writer.word(USES, use) for use in shares}
        top = shares.idxmax()
        return self.numbered_figure(
            "heat",
            words.heat_finding([(use, top[use], shares.at[top[use], use]) for use in shares]),
            lambda: figures.heat(words, shares, uses),
            words.heat_note,
        )

    def mix(self) -> Block:
        """一: the mix by province, or by tier inside one."""
        if not self.shows("table", "mix"):
            return Block("")
        words, shares = self.words, self.mixed.drop(index="all", columns=["colleges", "need"])
        shares = shares.rename(lambda label: tables.group_name(self, self.by, label))
        gap = shares["gap"]
        drawn = self.numbered_figure(
            "mix",
            words.mix_finding(self.by, gap.idxmin(), gap.min(), gap.idxmax(), gap.max()),
            lambda: figures.mix_bars(words, shares),
            words.mix_figure_note,
        )
        title, made = words.mix_title(self.study.year, self.by), tables.mix(self)
        return drawn + self.numbered_table("mix", title, *made, note=words.mix_note, total=True)

    @of_funds
    def where(self) -> Block:
        """二: the gap by tier in both orders, and what it is made of."""
        words, way, year, where = self.words, self.way, self.study.year, Block("")
        if self.shows("table", "where"):
            header, rows = tables.where(self)
            more = {"note": words.where_note(), "total": len(rows) > 1}
            where = self.numbered_table("where", words.where_title(year), header, rows, **more)
        if not self.shows("table", "parts"):
            return where + paragraphs(words.no_gap(way))
        title, note = words.parts_title(year), words.parts_note(way)
        made = self.numbered_table("parts", title, *tables.parts(self), note=note)
        return where + made + paragraphs(words.parts_said(way))

    @of_funds
    def margins_part(self) -> Block:
        """三: what one more yuan of each source closes."""
        words, some, drawn = self.words, self.margins, Block("")
        if self.shows("figure", "margins"):
            drawn = self.numbered_figure(
                "margins",
                words.margins_finding(self.best, self.aimed),
                lambda: figures.margin_bars(words, some, self.alone),
                words.margins_note,
            )
        title, note = words.margins_title(self.study.year), words.margins_table_note
        table = self.numbered_table("margins", title, *tables.margins(self), note=note)
        said = words.margins_said(self.way, self.best, self.aimed, self.pots)
        return paragraphs(said) + drawn + table

    @of_funds
    def conclusions(self) -> Block:
        """四: what follows."""
        said = [self.words.conclusion(key, self.way, self.best, self.aimed) for key in CONCLUDED]
        return bullets([one for one in said if one])

    # the notebook's other cells, each a function of the report
    front, keys, noted = summary.front, summary.keys, summary.noted
    decision = decision.decision


def opened_report(asked: FundingMixParameters) -> FundingMix:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    made = opened(asked, (*ACCOUNTS, "workload"))
    return FundingMix(**vars(made))
