"""performance_pay's table that is turned: elasticity, tilt and central award, and what the uplift, its pay and its gap are then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.pay.grid import has_award, pay_grid
from ...engine.places.local import LOCAL
from ..page.blocks import Block
from ..page.explorer import Axis, Grid, Measure, rising
from ..page.numbers import count

if TYPE_CHECKING:
    from .report import PerformancePay

ELASTICITIES = (0.2, 0.4, 0.6, 0.8, 1.0)
TILTS = (0.0, 0.3, 0.6, 1.0)
AWARDS = (0.5, 1.0, 2.0)  # times the award in the data
TURNED = {"pay.elasticity", "pay.tilt"}  # what a scheme may change and stay on the grid
SUMS = ("uplift", "unpaid")  # of money, not of a teacher or an hour


def left_out(report: PerformancePay) -> bool:
    """Is there nothing to turn? The uplift is by another method, differs from place to place, or nobody has X hours."""
    by_elasticity = report.view["pay.uplift_method"] == "elasticity"
    apart = TURNED & {*report.view.get(LOCAL, {})}
    return not by_elasticity or bool(apart) or not report.chosen["busy"]


def points(report: PerformancePay) -> dict[str, tuple[float, float]]:
    """name → (elasticity, tilt): what is in force, and before it present rules where these differ in nothing else."""
    study, names = report.study, report.words.explorer_names
    before, after = (
        (float(view["pay.elasticity"]), float(view["pay.tilt"])) for view in study.views("none")
    )
    if not study.composition.changes_anything:
        return {names["taken"]: after}
    alike = study.own_changes() <= TURNED and not study.own_local()
    alike = alike and not study.composition.data_changes and before != after
    return ({names["today"]: before} if alike else {}) | {names["scheme"]: after}


def grid(report: PerformancePay) -> Grid:
    """The scheme's law turned, at the central assumptions."""
    words, money, named = report.words, report.writer.money, points(report)
    turned = {
        "elasticity": rising(ELASTICITIES, *(pair[0] for pair in named.values())),
        "tilt": rising(TILTS, *(pair[1] for pair in named.values())),
        "award": AWARDS if report.funded and has_award(report.runs[1]) else (1.0,),
    }
    found = pay_grid(report.side, report.runs[1], report.people, *turned.values())
    said = {"award": words.explorer_award}
    axes = [
        Axis(key, words.explorer_axes[key], some, [*map(said.get(key, words.explorer_value), some)])
        for key, some in turned.items()
        if len(some) > 1
    ]
    shape = [len(axis.values) for axis in axes]
    return Grid(
        axes,
        [
            Measure(name, money if code in SUMS else count, found[code].reshape(shape))
            for code, name in words.explorer_measures.items()
            if report.funded or code != "unpaid"
        ],
        {
            name: tuple(axis.at(value) for axis, value in zip(axes, (*pair, 1.0), strict=False))
            for name, pair in named.items()
        },
    )


def explorer(report: PerformancePay) -> Block:
    """Elasticity × tilt × award; nothing where there is none to turn."""
    words = report.words
    if not report.shows("table", "explorer"):
        return Block("")
    made = grid(report)
    return report.numbered_explorer(
        "explorer",
        words.explorer_caption(len(made.axes) > 2),
        words.explorer_head(len(made.axes) > 2),
        made,
        words.explorer_said,
        ("uplift_elasticity", "uplift", "pay_per_added_hour", "pay.elasticity", "pay.tilt"),
    )
