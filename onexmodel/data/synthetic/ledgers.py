"""Step 5: what each item costs: a general ledger, level 不分等级 throughout, and own rows of 5 % of the colleges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...places import package_file

OWN_ROWS, OWN_SPREAD = 0.05, 0.3
AUDITED = 0.2  # of certificates have audited prices
TYPICAL = {
    "paper": 130,
    "computer": 190,
    "practical": 300,
    "special_practical": 420,
}  # 元/人次, only to scale the guess
ORGANISATION, COLLEGE = "organisation", "college"
BANK = (0.6, 1.6)  # times the question bank's price
OWNED = 0.4  # of the practical certificates: colleges bear the consumables
TRAINED = 0.5  # of certificates: colleges hire trainers


def make_ledger(certificates: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """General rows in 元; prices move with the certificate's own cost level. All unit prices are assumptions (ledger.csv: the forms a row is
    for, its price, and the decimals to which that times the cost level is rounded, blank where the level does not move it)."""
    items = pd.read_csv(package_file("data", "synthetic", "ledger.csv"), keep_default_na=False)
    ledger = pd.DataFrame(
        [
            row
            for certificate in certificates.itertuples()
            for row in _of_certificate(certificate, items, rng)
        ]
    ).drop(columns=["forms", "digits"])
    audited = (
        (ledger["borne_by"] == ORGANISATION)
        & (ledger["item"] != "question_bank")
        & ledger["certificate"].isin(
            certificates["certificate"][rng.random(len(certificates)) < AUDITED]
        )
    )
    lower = rng.uniform(0.85, 1.0, int(audited.sum()))
    for name in ("life_years", "audited_price"):
        ledger[name] = pd.to_numeric(ledger[name]).astype(float)
    ledger.loc[audited, "audited_price"] = np.round(ledger.loc[audited, "unit_price"] * lower, 1)
    return ledger


def _of_certificate(certificate, items: pd.DataFrame, rng) -> Iterator[dict]:
    bank, hands_on = rng.uniform(*BANK), "practical" in certificate.form
    owned = hands_on and rng.random() < OWNED
    trained = rng.random() < TRAINED
    for item in items.to_dict("records"):
        if certificate.form not in item["forms"].split():
            continue
        if item["item"] == "external_trainers" and not trained:
            continue
        price, digits = item["unit_price"], item["digits"]
        if item["item"] == "question_bank":
            price, digits = price * certificate.cost * bank, -3
        elif digits != "":
            price *= certificate.cost
        made = {"certificate": certificate.certificate, "level": "all", **item}
        made["unit_price"] = price if digits == "" else round(price, int(digits))
        if item["sub_item"] == "consumables" and owned:
            made["borne_by"] = COLLEGE
        yield made | {"audited_price": None, "province": "", "college": ""}


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
