"""Small random data sets that visit every branch: specific and general rows, missing values, special cases, several years."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEVELS = ("junior", "intermediate", "advanced")


def _pick(rng, *options):
    return options[int(rng.integers(len(options)))]


def random_frames(seed: int) -> dict[str, pd.DataFrame]:
    """Tables as the reader gives them: English codes, nan for missing numbers, "" for missing text."""
    rng = np.random.default_rng(seed)
    provinces = pd.DataFrame(
        {
            "province": ["S01", "S02", "S03"],
            "name_zh": ["甲省", "乙省", "丙省"],
            "name_en": ["A", "B", "C"],
            "price_index": [1.0, 1.1, 0.9],
            "wage_index": [1.0, np.nan if rng.random() < 0.3 else 1.2, 0.8],
            "fiscal_capacity": np.nan,
        }
    )
    n = 9
    colleges = pd.DataFrame(
        {
            "college": [f"X{i}" for i in range(n)],
            "province": rng.choice(["S01", "S02", "S03"], n),
            "tier": rng.choice(["secondary", "higher", "applied"], n),
            "ownership": rng.choice(["public", "private"], n, p=[0.75, 0.25]),
            "students": rng.integers(500, 9000, n),
            "teachers": rng.integers(20, 300, n),
            "norm_hours": rng.choice([320.0, 360.0], n),
            "cost_factor": rng.choice([np.nan, 1.0, 1.3, 0.8], n),
        }
    )
    colleges["baseline_hours"] = (
        colleges["teachers"] * colleges["norm_hours"] * rng.uniform(0.7, 1.1, n)
    ).round()
    organisations = pd.DataFrame(
        {
            "organisation": ["O1", "O2"],
            "name": "",
            "fixed_cost": [_pick(rng, np.nan, 0.0, 5000.0), 20000.0],
        }
    )
    certificates = pd.DataFrame(
        {
            "certificate": ["K1", "K2", "K3", "K4"],
            "name": ["一", "二", "三", "四"],
            "organisation": ["O1", "O2", "O1", "O2"],
            "national_sittings": [60000.0, np.nan, 20000.0, 100.0],
        }
    )
    components, ingredients = [], []
    for certificate in certificates["certificate"]:
        for level in LEVELS:
            for component in _pick(rng, ("theory", "practical"), ("practical",), ("theory",)):
                base = {
                    "certificate": certificate,
                    "level": level,
                    "component": component,
                    "form": _pick(rng, "paper", "computer", "practical", "special_practical"),
                    "weight": _pick(rng, 0.4, 0.6, 1.0),
                    "session_capacity": float(rng.integers(8, 50)),
                    "candidates_per_assessor": float(rng.integers(3, 15)),
                    "stations": 5.0,
                    "hours_per_session": float(rng.integers(1, 6)),
                    "college_staff_per_session": float(rng.integers(0, 5)),
                    "province": "",
                    "college": "",
                }
                components.append(base)
                if rng.random() < 0.25:
                    components.append(base | {"session_capacity": 15.0, "province": "S02"})
                if rng.random() < 0.25:
                    components.append(
                        base
                        | {
                            "session_capacity": 11.0,
                            "candidates_per_assessor": 4.0,
                            "college": f"X{rng.integers(n)}",
                        }
                    )
        for item, sub, driver in (
            ("question_bank", "", "nation_year"),
            ("system", "", "nation_year"),
            ("composing", "", "province_year"),
            ("assessor_fees", "", "assessor"),
            ("room_hire", "", "session"),
            ("support", "security", "offering"),
            ("support", "consumables", "sitting"),
            ("support", "registration", "candidate"),
            ("certificate_issue", "", "award"),
            ("materials", "", "candidate"),
            ("external_trainers", "", "group"),
            ("equipment", "", "group"),
            ("support", "equipment", "sitting"),
        ):
            training = item in ("materials", "external_trainers", "equipment")
            own = not training and rng.random() < 0.2
            row = {
                "certificate": certificate,
                "level": "all" if item == "question_bank" else _pick(rng, "all", *LEVELS),
                "component": ""
                if training or item == "question_bank"
                else _pick(rng, "", "theory", "practical"),
                "phase": "training" if training else "assessment",
                "item": item,
                "sub_item": sub,
                "driver": driver,
                "quantity": float(_pick(rng, 0.5, 1.0, 2.0)),
                "unit_price": float(rng.integers(200000, 900000))
                if driver == "nation_year"
                else float(rng.integers(1, 400)),
                "priced_by": _pick(rng, "none", "price", "wage"),
                "borne_by": "college"
                if training or own
                else _pick(rng, "organisation", "college")
                if item != "question_bank"
                else "organisation",
                "own_staff": own,
                "cash_share": 0.0 if own else _pick(rng, 1.0, 1.0, 0.5),
                "life_years": _pick(rng, np.nan, np.nan, 5.0),
                "audited_price": _pick(rng, np.nan, np.nan, 150.0),
                "province": "",
                "college": "",
            }
            ingredients.append(row)
            if rng.random() < 0.2:
                ingredients.append(row | {"unit_price": row["unit_price"] * 1.5, "province": "S01"})
            if rng.random() < 0.2:
                ingredients.append(
                    row | {"unit_price": row["unit_price"] * 0.7, "college": f"X{rng.integers(n)}"}
                )
            if rng.random() < 0.1:
                ingredients.append(
                    row | {"unit_price": row["unit_price"] * 0.3}
                )  # two rows of one place: both count
    years = [2021] if rng.random() < 0.7 else [2021, 2022]
    offers = [
        {
            "college": f"X{i}",
            "certificate": c,
            "level": _pick(rng, *LEVELS),
            "year": y,
            "candidates": float(_pick(rng, 0, 1, *rng.integers(2, 200, 6))),
            "pass_rate": _pick(rng, np.nan, 1.0, 0.8, 0.55, 0.0),
            "retake_share": _pick(rng, np.nan, 0.0, 0.5, 1.0),
            "class_size": float(_pick(rng, 20, 33, 40)),
            "course_hours": float(_pick(rng, 0, 40, 64)),
            "integration": _pick(rng, np.nan, 0.0, 0.4),
        }
        for y in years
        for i in range(n)
        for c in certificates["certificate"]
        if rng.random() < 0.5
    ]
    fees = [
        {
            "province": p,
            "certificate": c,
            "level": lv,
            "given_proposal": _pick(rng, np.nan, np.nan, float(rng.integers(50, 400))),
            "verified_cost": _pick(rng, np.nan, np.nan, float(rng.integers(50, 300))),
            "published_fee": _pick(rng, np.nan, np.nan, float(rng.integers(40, 500))),
            "stage": "proposed",
            "document": "",
            "special_case": bool(rng.random() < 0.3),
            "special_fee": _pick(rng, np.nan, 450.0, 200.0),
            "special_document": _pick(rng, "", "文"),
            "special_from": _pick(rng, "", "2021-03-01", "2021-04-01"),
            "special_to": _pick(rng, "", "2021-05-01", "2023-01-01"),
            "valid_from": _pick(rng, "2021-01-01", "2021-05-01"),
            "valid_to": _pick(rng, "", "", "2021-06-01"),
        }
        for p in provinces["province"]
        for c in certificates["certificate"]
        for lv in LEVELS
        if rng.random() < 0.5
    ]
    pools = [
        {
            "college": f"X{i}",
            "year": y,
            "pay_pool": float(rng.integers(1, 40)) * 1e5,
            "uplift_granted": np.nan,
            "uplift_limit": _pick(rng, np.nan, 5000.0),
            "net_training_income": _pick(rng, np.nan, 80000.0),
        }
        for y in years
        for i in range(n)
        if rng.random() < 0.8
    ]
    caps = pd.DataFrame(
        [
            {"form": f, "level": lv, "cap": float(c)}
            for f, lv, c in (
                ("paper", "all", 60),
                ("computer", "all", 90),
                ("practical", "all", 150),
                ("practical", "junior", 120),
                ("special_practical", "all", 260),
                ("special_practical", "advanced", 300),
            )
        ]
    ).assign(valid_from="2020-07-01", valid_to="", source="A")
    return {
        "provinces": provinces,
        "colleges": colleges,
        "organisations": organisations,
        "certificates": certificates,
        "components": pd.DataFrame(components),
        "ingredients": pd.DataFrame(ingredients),
        "offerings": pd.DataFrame(offers),
        "fees": pd.DataFrame(fees),
        "pay_pools": pd.DataFrame(pools),
        "caps": caps,
    }
