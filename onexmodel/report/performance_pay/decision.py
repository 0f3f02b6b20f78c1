"""performance_pay's second sheet: the ways to ask side by side, what superiors are asked to decide, what is done first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.statistics.precision import HALF_YUAN
from ..front.decision import decision_sheet
from ..front.opening import place_name
from ..page.blocks import Block
from ..page.numbers import count
from . import front

if TYPE_CHECKING:
    from .report import PerformancePay


def decision(report: PerformancePay) -> Block:
    """Options side by side, what superiors are asked to decide, and what is done first."""
    words, study, asked = report.words, report.study, report.request
    written = {
        "way": words.option_name,
        "yuan": lambda one: report.writer.money(one.yuan),
        "hour": lambda one: count(one.per_hour),
        "who": words.option_payers,
        "under": words.option_under,
        "risk": lambda one: words.option_risk(
            one, report.hour_fee, report.filled("uplift_income_share", report.row)
        ),
    }
    if not np.isfinite([one.under for one in report.options]).any():
        del written["under"]
    if not report.funded:
        del written["who"]
    options = [[write(one) for write in written.values()] for one in report.options]
    requests = []
    if asked.some:
        place = place_name(study, report.writer)
        chosen = report.chosen_option
        whole = chosen.yuan if chosen and chosen.yuan - asked.yuan >= HALF_YUAN else None
        requests = [
            words.request_sum(asked, place, study.year, report.standing),
            words.request_money(report.money, report.unpaid, asked, whole)
            if report.funded
            else words.request_source(report.lacking),
        ]
    requests.append(words.request_rule(front.elasticity_said(report), asked.method))
    if asked.some and report.tilt > 0 and report.chosen["busy"] and not report.unverified:
        requests.append(words.request_tilt(report.tilt, report.chosen["worse"]))
    steps = [("survey", words.survey(report.filled("granted", report.row).state))]
    if report.unverified:
        steps.insert(0, ("verify", words.verify))
    if asked.some:
        steps += [
            (
                "fund",
                words.fund(report.money, report.unpaid, asked)
                if report.funded
                else words.fill_in(report.lacking),
            ),
            ("share_out", words.share_out(report.tilt)),
        ]
    actions = [(said, words.actors[code], words.terms[code]) for code, said in steps]
    return decision_sheet(
        report.writer,
        [words.option_column(name) for name in written],
        options,
        requests,
        actions,
        words.rule_of_choice(asked.net, report.funded),
        next((i for i, one in enumerate(report.options) if one.chosen), -1),
    )
