"""Steps 3 and 5: certificates, their assessment, and what each item costs (general ledger, and own rows of 5 % of colleges)."""

from __future__ import annotations

import numpy as np
import pandas as pd

COUNT = 60
FORMS = ("paper", "computer", "practical", "special_practical")
FORM_SHARES = (0.05, 0.45, 0.40, 0.10)
LEVELS = ("junior", "intermediate", "advanced")
FIXED_COST = {"paper": 18_000, "computer": 30_000, "practical": 45_000, "special_practical": 60_000}
TYPICAL = {"paper": 130, "computer": 190, "practical": 300, "special_practical": 420}  # yuan a sitting, only to scale prices
OWN_ROWS = 0.05


def make_certificates(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Certificates (one organisation each) with their main form, and the organisations."""
    form = rng.permutation(np.repeat(FORMS, np.round(np.array(FORM_SHARES) * COUNT).astype(int)))
    number = np.arange(1, COUNT + 1)
    certificates = pd.DataFrame({
        "certificate": [f"SIMC{n:03d}" for n in number], "name": [f"模拟证书{n:03d}" for n in number],
        "organisation": [f"SIMO{n:03d}" for n in number], "batch": rng.integers(1, 5, COUNT), "form": form,
        "levels": rng.integers(1, 4, COUNT), "cost": 1.25 * np.exp(0.35 * rng.standard_normal(COUNT)), "popularity": rng.dirichlet(np.full(COUNT, 1.2))})
    fixed = certificates["form"].map(FIXED_COST) * np.exp(0.5 * rng.standard_normal(COUNT))
    organisations = pd.DataFrame({"organisation": certificates["organisation"], "name": [f"模拟评价组织{n:03d}" for n in number],
                                  "fixed_cost": np.round(fixed, -2)})
    return certificates, organisations


def levels_of(row) -> tuple[str, ...]:
    """The levels a certificate has: the middle one first."""
    return {1: ("intermediate",), 2: ("junior", "intermediate"), 3: LEVELS}[row.levels]


def make_components(certificates: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Theory on paper or by computer, and a practical part in the certificate's form; two computer parts for computer."""
    shape = {"paper": (60, 30, 2, 2), "computer": (50, 25, 2, 2), "practical": (24, 8, 4, 3), "special_practical": (12, 4, 5, 3)}
    rows = []
    for row in certificates.itertuples():
        theory = "paper" if row.form == "paper" else "computer"
        scale = rng.choice([0.8, 1.0, 1.25])
        for level in levels_of(row):
            parts = [("theory", theory, 0.4)] if row.form == "paper" else [("theory", theory, 0.4), ("practical", row.form, 0.6)]
            for component, form, weight in parts:
                capacity, per_assessor, hours, staff = shape[form]
                capacity = int(round(capacity * scale))
                rows.append({"certificate": row.certificate, "level": level, "component": component, "form": form,
                             "weight": weight if len(parts) == 2 else 1.0, "session_capacity": capacity,
                             "candidates_per_assessor": min(per_assessor, capacity), "stations": max(1, capacity // (1 if form in ("paper", "computer") else 3)),
                             "hours_per_session": hours, "college_staff_per_session": staff, "province": "", "college": ""})
    return pd.DataFrame(rows)


def make_ledger(certificates: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """General rows, level 不分等级 throughout; prices move with the certificate's own cost level."""
    rows = []

    def add(certificate, component, phase, item, sub_item, driver, quantity, price, priced_by, bearer, own="no", cash=1.0, life=None):
        rows.append({"certificate": certificate, "level": "all", "component": component, "phase": phase, "item": item, "sub_item": sub_item,
                     "driver": driver, "quantity": quantity, "unit_price": price, "priced_by": priced_by, "borne_by": bearer, "own_staff": own,
                     "cash_share": cash, "life_years": life, "audited_price": None, "province": "", "college": ""})
    for row in certificates.itertuples():
        c, k, f = row.certificate, row.cost, row.form
        hands_on = f in ("practical", "special_practical")
        main = "theory" if f == "paper" else "practical"
        add(c, "", "assessment", "question_bank", "", "nation_year", 1, round(650_000 * k * rng.uniform(0.6, 1.6), -3), "none", "organisation")
        if f == "paper":
            add(c, "theory", "assessment", "composing", "", "province_year", 1, 6_000, "none", "organisation")
            add(c, "theory", "assessment", "printing", "", "sitting", 1, 6, "price", "organisation")
            add(c, "theory", "assessment", "marking", "", "sitting", 1, 12, "wage", "organisation")
        else:
            add(c, "theory", "assessment", "system", "", "sitting", 1, round(28 * k, 1), "none", "organisation")
        add(c, "", "assessment", "certificate_issue", "", "award", 1, 8, "none", "organisation")
        if hands_on:
            add(c, "practical", "assessment", "assessor_fees", "", "assessor", 1, round((560 if f == "practical" else 620) * k), "wage", "organisation")
            add(c, "practical", "assessment", "support", "consumables", "sitting", 1, round((42 if f == "practical" else 85) * k, 1), "price",
                "college" if rng.random() < 0.4 else "organisation")
            add(c, "practical", "assessment", "support", "equipment", "sitting", 0.0004, round(90_000 * k, -3), "none", "college", life=6)
        elif f == "computer":
            add(c, "practical", "assessment", "marking", "", "sitting", 1, round(26 * k, 1), "wage", "organisation")
            add(c, "practical", "assessment", "system", "", "sitting", 1, round(34 * k, 1), "none", "organisation")
        add(c, main, "assessment", "room_hire", "", "session", 1, 260, "price", "college", cash=0.4)
        add(c, main, "assessment", "support", "invigilation", "session", 2, 100, "wage", "college", own="yes", cash=0.0)
        add(c, "", "assessment", "support", "registration", "candidate", 1, 4, "none", "college")
        add(c, "", "assessment", "support", "security", "offering", 2, 80, "wage", "college")
        add(c, "", "training", "materials", "", "candidate", 1, round((60 if hands_on else 30) * k, 1), "price", "college")
        if rng.random() < 0.5:
            add(c, "", "training", "external_trainers", "", "group", 12, 140, "wage", "college")
    ledger = pd.DataFrame(rows)
    audited = (ledger["borne_by"] == "organisation") & (ledger["item"] != "question_bank") & ledger["certificate"].isin(
        certificates["certificate"][rng.random(COUNT) < 0.2])
    ledger.loc[audited, "audited_price"] = np.round(ledger.loc[audited, "unit_price"] * rng.uniform(0.85, 1.0, int(audited.sum())), 1)
    return ledger


def own_rows(ledger: pd.DataFrame, offerings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Room hire at their own price, for 5 % of the colleges and every certificate they offer."""
    names = offerings["college"].drop_duplicates()
    chosen = names[rng.random(len(names)) < OWN_ROWS]
    pairs = offerings.loc[offerings["college"].isin(chosen), ["college", "certificate"]].drop_duplicates()
    rooms = ledger[ledger["item"] == "room_hire"].drop(columns="college")
    rows = pairs.merge(rooms, on="certificate")
    rows["unit_price"] = np.round(rows["unit_price"] * np.exp(0.3 * rng.standard_normal(len(rows))), -1)
    return rows[ledger.columns]


def organisation_unit_guess(certificates, components, ledger) -> pd.Series:
    """Roughly what a sitting costs the organisation, to scale proposals and verified costs (step 6)."""
    rows = ledger[(ledger["borne_by"] == "organisation") & ledger["driver"].isin(("sitting", "award"))]
    per = (rows["quantity"] * rows["unit_price"]).groupby(rows["certificate"]).sum()
    practical = components[components["component"] == "practical"].drop_duplicates("certificate").set_index("certificate")
    assessors = ledger[ledger["item"] == "assessor_fees"].set_index("certificate")["unit_price"]
    per = per.add((assessors / practical["candidates_per_assessor"] * 1.25).reindex(per.index).fillna(0.0))
    return per + certificates.set_index("certificate")["form"].map(TYPICAL) * 0.12
