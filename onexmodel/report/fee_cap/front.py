"""fee_cap's front box: what the scheme changes and what moves, as numbers; the sentences are in words.<lang>.j2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.scheme import ALL
from ...analysis.statistics.precision import HALF_FEN
from ...engine.compile import mid_year
from ...rules.funding import USES
from ..annex.local_changes import local_said
from ..front.change import Change
from ..front.dates import asleep_said
from ..front.draws import Led, baseline_drawn, off_centre
from ..front.follows import follows_said
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state
from ..page.blocks import Block, Summary, paragraphs
from ..page.numbers import percent
from ..page.words import OWN
from .alone import most_of_raise
from .areas import (
    borne_by,
    critical_interval,
    critical_parts,
    critical_side,
    parts_of,
    percents,
)

if TYPE_CHECKING:
    from .report import FeeCap

PART = 0.005  # share of sittings: a limit that decides fewer is not named


@dataclass(frozen=True)
class Told:
    """What title, lead and conclusions speak of. `asleep`: late or over where nothing of the scheme is in force; `shared`: names of
    what baseline and scheme take alike; `caps`: raise, lower, mixed, removed or none, by `caps_moved` on average (a share);
    `unanswered`: share of sittings without an answer and the mean fee of the rest; `through`: change of the mean fee over that of the
    mean ceiling; `uses`: yuan a year more by use; `of_outlay`: own money and gap in whole % of the outlay's change; `binds`: what
    decides today, in whole %; `passing`: whole %, as `passing_parts` gives them. Service is None where it cannot be judged, the
    organisations' shortfall also in one college's report."""

    scheme: str
    asleep: str
    areas: tuple[str, ...]
    shared: tuple[str, ...]
    caps: str
    caps_moved: float
    fees_move: bool
    unanswered: Mapping[str, float]
    fee: Change
    through: float | None
    bill: Change
    outlay: Change
    uses: tuple[tuple[str, float], ...]
    of_outlay: Mapping[str, float] | None
    gap: Change
    shortfall: Change | None
    unmet: Change | None
    binds: tuple[tuple[str, float], ...]
    passing: Mapping[str, float]

    @property
    def money_and_service(self) -> tuple[Change, ...]:
        """What moves or stays, in the order told; what is missing does neither."""
        told = (self.outlay, self.gap, self.shortfall, self.unmet)
        return tuple(one for one in told if one and one.kind != "missing")


def told(report: FeeCap) -> Told:
    """The numbers of the first page and of the conclusions."""
    touched, law, judged = report.touched, report.study.law, report.basis.assessed
    alone = report.writer.alone  # its organisations' losses are those of the whole province
    late = any(change.start > mid_year(report.study.year) for change in touched.asleep)
    caps, mean = report.caps
    binds = {name: part for name, part in report.binds[0].items() if part > PART}
    return Told(
        scheme=report.title,
        asleep=("late" if late else "over") if touched.sleeps else "",
        areas=touched.areas,
        shared=tuple(law.parameters[name].title(report.writer.lang) for name in touched.shared),
        caps=caps,
        caps_moved=mean - 1,
        fees_move=report.fees_move,
        unanswered=report.answered,
        fee=report.changed("mean_approved_fee"),
        through=_through(report),
        bill=report.changed("fee_bill"),
        outlay=report.changed("college_outlay"),
        uses=tuple(
            (use, report.by_use[use]) for use in USES if _printed(report, report.by_use[use])
        ),
        of_outlay=_of_outlay(report),
        gap=report.changed("funding_gap"),
        shortfall=report.changed("supplier_shortfall") if judged and not alone else None,
        unmet=report.changed("unmet_share") if judged else None,
        binds=tuple(zip(binds, percents(list(binds.values())), strict=True)),
        passing=passing_parts(report),
    )


def _printed(report: FeeCap, yuan: float) -> bool:
    """Is a sum of money more than nothing as it is printed?"""
    money = report.writer.money
    return bool(round(abs(money.inside(yuan)), money.decimals))


def _through(report: FeeCap) -> float | None:
    """Change of the mean fee over that of the mean ceiling, where only caps change and every ceiling is known, else None."""
    if not report.fees_move or report.touched.areas != ("caps",) or report.unjudged:
        return None
    before, after = report.runs["none"]
    weight, moved = report.weight, after.plan["ceiling"] - before.plan["ceiling"]
    if not np.isfinite(moved[weight > 0]).all():
        return None
    ceiling = float(np.nansum(weight * np.nan_to_num(moved)) / weight.sum())
    return report.change("none", "mean_approved_fee") / ceiling if abs(ceiling) > HALF_FEN else None


def _of_outlay(report: FeeCap) -> dict[str, float] | None:
    """Own money, what has no source, and the other sources in whole % of the outlay's change, as the box and the figure print them,
    where the first two move with it; else None (the box says who bears it)."""
    added, parts = report.change("none", "college_outlay"), parts_of(report.borne)
    if abs(added) < 1 or parts is None or not report.funds:
        return None
    own, gap = sum(report.borne[name] for name in OWN) / added, report.borne["funding_gap"] / added
    if min(own, gap) < 0 or own + gap > 1.0005:
        return None
    mine, none = sum(parts.get(name, 0.0) for name in OWN), parts.get("funding_gap", 0.0)
    return {"own": mine, "others": 100 - mine - none, "gap": none}


def passing_parts(report: FeeCap) -> dict[str, float]:
    """Whole % of sittings reached in full, in part, not at all, not compared, or not judged; on given and on modelled limits; `compared`: is there
    a pass-through to tell (docs/method.md §0.1)?"""
    p = report.passing
    names, open_ = ("full", "partial", "none", "unmoved", "unjudged"), p.get("unjudged", 0.0)
    made = dict(zip(names, percents([p.get(name, 0.0) for name in names]), strict=True))
    given, modelled, _ = percents([p["given"], 1 - p["given"] - open_, open_])
    compared = not p["unmoved"] + open_ > ALL
    return made | {"given": given, "modelled": modelled, "compared": compared}


def front(report: FeeCap) -> Block:
    """Conclusion first; then three key figures, what is recommended, who bears it, risks, state of the data."""
    words = report.words
    also = [
        *beyond_said(report.study, report.writer),
        removed_sentence(report),
        *follows(report),
        words.alone_said(report.lacks, most_of_raise(report))
        if report.lacks
        else words.capless(report.capless)
        if report.capless > 0
        else "",
        asleep_said(report.writer, report.touched, report.study.year),
    ]
    return report.writer.front(
        Summary(
            words.front_kicker,
            words.front_title(report.told, report.advice),
            meta_line(report.study, report.writer),
            lead(report),
            [text for text in also if text],
            key_figures(report),
            notes(report),
            words.front_label,
            advised(report),
        )
    )


def follows(report: FeeCap) -> list[str]:
    """Why the mean fee moves less than caps or published fees, where it clearly does."""
    fee = report.told.fee
    if report.told.unanswered["share"] > 0 or not fee.before > 0:
        return []
    told = follows_said(report.writer, report.study, report.runs["none"], fee.by / fee.before)
    return list(told.values())


def advised(report: FeeCap) -> list[tuple[str, str]]:
    """What is recommended, what would overturn it, what an extra candidate costs: (label, sentence)."""
    words, labels, a = report.words, report.writer.words("front").advice, report.advice
    said = [(labels["do"], words.advice_do(a, report.basis, report.told.gap))]
    if a.verdict == "asleep":
        return said
    judged = report.basis.assessed
    unless = words.advice_unless(
        a,
        report.critical if judged else None,
        critical_side(report) if judged else "",
        critical_interval(report) if judged else "",
        critical_parts(report) if judged else None,
        report.basis,
        report.told.gap,
    )
    each = words.advice_each(a)
    return [*said, (labels["unless"], unless), (labels["each"], each)]


def caveats(report: FeeCap) -> Block:
    """What the numbers of the first page hold besides the scheme: in the text, not in the box."""
    return paragraphs(
        *baseline_drawn(report.writer, report.study, "college_outlay"),
        *off_centre(report.writer, led(report)),
    )


def led(report: FeeCap) -> list[Led]:
    """The changes that the first page gives with an interval."""
    found, writer = [], report.writer
    for mode, names in (
        ("none", ("fee_bill", "college_outlay", "funding_gap")),
        ("supply", () if report.writer.alone else ("supplier_shortfall",)),
    ):
        for name in names if mode in report.modes else ():  # what is missing does not move
            if report.moves(name, mode):
                before, after = report.spread[mode]
                said, draws = report.words.change_name(name), after[name] - before[name]
                change = report.change(mode, name)
                found.append(Led(said, change, draws, writer.money, writer.money_unit))
    return found


def lead(report: FeeCap) -> str:
    """The sentence fee_cap leads with (结论一句话), in the words of what the scheme touches."""
    return report.words.lead(report.told)


def removed_sentence(report: FeeCap) -> str:
    """How the numbers below are to be read where a cap is removed."""
    return report.words.lead_others_only if report.answered["share"] > 0 else ""


def passing_sentence(report: FeeCap) -> str:
    """Where fees follow the cap (docs/method.md §0.1); of a scheme that moves no ceiling there is nothing to follow."""
    t = report.told
    return report.words.passing_said(t.passing, t.caps, t.areas)


def figure_names(report: FeeCap) -> tuple[str, ...]:
    """The headlines of the key figures: fee, what colleges pay, what has no source where that is known."""
    bill_first = report.fees_move or not report.moves("college_outlay", "none")
    paid = "fee_bill" if bill_first else "college_outlay"
    return ("mean_approved_fee", paid, *(["funding_gap"] if report.funds else []))


def key_figures(report: FeeCap) -> list[tuple]:
    """Name, baseline → scheme, unit, change in words with its interval, number of the note."""
    words, made = report.words, []
    for i, name in enumerate(figure_names(report), start=1):
        c, card = report.changed(name), words.card_words[name]
        after = words.no_answer if report.open else c.write(c.after)
        value = report.writer.moved(c.write(c.before), after)
        changed = "—" if report.open else words.card_change(c)
        made.append((card["name"], value, card["unit"], changed, i))
    return made


def notes(report: FeeCap) -> list[tuple[str, str]]:
    """Who bears it, risks, state of the data (HTML)."""
    writer, study, name = report.writer, report.study, "fees.deduct_college_borne"
    view = study.composition.law.at(mid_year(study.year))
    apart = local_said(writer, study, view, name, lambda part: percent(part) + "%")
    modelled = 1 - report.passing["given"] - report.unjudged > 0.5
    risk = (
        report.words.alone_risk(report.lacks)
        if report.lacks
        else report.words.front_risk(view[name], apart, modelled, report.unjudged > 0)
    )
    boxes = report.words.front_boxes
    return [
        (boxes["who"], report.words.no_answer if report.open else borne_by(report)),
        (boxes["risk"], risk),
        (boxes["data"], data_state(study, writer)),
    ]
