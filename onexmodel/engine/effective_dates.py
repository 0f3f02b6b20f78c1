"""When a dated change counts: a year's plan is computed with what is in force on 1 July. What that leaves without effect, or counts as
whole, is said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..data.schema import load_schema
from ..law.parameters import ALWAYS, Law
from ..law.scenario import Change, Scenario
from .compile import mid_year

NAMED = 3  # names of what is changed, before the rest is counted


def year_notes(
    law: Law, scenarios: Sequence[Scenario], years: Sequence[int], lang: str = "zh"
) -> tuple[str, ...]:
    """A sentence for the changes of a scenario that share their dates, where these matter: in force on 1 July of none of `years` (begun
    after the last, over before the first, or begun and over in between), or beginning or ending inside one of them."""
    together: dict[tuple, list[Change]] = {}
    for scenario in scenarios:
        for change in scenario.changes:
            together.setdefault((scenario.id, change.start, change.until), []).append(change)
    said = (year_note(law, changes, years, lang) for changes in together.values())
    return tuple(text for text in said if text)


def year_note(law: Law, changes: Sequence[Change], years: Sequence[int], lang: str = "zh") -> str:
    """The sentence on changes of one scenario with the same dates; "" where the dates make no difference in `years`."""
    one, zh = changes[0], lang == "zh"
    held = [year for year in years if one.holds(mid_year(year))]
    parts = (
        [_in_year(one, year, held, zh) for year in years if _inside(one, year)]
        if held
        else [_nowhere(one, years, zh)]
    )
    if not parts:
        return ""
    names = list(dict.fromkeys(_name(law, change, zh) for change in changes))
    more = len(names) - NAMED
    if zh:
        what = "、".join(names[:NAMED]) + (f"等{len(names)}项" if more > 0 else "")
        return f"情景 {one.scenario} {_window(one, zh)}的改动（{what}）{'，'.join(parts)}。年度按7月1日有效的取值计算，不按月折算"
    what = "; ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"scenario {one.scenario}: its changes {_window(one, zh)} ({what}) {'; '.join(parts)}. "
        "A year counts what is in force on 1 July, not by months"
    )


def _inside(change: Change, year: int) -> bool:
    return any(
        day is not None and date(year, 1, 1) < day <= date(year, 12, 31)
        for day in (change.start, change.until)
    )


def _in_year(change: Change, year: int, held: Sequence[int], zh: bool) -> str:
    if change.holds(mid_year(year)):
        return f"在{year}年度计为全年生效" if zh else f"count for the whole of {year}"
    state = (
        ("尚未生效", "not yet in force")
        if change.start > mid_year(year)
        else ("已经失效", "no longer in force")
    )
    later = next((one for one in held if one > year), None)
    if zh:
        return f"在{year}年度不起作用（7月1日{state[0]}）" + (
            f"，自{later}年度起计入" if later else ""
        )
    return f"have no effect in {year} ({state[1]} on 1 July)" + (
        f" and count from {later} on" if later else ""
    )


def _nowhere(change: Change, years: Sequence[int], zh: bool) -> str:
    """Why a change that is in force on 1 July of none of the years is not."""
    first, last = years[0], years[-1]
    asked = "、".join(map(str, years)) if zh else ", ".join(map(str, years))
    if change.start.year > last:
        why = (
            f"晚于所算的最后年度（{last}年）"
            if zh
            else f"begin after the last year computed ({last})"
        )
    elif change.start > mid_year(last):
        why = f"到{last}年7月1日尚未生效" if zh else f"are not yet in force on 1 July {last}"
    elif change.until is not None and change.until <= mid_year(first):
        why = f"到{first}年7月1日已经失效" if zh else f"are no longer in force on 1 July {first}"
    else:
        why = "不含任何一个所算年度的7月1日" if zh else "cover 1 July of no year computed"
    return f"{why}，不影响{asked}年度的结果" if zh else f"{why} and leave {asked} as it is"


def _window(change: Change, zh: bool) -> str:
    parts = (
        [f"自{change.start}起" if zh else f"from {change.start}"] if change.start > ALWAYS else []
    )
    parts += (
        [f"至{change.until}（当日起失效）" if zh else f"until {change.until}"]
        if change.until
        else []
    )
    return "".join(parts) if zh else " ".join(parts)


def _name(law: Law, change: Change, zh: bool) -> str:
    """What is changed: the parameter's name, or sheet and column."""
    if change.target in law.parameters:
        parameter = law.parameters[change.target]
        return parameter.zh if zh else parameter.en
    table, _, name = change.target.partition("/")
    column = (
        load_schema().get(table, {}).get(name)
    )  # what there is not is refused when scenarios are composed
    return f"{column.sheet}·{column.header}" if zh and column else change.target.replace("/", ".")
