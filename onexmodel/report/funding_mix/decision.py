"""What is put to those who decide: ways to close the gap side by side, requests, and three actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..front.decision import decision_sheet
from ..front.sums import Sum
from ..page.blocks import Block, ranged

if TYPE_CHECKING:
    from .report import FundingMix

ACTIONS = 3


def decision(report: FundingMix) -> Block:
    """Options, requests and actions, by the numbers of the run."""
    words, way, steps = report.words, report.way, report.way.steps if report.funded else []
    left = {"filed": way.waterfall_gap, "order": way.gap, "move": way.left}
    rows = []
    for key in ["filed", *steps] if steps else []:
        rest = left.get(key) or Sum(0.0)
        added = way.left.value if key == "add" else 0.0
        rows.append(
            [
                words.option_name(key, way),
                ranged(report.writer.money(rest.value), words.reach(rest)),
                report.writer.money(added),
                words.option_who(key),
                words.option_risk(key, way),
            ]
        )
    wanted = [*(["fill"] if not report.funded else []), *steps, "review", "watch", "report"]
    return decision_sheet(
        report.writer,
        words.option_columns,
        rows,
        [words.request(key, way) for key in steps or ["plan"]],
        [
            (words.action(key, way), words.actor(key), words.by_when(key))
            for key in wanted[:ACTIONS]
        ],
        words.options_note(way) if report.funded else words.unfunded(report.lacking),
        len(rows) - 1,
    )
