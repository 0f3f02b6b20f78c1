"""What is dated after the last day of X sittings (C15): plans of later years, sittings of later days. Said once a table, never silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import pandas as pd

from ...errors import Fault
from ..tables import Origin, among

NOTICE = "人社厅函〔2025〕154号"
CODE = "after_transfer"
FIRST = 3  # rows named in a sentence
KEYS = {"offerings": ("college", "certificate", "level", "year"), "assessments": ("assessment",)}
DATED = {"offerings": "year", "assessments": "assessed_on"}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DO = "核对日期；确在移交之后的，结果只作假设测算，不能作为安排X证书考核的依据"


def beyond(
    frames: Mapping[str, pd.DataFrame], last: date, colleges: Collection[str] | None = None
) -> dict[str, np.ndarray]:
    """table → its rows after the last day of sittings: plans of a later year, assessments of a later day; `colleges`: of these only.
    Tables without such a row are left out."""
    late = {
        "offerings": frames["offerings"]["year"] > last.year,
        "assessments": frames["assessments"]["assessed_on"] > pd.Timestamp(last),
    }
    rows = {
        table: np.flatnonzero(
            mask.to_numpy(bool)
            & (True if colleges is None else among(frames[table]["college"], colleges))
        )
        for table, mask in late.items()
    }
    return {table: some for table, some in rows.items() if len(some)}


def in_words(day: date, lang: str = "zh") -> str:
    """2025年12月31日, or 31 December 2025."""
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if lang == "zh"
        else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def sentence(table: str, frame: pd.DataFrame, rows: np.ndarray, last: date) -> str:
    """What is wrong with these rows of the table, in one Chinese sentence."""
    some = frame.iloc[rows]
    if table == "offerings":
        years = sorted(int(year) for year in some["year"].unique())
        when = f"{years[0]}" if len(years) == 1 else f"{years[0]}至{years[-1]}"
        what = f"有 {len(rows)} 项开考计划属 {when} 年度，在X证书移交（{in_words(last)}）之后"
    else:
        days = list(
            dict.fromkeys(
                str(day.date()) for day in (some["assessed_on"].min(), some["assessed_on"].max())
            )
        )
        what = (
            f"有 {len(rows)} 个考核批次（{' 至 '.join(days)}）晚于X证书最后考核日{in_words(last)}"
        )
    return f"{what}：按{NOTICE}，此前须考完已报名的学生，此后不再有X证书考核"


def faults(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin], last: date
) -> list[Fault]:
    """One warning a table, at its first row; it names the next ones."""
    found = []
    for table, rows in beyond(frames, last).items():
        origin, column = origins[table], DATED[table]
        more = [str(int(origin.rows[row])) for row in rows[1:FIRST]]
        where = (
            f"（另有第 {'、'.join(more)} 行{'等' if len(rows) > FIRST else ''}）" if more else ""
        )
        found.append(
            origin.fault(
                int(rows[0]),
                column,
                sentence(table, frames[table], rows, last) + where,
                DO,
                level="warning",
                code=CODE,
            )
        )
    return found


def facts(
    frames: Mapping[str, pd.DataFrame], last: date, colleges: Collection[str] | None = None
) -> list[dict]:
    """The same as findings: table, key (the first rows; `keys`: column → code of each), rule, severity, sentence."""
    found = []
    for table, rows in beyond(frames, last, colleges).items():
        keys = [
            {
                name: int(part) if isinstance(part, float) else part
                for name, part in zip(KEYS[table], line, strict=True)
            }
            for line in frames[table].iloc[rows[:FIRST]][list(KEYS[table])].itertuples(index=False)
        ]
        codes = ("/".join(map(str, key.values())) for key in keys)
        found.append(
            {
                "table": table,
                "key": "、".join(codes) + ("…" if len(rows) > FIRST else ""),
                "keys": keys,
                "rule": CODE,
                "severity": "warning",
                "sentence": f"{sentence(table, frames[table], rows, last)}。{DO}",
            }
        )
    return found
