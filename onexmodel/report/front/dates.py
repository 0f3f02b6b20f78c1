"""What a scheme's dates do to the year of the report."""

from __future__ import annotations

from ...analysis.scheme import Touched
from ...engine.compile import mid_year
from ..page.writer import PageWriter


def asleep_said(writer: PageWriter, touched: Touched, year: int) -> str:
    """Which dated changes are not in force, or hold for part of the year only, and how the year is counted; "" where neither."""
    middle = mid_year(year)
    late = {change.start for change in touched.asleep if change.start > middle}
    over = {change.until for change in touched.asleep if change.until and change.until <= middle}
    within = {day for change in touched.within for day in (change.start, change.until)}
    days = [
        [day.isoformat() for day in sorted(one)]
        for one in (late, over, {day for day in within if day and day.year == year})
    ]
    return writer.words("front").touched_days(*days, year) if any(days) else ""
