"""The front box of performance_pay: lead, key figures, what stands beside them, and the trees behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...analysis.draws.sample import interval
from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import uplift_tree
from ...analysis.scheme import touched
from ..annex.local_changes import taken, where_said
from ..annex.notes import Note
from ..front.dates import asleep_said
from ..front.draws import Led, baseline_drawn, few_draws, off_centre
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state
from ..page.blocks import Block
from ..page.numbers import count, percent, wan
from ..page.writer import SMALL

if TYPE_CHECKING:
    from .report import PerformancePay


@dataclass(frozen=True)
class Key:
    """A key figure: its code, its value as written, the baseline's where it reads differently and something is changed, and what
    stands beside it. Its place in the list is its note's number."""

    code: str
    now: str
    beside: str
    then: str = ""


def summary(report: PerformancePay) -> Block:
    """Conclusion first; then key figures, who bears it, risks, state of the data."""
    words = report.words
    about = [
        (words.about["who"], words.bearers(report.money)),
        (words.about["risks"], words.risks),
        (words.about["data"], data_state(report.study, report.writer)),
    ]
    return boxed(report, words.title(report.row), lead(report), also(report), keys(report), about)


def boxed(
    report: PerformancePay,
    title: str,
    said: str,
    more: Sequence[str] = (),
    found: Sequence[Key] = (),
    about=(),
) -> Block:
    """The front box."""
    words = report.words
    figures = [
        (
            words.keys[key.code],
            f"{key.then} → {key.now}" if key.then else key.now,
            words.key_units[key.code],
            key.beside,
            number,
        )
        for number, key in enumerate(found, start=1)
    ]
    return report.writer.front(
        words.kicker,
        title,
        meta_line(report.study, report.writer),
        said,
        [*beyond_said(report.study, report.writer), *more],
        figures,
        about,
        words.summary,
    )


def lead(report: PerformancePay) -> str:
    """The sentence performance_pay leads with (结论一句话), with its intervals."""
    return report.words.lead(
        report.row,
        report.ranges,
        report.chosen,
        taken(report.writer, report.study, report.view, "pay.elasticity", "{:g}".format),
        not report.apart,
    )


def also(report: PerformancePay) -> list[str]:
    """Against the baseline; what the brackets hold; what elasticity alone does; what is granted; whom it is about; teachers not listed."""
    words, writer, study, row = report.words, report.writer, report.study, report.row
    changed, part = study.composition.changes_anything, report.in_part
    asleep = asleep_said(writer, touched(study), study.year)
    led = [
        Led(name, row[code], report.draws[code], wan, words.led_unit)
        for code, name in words.led.items()
    ]
    lines = [
        *([words.against_baseline(report.title, report.before, row)] if changed else []),
        brackets(report) if report.sampled else few_draws(writer),
        *([asleep] if asleep else []),
        *(baseline_drawn(writer, study, "uplift") if changed else []),
        *off_centre(writer, led),
        words.in_force(
            report.view["pay.uplift_method"],
            report.filled("granted", row),
            report.filled("to_ask", row),
            SMALL,
        ),
        words.counted(report.standing),
    ]
    if len(part):
        example = next(part.itertuples()) if writer.internal else None
        lines.append(words.listed_in_part(len(part), example))
    return lines


def brackets(report: PerformancePay) -> str:
    """What the intervals hold, and the uplift at each elasticity."""
    parts, elasticity = report.by_elasticity, float(report.view["pay.elasticity"])
    here = next(one for one in parts if one.value == elasticity)
    set_there = any(
        change.where and change.operation == "value"
        for change in report.study.laws.own.get("pay.elasticity", ())
    )
    return report.words.brackets(
        parts,
        here,
        interval(here.drawn["uplift"]),
        "pay.elasticity" in report.study.fixed(),
        [where_said(report.writer, report.study, where) for where, _ in report.apart]
        if set_there
        else [],
    )


def keys(report: PerformancePay) -> list[Key]:
    """Key figures of the front box: baseline → scheme where something is changed, interval, change or share."""
    words, writer, row, chosen = report.words, report.writer, report.row, report.chosen
    gap, changed = writer.say("　", " "), report.study.composition.changes_anything

    def key(code, write, beside):
        then, now = write(report.before[code]), write(row[code])
        return Key(code, now, beside, then if changed and then != now else "")

    def reach(code, write, value):
        return writer.span(report.ranges[code], write, value)

    growth = row["growth"]
    return [
        key("added", count, f"+{percent(growth)}%{reach('growth', percent, growth)}"),
        *(
            key(
                code, wan, reach(code, wan, row[code]) + gap + words.of_pool(row[code], row["pool"])
            )
            for code in ("uplift_elasticity", "uplift_rate")
        ),
        key(
            "per_hour",
            count,
            reach("per_hour", count, row["per_hour"]) + gap + words.of_fee(row, report.hour_fee),
        ),
        Key(
            "gain_busy",
            count(chosen["gain_busy"]),
            reach("gain_busy", count, chosen["gain_busy"]) + gap + words.at_tilt(report.tilt),
        ),
    ]


def noted(report: PerformancePay) -> list[Note]:
    """Trees of the key figures: the largest college of each total; the gain of teachers is counted, not summed."""
    words, lang, chosen = report.words, report.writer.lang, report.chosen
    derived = derivation(report.study, "none", stored=True)
    trees = [
        uplift_tree(derived, name, lang)
        for name in ("added_hours", "uplift_elasticity", "uplift_rate")
    ]
    uplift = uplift_tree(derived, "uplift", lang)

    def node(name, code, value, kind, *children):
        said = words.nodes[code]
        return Node(
            name,
            said["title"],
            "",
            float(value),
            said["unit"],
            kind,
            said.get("formula", ""),
            children=children,
        )

    trees += [
        node("pay_per_added_hour", "per_hour", report.row["per_hour"], "rule", uplift, trees[0]),
        node(
            "gain_busy",
            "gain_busy",
            chosen["gain_busy"],
            "rule",
            node("teachers", "busy", chosen["busy"], "rest"),
            node("pay.tilt", "tilt", report.tilt, "parameter"),
            uplift,
        ),
    ]
    return [
        Note(number, words.keys[key.code], f"{key.now} {words.key_units[key.code]}", (tree,))
        for number, (key, tree) in enumerate(zip(keys(report), trees, strict=True), start=1)
    ]
