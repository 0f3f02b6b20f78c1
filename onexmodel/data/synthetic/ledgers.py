"""Step 5: what each item costs: a general ledger, level 不分等级 throughout, and own rows of 5 % of the colleges."""

from __future__ import annotations

import numpy as np
import pandas as pd

OWN_ROWS, OWN_SPREAD = 0.05, 0.3
AUDITED = 0.2  # of certificates have audited prices
TYPICAL = {
    "paper": 130,
    "computer": 190,
    "practical": 300,
    "special_practical": 420,
}  # 元/人次, only to scale the guess
ORGANISATION, COLLEGE = "organisation", "college"
COLUMNS = [
    "certificate",
    "level",
    "component",
    "phase",
    "item",
    "sub_item",
    "driver",
    "quantity",
    "unit_price",
    "priced_by",
    "borne_by",
    "own_staff",
    "cash_share",
    "life_years",
    "audited_price",
    "province",
    "college",
]


def make_ledger(certificates: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """General rows in 元; prices move with the certificate's own cost level. All unit prices are assumptions."""
    rows = [
        row
        for certificate in certificates.itertuples()
        for row in _of_certificate(certificate, rng)
    ]
    ledger = pd.DataFrame(rows, columns=COLUMNS)
    audited = (
        (ledger["borne_by"] == ORGANISATION)
        & (ledger["item"] != "question_bank")
        & ledger["certificate"].isin(
            certificates["certificate"][rng.random(len(certificates)) < AUDITED]
        )
    )
    lower = rng.uniform(0.85, 1.0, int(audited.sum()))
    ledger["audited_price"] = ledger["audited_price"].astype(float)
    ledger.loc[audited, "audited_price"] = np.round(ledger.loc[audited, "unit_price"] * lower, 1)
    return ledger


def _row(
    certificate,
    component,
    phase,
    item,
    sub_item,
    driver,
    quantity,
    price,
    priced_by,
    bearer,
    own="no",
    cash=1.0,
    life=None,
) -> tuple:
    return (
        certificate,
        "all",
        component,
        phase,
        item,
        sub_item,
        driver,
        quantity,
        price,
        priced_by,
        bearer,
        own,
        cash,
        life,
        None,
        "",
        "",
    )


def _of_certificate(row, rng) -> list[tuple]:
    c, k, form = row.certificate, row.cost, row.form
    hands_on, main = (
        form in ("practical", "special_practical"),
        "theory" if form == "paper" else "practical",
    )
    bank = round(650_000 * k * rng.uniform(0.6, 1.6), -3)
    rows = [
        _row(
            c, "", "assessment", "question_bank", "", "nation_year", 1, bank, "none", ORGANISATION
        ),
        *_theory(c, k, form),
        _row(c, "", "assessment", "certificate_issue", "", "award", 1, 8, "none", ORGANISATION),
    ]
    if hands_on:
        rows += _practical(c, k, form, COLLEGE if rng.random() < 0.4 else ORGANISATION)
    elif form == "computer":
        rows += [
            _row(
                c,
                "practical",
                "assessment",
                "marking",
                "",
                "sitting",
                1,
                round(26 * k, 1),
                "wage",
                ORGANISATION,
            ),
            _row(
                c,
                "practical",
                "assessment",
                "system",
                "",
                "sitting",
                1,
                round(34 * k, 1),
                "none",
                ORGANISATION,
            ),
        ]
    rows += [
        _row(c, main, "assessment", "room_hire", "", "session", 1, 260, "price", COLLEGE, cash=0.4),
        _row(
            c,
            main,
            "assessment",
            "support",
            "invigilation",
            "session",
            2,
            100,
            "wage",
            COLLEGE,
            own="yes",
            cash=0.0,
        ),
        _row(c, "", "assessment", "support", "registration", "candidate", 1, 4, "none", COLLEGE),
        _row(c, "", "assessment", "support", "security", "offering", 2, 80, "wage", COLLEGE),
        _row(
            c,
            "",
            "training",
            "materials",
            "",
            "candidate",
            1,
            round((60 if hands_on else 30) * k, 1),
            "price",
            COLLEGE,
        ),
    ]
    if rng.random() < 0.5:
        rows.append(
            _row(c, "", "training", "external_trainers", "", "group", 12, 140, "wage", COLLEGE)
        )
    return rows


def _theory(c, k, form) -> list[tuple]:
    if form != "paper":
        return [
            _row(
                c,
                "theory",
                "assessment",
                "system",
                "",
                "sitting",
                1,
                round(28 * k, 1),
                "none",
                ORGANISATION,
            )
        ]
    return [
        _row(
            c,
            "theory",
            "assessment",
            "composing",
            "",
            "province_year",
            1,
            6_000,
            "none",
            ORGANISATION,
        ),
        _row(c, "theory", "assessment", "printing", "", "sitting", 1, 6, "price", ORGANISATION),
        _row(c, "theory", "assessment", "marking", "", "sitting", 1, 12, "wage", ORGANISATION),
    ]


def _practical(c, k, form, consumables_by) -> list[tuple]:
    fee, consumables = (560, 42) if form == "practical" else (620, 85)
    return [
        _row(
            c,
            "practical",
            "assessment",
            "assessor_fees",
            "",
            "assessor",
            1,
            round(fee * k),
            "wage",
            ORGANISATION,
        ),
        _row(
            c,
            "practical",
            "assessment",
            "support",
            "consumables",
            "sitting",
            1,
            round(consumables * k, 1),
            "price",
            consumables_by,
        ),
        _row(
            c,
            "practical",
            "assessment",
            "support",
            "equipment",
            "sitting",
            0.0004,
            round(90_000 * k, -3),
            "none",
            COLLEGE,
            life=6,
        ),
    ]


def own_rows(
    ledger: pd.DataFrame, offerings: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Room hire at their own price, for 5 % of the colleges and every certificate they offer."""
    names = offerings["college"].drop_duplicates()
    chosen = names[rng.random(len(names)) < OWN_ROWS]
    pairs = offerings.loc[
        offerings["college"].isin(chosen), ["college", "certificate"]
    ].drop_duplicates()
    rooms = ledger[ledger["item"] == "room_hire"].drop(columns="college")
    rows = pairs.merge(rooms, on="certificate")
    rows["unit_price"] = np.round(
        rows["unit_price"] * np.exp(OWN_SPREAD * rng.standard_normal(len(rows))), -1
    )
    return rows[ledger.columns]


def organisation_unit_guess(certificates, components, ledger) -> pd.Series:
    """Roughly what a sitting costs the organisation (元/人次 by certificate), to scale proposals, fees and funds."""
    rows = ledger[
        (ledger["borne_by"] == ORGANISATION) & ledger["driver"].isin(("sitting", "award"))
    ]
    per = (rows["quantity"] * rows["unit_price"]).groupby(rows["certificate"]).sum()
    practical = (
        components[components["component"] == "practical"]
        .drop_duplicates("certificate")
        .set_index("certificate")
    )
    assessors = ledger[ledger["item"] == "assessor_fees"].set_index("certificate")["unit_price"]
    per = per.add(
        (assessors / practical["candidates_per_assessor"] * 1.25).reindex(per.index).fillna(0.0)
    )
    return per + certificates.set_index("certificate")["form"].map(TYPICAL) * 0.12
