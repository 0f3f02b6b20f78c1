"""The year's budget sheet: use × economic code, what it needs, which source pays, what was budgeted and spent (C1; docs/method.md §6)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...data import Tables
from ...engine.result import YearResult
from ...rules.funding import SOURCES, USES
from ..items import item_costs
from ..study import Study
from .study import sources_and_uses

OTHER = "other"
# docs/method.md §6, an assumed mapping; items it does not name stand under `other`
CODE_OF = {
    ("assessment", "assessor_fees", ""): "30226",
    ("assessment", "room_hire", ""): "30214",
    ("assessment", "support", "consumables"): "30218",
    ("assessment", "support", "equipment"): "31003",
    ("training", "materials", ""): "30218",
    ("training", "equipment", ""): "31003",
    ("training", "room", ""): "30214",
    ("training", "external_trainers", ""): "30226",
}
FEE_CODE, OWN_STAFF = "30227", "30107"
CODE_OF_USE = {"teacher_training": "30216", "performance_pay": "30107"}
MONEY = ("need", *SOURCES, "gap", "budgeted", "final", "left")


def need_by_code(study: Study, result: YearResult) -> pd.Series:
    """(use, economic code) → yuan needed; within a use in proportion to its fee bill and cash items, so that it adds to the use's need."""
    items = item_costs(
        result,
        study.scope(result.compiled),
        ("phase", "item", "sub_item", "borne_by", "own_staff"),
    )
    items = items[(items["phase"] == "training") | (items["borne_by"] == "college")]
    scope = study.scope(result.compiled)
    parts = {("assessment", FEE_CODE): float(result.served["fee_bill"][scope["offering"]].sum())}
    for row in items.itertuples():
        code = (
            OWN_STAFF
            if row.own_staff
            else CODE_OF.get((row.phase, row.item, row.sub_item))
            or CODE_OF.get((row.phase, row.item, ""), OTHER)
        )
        parts[row.phase, code] = parts.get((row.phase, code), 0.0) + row.cash
    needs = dict(zip(USES, result.served["needs"][..., scope["college"]].sum(-1), strict=True))
    parts |= {(use, code): needs[use] for use, code in CODE_OF_USE.items()}
    whole = {use: sum(value for (of, _), value in parts.items() if of == use) for use in USES}
    return pd.Series(
        {
            (use, code): value * needs[use] / whole[use]
            for (use, code), value in parts.items()
            if value > 0
        }
    )


def budget_sheet(
    study: Study, accounts: Tables, result: YearResult, view: Mapping, least: int
) -> pd.DataFrame:
    """A row a use and code, then the use's own row (code ""), the last row is all: need, a column a source, gap, budgeted, final, left
    (budgeted less final where both are reported), yuan; colleges that report it. A use's sources are spread over its codes in
    proportion to need. Codes of under `least` reporting colleges stand together as `other`, with another code where that is too few."""
    uses = sources_and_uses(study, result, view)
    needs, lines = need_by_code(study, result), budget_lines(accounts, study.year)
    rows = []
    for use in USES:
        reported = lines[lines["use"] == use]
        groups = _code_groups(
            reported,
            sorted(
                {code for of, code in needs.index if of == use} | set(reported["economic_code"])
            ),
            least,
        )
        for name, codes in groups:
            need = sum(needs.get((use, code), 0.0) for code in codes)
            share = need / uses.loc[use, "need"] if uses.loc[use, "need"] else 0.0
            rows.append(
                {
                    "use": use,
                    "code": name,
                    "need": need,
                    **{column: uses.loc[use, column] * share for column in (*SOURCES, "gap")},
                    **_reported(reported[reported["economic_code"].isin(codes)]),
                }
            )
        rows.append(
            {
                "use": use,
                "code": "",
                **{column: uses.loc[use, column] for column in ("need", *SOURCES, "gap")},
                **_reported(reported),
            }
        )
    rows.append(
        {
            "use": "all",
            "code": "",
            **{column: uses[column].sum() for column in ("need", *SOURCES, "gap")},
            **_reported(lines),
        }
    )
    return pd.DataFrame(rows)


def budget_lines(accounts: Tables, year: int) -> pd.DataFrame:
    """The year's lines; `left` where both numbers are there."""
    lines = accounts["budget_lines"]
    lines = lines[lines["year"] == year]
    return lines.assign(left=lines["budgeted"] - lines["final"])


def _reported(lines: pd.DataFrame) -> dict[str, float]:
    return {
        **lines[["budgeted", "final", "left"]].sum(min_count=1).to_dict(),
        "colleges": lines["college"].nunique(),
    }


def _code_groups(
    lines: pd.DataFrame, codes: list[str], least: int
) -> list[tuple[str, tuple[str, ...]]]:
    """(name, codes): each code alone, but those that too few colleges report together; codes nobody reports hide nothing."""
    by = {code: set(lines.loc[lines["economic_code"] == code, "college"]) for code in codes}
    few = sorted(
        (code for code in codes if 0 < len(by[code]) < least or code == OTHER),
        key=lambda code: len(by[code]),
    )
    rest = sorted(
        (code for code in codes if code not in few and by[code]), key=lambda code: len(by[code])
    )
    while few and few != [OTHER] and rest and len(set().union(*(by[code] for code in few))) < least:
        few.append(rest.pop(0))
    made = [(code, (code,)) for code in codes if code not in few]
    return made + ([(few[0] if len(few) == 1 else OTHER, tuple(few))] if few else [])
