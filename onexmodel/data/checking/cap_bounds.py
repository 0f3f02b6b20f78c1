"""A fee published under the cap scheme lies inside the caps, so it bounds the sum of its components' caps from below (F33). A cap table
under which a published fee does not fit is wrong, or the forms of the certificate's components are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd

from ...errors import Fault
from ..tables import Origin, in_force

CODE = "caps_below_published_fee"
CENT = 0.005  # yuan: differences up to this are rounding
FIRST = 3  # rows named in a sentence
OPEN = pd.Timestamp("2262-01-01")


def forms_of(components: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """(certificate, level) → forms of its components, by the rows for everywhere."""
    made: dict[tuple[str, str], list[str]] = {}
    general = components[(components["province"] == "") & (components["college"] == "")]
    for certificate, level, form in zip(
        general["certificate"], general["level"], general["form"], strict=True
    ):
        made.setdefault((certificate, level), []).append(form)
    return made


def most(forms: list[str], level: str, caps: Mapping[str, Mapping[str, float]]) -> float:
    """Sum of the caps (form → {level: yuan}) of these forms, yuan: the most a fee can be in any reading of fees.cap_of_mixed; nan where
    one has no cap."""
    each = [caps.get(form) or {} for form in forms]
    return sum(cap.get(level, cap.get("all", float("nan"))) for cap in each)


def over(
    fees: pd.DataFrame, components: pd.DataFrame, caps: pd.DataFrame
) -> list[tuple[int, float, float]]:
    """(row, published fee, sum of the caps) of the published fees that lie over their caps on the first day on which both hold: where
    caps begin later than a fee it is held against those."""
    forms, starts = forms_of(components), caps.groupby("form")["valid_from"].min().to_dict()

    @cache
    def caps_on(day) -> dict[str, dict[str, float]]:
        held = caps[in_force(caps, day)]
        return {
            form: dict(zip(rows["level"], rows["cap"], strict=True))
            for form, rows in held.groupby("form")
        }

    found = []
    columns = fees[["certificate", "level", "published_fee", "valid_from", "valid_to"]]
    for row, certificate, level, fee, start, end in columns[
        columns["published_fee"].notna() & columns["valid_from"].notna()
    ].itertuples():
        own = forms.get((certificate, level), [])
        day = max([start, *(starts[form] for form in own if form in starts)])
        if own and day < (OPEN if pd.isna(end) else end):
            top = most(own, level, caps_on(day))
            found += [(row, fee, top)] if fee > top + CENT else []
    return found


def over_on(
    fees: pd.DataFrame, components: pd.DataFrame, caps: Mapping[str, Mapping[str, float]], day: date
) -> list[tuple[int, float, float]]:
    """The same of the published fees in force on a day, under these caps (form → {level: yuan})."""
    forms = forms_of(components)
    held = fees[in_force(fees, pd.Timestamp(day)) & fees["published_fee"].notna()]
    tops = [
        (row, fee, most(forms.get((certificate, level), []), level, caps))
        for row, certificate, level, fee in held[
            ["certificate", "level", "published_fee"]
        ].itertuples()
        if (certificate, level) in forms
    ]
    return [(row, fee, top) for row, fee, top in tops if fee > top + CENT]


def faults(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> list[Fault]:
    """One warning for the whole table of fees, at the first fee over its caps; it names the next ones."""
    if not {"fees", "caps", "components"} <= origins.keys():
        return []
    found, origin = over(frames["fees"], frames["components"], frames["caps"]), origins["fees"]
    if not found:
        return []
    row, fee, top = found[0]
    more = [str(int(origin.rows[one])) for one, *_ in found[1:FIRST]]
    rest = (
        f"；共 {len(found)} 行，另有第 {'、'.join(more)} 行{'等' if len(found) > FIRST else ''}"
        if more
        else ""
    )
    what = f"已公布的标准 {fee:g} 元高于各环节成本上限之和 {top:g} 元（公布的标准都在上限之内，上限之和不会更低）{rest}"
    return [
        origin.fault(
            row,
            "published_fee",
            what,
            "核对成本上限表的金额，或考核环节的形式",
            level="warning",
            code=CODE,
        )
    ]
