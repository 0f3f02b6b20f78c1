"""The front box of cost_reduction with its recommendation, the trees of its key figures, its conclusions, the numbers of its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.levers.draws import LEAST
from ...analysis.scheme import touched
from ...analysis.statistics.precision import HALF_YUAN
from ..annex.notes import Note
from ..common import ends_named
from ..front.dates import asleep_said
from ..front.draws import Led, few_draws, off_centre
from ..front.state import beyond_said, data_state
from ..page.blocks import Block
from ..page.numbers import carried, count, with_unit
from .numbers import cut_saving

if TYPE_CHECKING:
    from .report import CostReduction

COSTS = {
    "cash": ("organisation_cash_cost", "college_cash_cost", "training_cash_cost", "uplift"),
    "economic": ("assessment_cost", "training_cost", "teacher_time_cost"),
}  # measure → what the baseline's cost is made of


def front(report: CostReduction) -> Block:
    """Conclusion first; three key figures, what is recommended, who bears it, risks, state of the data."""
    words, package, lead, advice = report.words, report.first, report.lead, report.advice
    reach = package.net_reach
    about = {
        words.box["kept"]: words.who_keeps(lead, package.one_off, payers(report)),
        words.box["risks"]: words.risks(package, report.idle),
        words.box["basis"]: data_state(report.study, report.writer),
    }
    return report.first_page(
        words.title(lead, reach),
        report.meta,
        words.lead(lead, reach),
        also(report),
        [(key.name, key.shown, key.unit, key.change) for key in keys(report).values()],
        about,
        words.advised(advice, reach),
        words.unless(advice),
        {words.each_label: words.each(lead)},
    )


def payers(report: CostReduction) -> dict[str, int]:
    """Who pays a one-off cost → how many of them (the most that one lever falls on)."""
    table = report.proposed.table
    table = table[table["one_off"] > 0]
    return table.groupby("per", sort=False)["payers"].max().to_dict()


def also(report: CostReduction) -> list[str]:
    """What must not be overlooked: plans after the transfer, changes that sleep, a scenario that takes no part."""
    study, writer = report.study, report.writer
    asleep = asleep_said(writer, touched(study), study.year)
    changed = study.composition.changes_anything
    unused = report.words.no_scenario(report.title) if changed else ""
    return [*beyond_said(study, writer), asleep, unused]


def caveats(report: CostReduction) -> list[str]:
    """What the savings are if the levers are carried out in part, and which leading number lies off the middle of its draws."""
    words, writer, package = report.words, report.writer, report.package
    lines = [] if report.sampled else [few_draws(writer)]
    if report.varies and report.sampled:
        lines.append(words.part_way(LEAST, report.ranges))
    amounts = {
        "cash": package.cash.amount,
        "economic": package.economic.amount,
        "net": report.everything.done.net,
    }
    led = [
        Led(words.led[name], value, report.draws[name].to_numpy(), writer.money, words.led_unit)
        for name, value in amounts.items()
    ]
    return lines + off_centre(writer, led)


class Key(NamedTuple):
    """A key figure: its name, the figure as the front box shows it and as its note does, its unit, its change."""

    name: str
    shown: str
    now: str
    unit: str
    change: str


def keys(report: CostReduction) -> dict[str, Key]:
    """Key figures of the front box, in the order of their notes."""
    words, p, lead, writer = report.words, report.first, report.lead, report.writer
    whole, college, money, yearly = lead.whole, lead.college, writer.money, words.yearly
    reach = p.net_reach
    return {
        "per_candidate": Key(
            words.keys["per_candidate"],
            writer.moved(count(p.before), count(p.after)),
            count(p.after),
            words.units["yuan"],
            words.per_candidate_change(p),
        ),
        "net": Key(
            words.keys["net" if whole.net >= 0 else "net_lost"],
            carried(abs(whole.net), reach, money),
            money(whole.net),
            yearly,
            words.net_change(whole, reach),
        ),
        "college": Key(
            words.keys["college" if college.net >= 0 else "college_lost"],
            words.rounded(abs(college.net), reach),
            money(college.net),
            yearly,
            words.college_change(college, reach),
        ),
    }


def noted(report: CostReduction) -> list[Note]:
    """Notes of the key figures, with their trees."""
    made = trees(report)
    return [
        Note(i, key.name, with_unit(key.now, key.unit), (made[name],))
        for i, (name, key) in enumerate(keys(report).items(), start=1)
    ]


def trees(report: CostReduction) -> dict[str, Node]:
    """Trees of the key figures: the baseline's cost as it is made, less each lever's exact share; of the levers of the first page."""
    words, lang, found, package = report.words, report.writer.lang, report.proposed, report.first
    choice = report.lead
    derived, yearly = derivation(report.study, "none", stored=True), words.units["yearly"]

    def node(name, value, kind, children, unit=yearly, about="") -> Node:
        said = words.nodes[about or name]
        return Node(name, said["title"], "", value, unit, kind, said["formula"], children=children)

    def each(column, rows=found.table) -> tuple[Node, ...]:
        file = "data/scenarios/{}.yaml".format
        return tuple(
            Node(
                one.lever,
                one.title,
                "",
                float(getattr(one, column)),
                yearly,
                "rest",
                source=file(one.lever),
            )
            for one in rows.itertuples()
        )

    def saved(measure: str) -> Node:
        parts = tuple(place_tree(derived, "baseline", name, lang) for name in COSTS[measure])
        cost = node("baseline", found.baseline[measure], "sum", parts)
        shares = (*each(f"{measure}_shapley"), cost)
        return node(f"joint_{measure}", found.joint[measure], "sum", shares, about=measure)

    cash, held = saved("cash"), found.kept.set_index("fees").loc["held"]
    outlay = node("one_off_yearly", choice.done.yearly, "sum", each("one_off_yearly"))
    bill, kept, invested = (
        float(one) for one in (held["fee_bill"], held["college"], choice.done.outlay["college"])
    )
    parts = (node("fee_bill", -bill, "rest", ()), node("own_items", kept + bill, "rest", ()))
    colleges = each("one_off_yearly", found.table[found.table["per"] == "college"])
    own = (
        node("college_kept", kept, "sum", parts),
        node("college_outlay", invested, "sum", colleges),
    )
    return {
        "per_candidate": node("per_candidate", package.after, "rule", (cash,), words.units["yuan"]),
        "net": node("net_cash", choice.done.net, "rule", (cash, outlay)),
        "college": node("college_net", kept - invested, "rule", own),
    }


def concluded(report: CostReduction) -> list[str]:
    """What has to be settled before, and what the first page leaves out."""
    words, package, cuts = report.words, report.package, cut_saving(report.found)
    return [
        words.resources(package.economic),
        *([words.cash_only(package.cash_only)] if package.cash_only else []),
        *([words.floors_first(cuts)] if cuts > HALF_YUAN else []),
        words.pass_on(report.lead, report.called("table", "kept")),
        words.sites_later(),
    ]


def headlines(report: CostReduction) -> dict[str, float]:
    """Joint savings with their intervals, shares, refusals; what colleges keep and invest; `proposed`: the same of the levers of the first
    page. Yuan a year, colleges."""
    found, done, lead = report.found, report.everything.done, report.lead
    kept = found.kept.set_index("fees")["college"]
    return {
        **{f"joint.{name}": float(value) for name, value in found.joint.items()},
        **{f"baseline.{name}": float(value) for name, value in found.baseline.items()},
        **ends_named({name: report.ranges[name] for name in ("cash", "economic", "net")}),
        "net": done.net,
        "college.kept": float(kept["held"]),
        "college.outlay": done.outlay["college"],
        "proposed.saved": lead.done.saved,
        "proposed.outlay": lead.done.yearly,
        "proposed.net": lead.done.net,
        **ends_named({"proposed.net": report.first.net_reach}),
        "proposed.college.outlay": lead.done.outlay["college"],
        **{
            f"{row.lever}.{name}": float(getattr(row, name))
            for row in found.table.itertuples()
            for name in ("cash_shapley", "economic_shapley", "refused")
            if name != "refused" or report.writer.may_tell(row.refused, found.colleges)
        },
    }
