"""Make what is missing of the reports for each province, each in a process and a kernel of its own (make/batch.py)."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from ...errors import Fault, OnexError, ReportError
from ...running.progress import Told, silent
from ..make.batch import AT_ONCE, Order, made_of
from .order import Asked, Province, Report, file_name

KEPT, MADE, WITHHELD, FAILED = "kept", "made", "withheld", "failed"


@dataclass(frozen=True)
class Outcome:
    """What became of one report. `state`: KEPT (it stood there already), MADE, WITHHELD (too few colleges) or FAILED, with the sentence."""

    name: str
    province: Province
    state: str
    report: Report | None = None
    why: str = ""


def make_each(
    asked: Asked, told: Told = silent, parsed=None, at_once: int = AT_ONCE
) -> Generator[Outcome, None, None]:
    """Yield what becomes of each report: first those that need not be made, then each as it is done, the longest begun first. Whoever goes
    away before the end closes it. Raises ReportError where the folder holds another order."""
    asked.claim()
    waiting: dict[str, tuple[str, Province]] = {}
    for name in asked.names:
        for province in asked.provinces:
            if asked.withheld(province):
                yield Outcome(name, province, WITHHELD)
            elif found := asked.done(name, province):
                yield Outcome(name, province, KEPT, found)
            else:
                waiting[file_name(name, province.code)] = name, province
    if not waiting:
        return
    first = sorted(waiting, key=lambda file: -asked.length(*waiting[file]))
    orders = [_order(asked, file, *waiting[file]) for file in first]
    lengths = [asked.length(*waiting[file]) for file in first]
    with closing(made_of(orders, lengths, told, parsed, at_once)) as made:
        for order, outcome in made:
            name, province = waiting[order.more["file_name"]]
            found = None if isinstance(outcome, OnexError) else asked.done(name, province)
            if found is None:
                why = str(outcome if isinstance(outcome, OnexError) else _another(name))
                yield Outcome(name, province, FAILED, why=why)
            else:
                yield Outcome(name, province, MADE, found)


def _order(asked: Asked, file: str, name: str, province: Province) -> Order:
    given = asked.parameters(province)
    return Order(name, given, asked.out, asked.options, {"file_name": file})


def _another(name: str) -> ReportError:
    """Of a report that was made, but whose record is not of this order."""
    return ReportError(
        Fault(
            f"报告 {name}",
            "生成了，但其运行记录与所问的不符：数据、情景或程序在其间被改动",
            do="换一个 --out 重做",
        )
    )
