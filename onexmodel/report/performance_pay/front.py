"""The first sheet of performance_pay: the summary with its recommendation, and the trees behind the key figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import uplift_tree
from ...analysis.scheme import touched
from ..annex.local_changes import taken
from ..annex.notes import Note
from ..front.dates import asleep_said
from ..front.state import beyond_said, data_state
from ..page.blocks import Block
from ..page.numbers import NO_RANGE, count, percent, with_unit

if TYPE_CHECKING:
    from ..page.writer import PageWriter
    from .report import PerformancePay


@dataclass(frozen=True)
class Key:
    """A key figure: its code, its value as written, its unit, the baseline's value where it reads differently and something is changed,
    and what stands beside it. Its place in the list is its note's number."""

    code: str
    now: str
    unit: str
    beside: str
    then: str = ""

    def shown(self, writer: PageWriter) -> str:
        """The value, after the baseline's where there is one."""
        return writer.moved(self.then, self.now) if self.then else self.now


def front(report: PerformancePay) -> Block:
    """Conclusion first; then three key figures, the recommendation and what would overturn it, who bears it, risks, state of the data."""
    words, asked, lacking = report.words, report.request, report.lacking
    about = {
        words.boxes["who"]: words.bearers(report.money, report.unpaid, asked)
        if report.funded
        else words.unfunded(lacking),
        words.boxes["risks"]: report.shared.sentences([words.risks, tilted(report)]),
        words.boxes["data"]: data_state(report.study, report.writer),
    }
    do, unless, hour = recommendation(report), overturned(report), hour_price(report)
    title, lead, more = words.title(asked), words.lead(report.row["growth"], asked), also(report)
    shown = [
        (words.keys[key.code], key.shown(report.writer), key.unit, key.beside)
        for key in keys(report)
    ]
    return report.first_page(
        title,
        report.meta,
        lead,
        [*beyond_said(report.study, report.writer), *more],
        shown,
        about,
        do,
        unless,
        {words.hour_label: hour},
    )


def elasticity_said(report: PerformancePay) -> str:
    """The elasticity taken, with what holds in some places only."""
    return taken(report.writer, report.study, report.view, "pay.elasticity", "{:g}".format)


def recommendation(report: PerformancePay) -> str:
    """What to ask for, by the rule of advice.request."""
    return report.words.recommendation(
        report.request, report.row, elasticity_said(report), report.reach("uplift_rate")
    )


def overturned(report: PerformancePay) -> str:
    """What would change it, with its number."""
    return report.words.overturned(
        report.request,
        report.row,
        report.turning,
        report.hour_fee,
        elasticity_said(report),
        report.called("table", "elasticity"),
        report.reach("uplift_rate"),
    )


def tilted(report: PerformancePay) -> str:
    """What the tilted part pays an X hour where that is less than the least pay assumed, and the tilt that reaches it; nothing where the
    hours of the teachers must be verified first."""
    hourly, rate = float(report.chosen["hourly"]), float(report.view["pay.reservation_rate"])
    if report.unverified or not hourly < rate:  # without uplift or hours it is missing
        return ""
    most = float(report.tilts.iloc[-1]["hourly"])
    return report.words.tilt_too_low(report.tilt, hourly, rate, report.tilt_reached, most)


def hour_price(report: PerformancePay) -> str:
    """What an X hour costs."""
    asked = report.request
    under = next((one.under for one in report.options if one.chosen), float("nan"))
    # the draws are of the method in force
    reach = report.reach("per_hour") if not asked.capped else NO_RANGE
    return report.words.hour_price(asked, report.hour_fee, reach, under)


def also(report: PerformancePay) -> list[str]:
    """Against the baseline; what is not yet in force; teachers not listed."""
    words, writer, study = report.words, report.writer, report.study
    part = report.in_part
    lines = []
    if study.composition.changes_anything:
        lines.append(words.against_baseline(report.title, report.before, report.row))
    lines.append(asleep_said(writer, touched(study), study.year))
    if len(part):
        example = next(part.itertuples()) if writer.internal else None
        lines.append(words.listed_in_part(len(part), report.eligible, example))
    if report.unverified:
        lines.append(unverified(report))
    return [line for line in lines if line]


def unverified(report: PerformancePay) -> str:
    """That listed X hours must be verified before what the report says on sharing can be used; the hours where they may be told."""
    apart = report.hours_apart
    told = next(apart.itertuples()) if report.writer.internal and len(apart) == 1 else None
    return report.words.hours_unverified(len(apart), report.eligible, told)


def keys(report: PerformancePay) -> list[Key]:
    """Key figures of the front box: baseline → scheme where something is changed, with an interval or a share."""
    words, writer, now = report.words, report.writer, report.request
    changed = report.study.composition.changes_anything
    then = report.request_before if changed else now
    way = words.by_way(now, elasticity_said(report))

    def key(code, write, beside, unit=""):
        was, is_ = write(getattr(then, code)), write(getattr(now, code))
        return Key(code, is_, unit or words.key_units[code], beside, was if was != is_ else "")

    reach = writer.span(now.reach, writer.money, now.yuan)
    request = key("yuan", writer.money, words.key_beside(reach, way), writer.money_unit)
    return [
        Key("request", request.now, request.unit, request.beside, request.then),
        key("of_pool", percent, words.of_pool(report.row["pool"])),
        key("per_hour", count, words.of_fee(now, report.hour_fee)),
    ]


def noted(report: PerformancePay) -> list[Note]:
    """Trees of the key figures, the largest college of each total."""
    words, lang, asked = report.words, report.writer.lang, report.request
    derived = derivation(report.study, "none", stored=True)
    added, uplift = (uplift_tree(derived, name, lang) for name in ("added_hours", "uplift"))
    sums = (uplift_tree(derived, f"uplift_{way}", lang) for way in ("elasticity", "rate"))

    def node(name, code, value, *children):
        said, kind = words.nodes[code], "rule" if children else "rest"
        title, unit, formula = said["title"], said["unit"], said.get("formula", "")
        return Node(name, title, "", float(value), unit, kind, formula, children=children)

    request = node("request", "request", asked.yuan, uplift, *sums)
    pool = node("pay_pool", "pool", report.row["pool"])
    trees = [
        request,
        node("of_pool", "of_pool", 100 * asked.of_pool, request, pool),
        node("pay_per_added_hour", "per_hour", asked.per_hour, uplift, added),
    ]
    return [
        Note(number, words.keys[key.code], with_unit(key.now, key.unit), (tree,))
        for number, (key, tree) in enumerate(zip(keys(report), trees, strict=True), start=1)
    ]
