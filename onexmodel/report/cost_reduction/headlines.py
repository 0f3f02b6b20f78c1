"""The numbers that the record of cost_reduction vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..common import ends_named

if TYPE_CHECKING:
    from .report import CostReduction


def headlines(report: CostReduction) -> dict[str, float]:
    """Joint savings with their intervals, shares, refusals; what colleges keep and invest; `proposed`: the same of the levers of the first
    page. Yuan a year, colleges."""
    heads = {f"joint.{k}": float(v) for k, v in report.found.joint.items()} | {
        f"baseline.{k}": float(v) for k, v in report.found.baseline.items()
    }
    heads |= ends_named({name: report.ranges[name] for name in ("cash", "economic", "net")})
    done, kept = report.everything.done, report.found.kept.set_index("fees")["college"]
    heads |= {
        "net": done.net,
        "college.kept": float(kept["held"]),
        "college.outlay": done.outlay["college"],
    }
    lead = report.lead
    heads |= {
        "proposed.saved": lead.done.saved,
        "proposed.outlay": lead.done.yearly,
        "proposed.net": lead.done.net,
        **ends_named({"proposed.net": report.first.net_reach}),
        "proposed.college.outlay": lead.done.outlay["college"],
    }
    return heads | {
        f"{row.lever}.{k}": float(getattr(row, k))
        for row in report.found.table.itertuples()
        for k in ("cash_shapley", "economic_shapley", "refused")
        if k != "refused" or report.writer.may_tell(row.refused, report.found.colleges)
    }
