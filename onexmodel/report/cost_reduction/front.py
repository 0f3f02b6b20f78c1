"""The front box of cost_reduction, the trees of its key figures, and its conclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.levers.draws import LEAST
from ...analysis.scheme import touched
from ..annex.notes import Note
from ..front.dates import asleep_said
from ..front.draws import Led, few_draws, off_centre
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state
from ..page.blocks import Block, bullets
from ..page.numbers import count, tenths, wan
from .numbers import cut_saving

if TYPE_CHECKING:
    from .report import CostReduction

COSTS = {
    "cash": ("organisation_cash_cost", "college_cash_cost", "training_cash_cost", "uplift"),
    "economic": ("assessment_cost", "training_cost", "teacher_time_cost"),
}  # measure → what the baseline's cost is made of


def front(report: CostReduction) -> Block:
    """Conclusion first; then key figures, who keeps it, risks, state of the data."""
    words, writer, study, package = report.words, report.writer, report.study, report.package
    notes = {
        "kept": words.who_keeps(report.kept, package.cash.amount),
        "risks": words.risks(package),
        "basis": data_state(study, writer),
    }
    return writer.front(
        words.kicker,
        words.title(package),
        meta_line(study, writer),
        words.lead(package),
        [*beyond_said(study, writer), *also(report)],
        [
            (words.keys[name]["name"], key.shown, words.keys[name]["unit"], key.change, i)
            for i, (name, key) in enumerate(keys(report).items(), start=1)
        ],
        [(words.box[name], text) for name, text in notes.items()],
        words.summary,
    )


def also(report: CostReduction) -> list[str]:
    """What the saving costs in quality and outlay, what the brackets hold, whom it is about."""
    words, writer, package = report.words, report.writer, report.package
    lines = [
        words.quality_said(package),
        words.outlay_said(package),
        words.brackets() if report.sampled else few_draws(writer),
    ]
    if report.varies and report.sampled:
        lines.append(words.part_way(LEAST, report.ranges))
    asleep = asleep_said(writer, touched(report.study), report.study.year)
    lines += [asleep] if asleep else []
    led = {"cash": package.cash.amount, "economic": package.economic.amount, "net": package.net}
    lines += off_centre(
        writer,
        [
            Led(words.led[name], value, report.draws[name].to_numpy(), wan, words.led_unit)
            for name, value in led.items()
        ],
    )
    lines.append(words.concerned(package))
    if report.study.composition.changes_anything:
        lines.append(words.no_scenario(report.title))
    return lines


class Key(NamedTuple):
    """A key figure: as the front box shows it, what it has become (for its note), and its change."""

    shown: str
    now: str
    change: str


def keys(report: CostReduction) -> dict[str, Key]:
    """Key figures of the front box, in the order of their notes."""
    words, p = report.words, report.package
    minutes = p.quality["minutes_per_candidate"]

    def money(amount: float, reach: tuple[float, float], about: str) -> Key:
        change = report.writer.span(reach, wan, amount) + words.apart + about
        return Key(wan(amount), wan(amount), change)

    return {
        "per_candidate": Key(
            f"{count(p.before)} → {count(p.after)}", count(p.after), words.per_candidate_change(p)
        ),
        "cash": money(p.cash.amount, p.cash.reach, words.of_cost(p.cash)),
        "economic": money(p.economic.amount, p.economic.reach, words.of_cost(p.economic)),
        "net": money(p.net, p.net_reach, words.after_outlay()),
        "minutes": Key(
            f"{tenths(minutes.before)} → {tenths(minutes.after)}",
            tenths(minutes.after),
            words.minutes_change(minutes),
        ),
    }


def noted(report: CostReduction) -> list[Note]:
    """Notes of the key figures, with their trees."""
    words, made = report.words, trees(report)
    return [
        Note(i, words.keys[name]["name"], f"{key.now} {words.keys[name]['unit']}", (made[name],))
        for i, (name, key) in enumerate(keys(report).items(), start=1)
    ]


def trees(report: CostReduction) -> dict[str, Node]:
    """Trees of the key figures: the baseline's cost as it is made, less each lever's exact share."""
    words, lang, found, package = report.words, report.writer.lang, report.found, report.package
    derived, yearly = derivation(report.study, "none", stored=True), words.units["yearly"]

    def node(name, value, kind, children, unit=yearly, about="") -> Node:
        said = words.nodes[about or name]
        return Node(name, said["title"], "", value, unit, kind, said["formula"], children=children)

    def each(column, unit=yearly) -> tuple[Node, ...]:
        return tuple(
            Node(
                row.lever,
                row.title,
                "",
                float(getattr(row, column)),
                unit,
                "rest",
                source=f"data/scenarios/{row.lever}.yaml",
            )
            for row in found.table.itertuples()
        )

    def saved(measure: str) -> Node:
        parts = tuple(place_tree(derived, "baseline", name, lang) for name in COSTS[measure])
        cost = node("baseline", found.baseline[measure], "sum", parts)
        shares = (*each(f"{measure}_shapley"), cost)
        return node(f"joint_{measure}", found.joint[measure], "sum", shares, about=measure)

    cash = saved("cash")
    outlay = node("one_off_yearly", package.yearly, "sum", each("one_off_yearly"))
    return {
        "per_candidate": node("per_candidate", package.after, "rule", (cash,), words.units["yuan"]),
        "cash": cash,
        "economic": saved("economic"),
        "net": node("net_cash", package.net, "rule", (cash, outlay)),
        "minutes": node(
            "minutes_per_candidate",
            float(package.quality["minutes_per_candidate"].after),
            "rule",
            each("refused", words.units["refused"]),
            words.units["minutes"],
        ),
    }


def conclusions(report: CostReduction) -> Block:
    """What to do first, what not yet, and what has to be settled before."""
    words = report.words
    table = report.found.table.sort_values("net_cash", ascending=False)
    good = table["net_cash"] > 0
    dear = table.loc[table["net_cash"] <= 0, "title"].tolist()
    return bullets(
        [
            words.first_levers(table.loc[good, "title"].tolist()),
            *([words.dear_levers(dear)] if dear else []),
            words.floors_first(cut_saving(report.found)),
            words.pass_on(),
            words.sites_later(),
        ]
    )
