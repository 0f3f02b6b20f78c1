"""fee_cap's second sheet: options side by side, what superiors are asked to decide, three actions. All follow from report.advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.statistics.precision import HALF_YUAN
from ..front.decision import decision_sheet
from ..page.blocks import Block
from ..page.numbers import count, signed
from .advice import Advice, Option

if TYPE_CHECKING:
    from .report import FeeCap


def decision(report: FeeCap) -> Block:
    """Options, requests and actions; where nothing of the scheme is in force there is nothing to decide."""
    a = report.advice
    if a.verdict == "asleep":
        return decision_sheet(report.writer, (), (), (), ())
    options = sorted(a.options, key=lambda one: (one.unanswered > 0, one.size))
    return decision_sheet(
        report.writer,
        [name for key, name in report.words.options_columns.items() if key in _columns(report)],
        [_row(report, option) for option in options],
        requests(report),
        actions(report),
        _note(report),
        next((i for i, one in enumerate(options) if one is a.chosen), -1),
        "fee_cap_alone" if report.lacks else "",
    )


def _columns(report: FeeCap) -> list[str]:
    """Whose columns the table of options has: nothing of service where it cannot be judged, nor of funds where none are on record."""
    out: tuple[str, ...] = () if report.basis.assessed else ("served", "each")
    out += () if report.funds else ("unfunded",)
    return [one for one in report.words.options_columns if one not in out]


def _row(report: FeeCap, option: Option) -> list[str]:
    words, a, money = report.words, report.advice, report.writer.money
    title = words.option_title(option.title, option is a.scheme)
    if option.unanswered > 0:
        open_ = dict.fromkeys(report.words.options_columns, words.option_open)
        said = open_ | {"title": title, "risk": words.option_risk(option, a.now)}
        return [said[name] for name in _columns(report)]
    today = option is a.now
    said = {
        "title": title,
        "fee": count(option.fee),
        "bill": "—" if today else signed(money(option.bill)),
        "unfunded": words.option_unfunded(option),
        "served": "—" if today else signed(count(option.served)),
        "each": words.option_each(option),
        "risk": words.option_risk(option, a.now),
    }
    return [said[name] for name in _columns(report)]


def _note(report: FeeCap) -> str:
    a = report.advice
    unanswered = [(one.title, one.unanswered) for one in a.options if one.unanswered > 0]
    return report.words.options_note(
        a.chosen is not None,
        a.target,
        unanswered,
        report.basis.assessed,
        report.called("table", "binding") if unanswered else "",
    )


def requests(report: FeeCap) -> list[str]:
    """Two to four sentences that a superior can sign."""
    words, a = report.words, report.advice
    first = {
        "keep": lambda: words.request_keep(a),
        "hold": lambda: words.request_hold(a),
        "adopt": lambda: words.request_adopt(a.scheme, a),
        "lower": lambda: words.request_adopt(a.scheme, a),
        "other": lambda: words.request_adopt(a.chosen, a),
    }.get(a.verdict, lambda: words.request_wait(a))
    taken = _taken(a)
    return [
        first(),
        *([words.request_data(a)] if a.few_given else []),
        *(
            [words.request_funds(a, taken)]
            if taken.gap >= HALF_YUAN and not taken.unanswered
            else []
        ),
        words.alone_request(report.lacks) if report.lacks else words.request_caps,
    ]


def _taken(a: Advice) -> Option:
    """The scheme whose money is asked for: the recommended one, else the report's."""
    return a.chosen if a.verdict == "other" and a.chosen else a.scheme


def actions(report: FeeCap) -> list[tuple[str, str, str]]:
    """What is done first, who, by when: the three that the run asks for most."""
    words, a, taken = report.words, report.advice, _taken(report.advice)
    alone = report.writer.alone
    wanted = [
        ("plans", "") if a.verdict == "unjudged" and not alone else None,
        ("fill", words.alone_action(report.lacks)) if report.lacks else ("caps", ""),
        ("given", words.action_given(a)) if a.few_given else None,
        ("loose", words.action_loose(a)) if a.now.loose > 0 and not alone else None,
        ("funds", words.action_funds(taken))
        if taken.gap >= HALF_YUAN and not taken.unanswered
        else None,
        ("watch", ""),
    ]
    listed = [one for one in wanted if one][:3]
    return [
        (said or words.actions[name]["do"], words.actions[name]["who"], words.actions[name]["by"])
        for name, said in listed
    ]
