"""The product against the naive second implementation on random data, every column of §1–§5, baseline and scenario."""

import math

import numpy as np
import pandas as pd
import pytest
from random_data import random_frames
from reference import Model

from onexmodel.data.read import read_tables
from onexmodel.engine.compile import mid_year
from onexmodel.engine.run import composed, run
from onexmodel.law import load_law

SETTINGS = [
    ([], {}),
    (["cap_plus_20"], {"response.mode": "supply"}),
    (["cap_plus_50"], {"fees.cap_of_mixed": "max", "fees.retake_fee_share": "0.5"}),
    (["cap_removed"], {"fees.deduct_college_borne": "0"}),
    (
        ["verification_off"],
        {"fees.cap_of_mixed": "weighted", "response.mode": "supply", "response.sharp": "yes"},
    ),
    (
        ["deduct_off", "cap_plus_10"],
        {"fees.special_may_exceed_cap": "yes", "pay.workload_basis": "overload"},
    ),
    ([], {"pay.uplift_method": "rate", "pay.uplift_scope": "all", "fees.fee_index": "1.07"}),
    (
        ["income_share"],
        {"fees.question_bank_floor": "10000", "funding.student_charge": "30", "fees.beta": "0.2"},
    ),
    (
        [],
        {
            "pay.uplift_method": "rate",
            "pay.on_cost": "0.25",
            "pay.uplift_ceiling": "1",
            "pay.class_hour_fee": "110",
        },
    ),
]


def written(frames, folder):
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    for name, columns in (
        ("funding", "owner,year,source_of_funds,limit"),
        ("eligibility", "source_of_funds,use,allowed,source"),
        ("sources", "source,title,issuer,issued_on,quote,kind,in_force"),
    ):
        (folder / f"{name}.csv").write_text(columns + "\n", encoding="utf-8")
    return read_tables(folder)


def rows(frame: pd.DataFrame) -> list[dict]:
    return frame.to_dict("records")


def plain(frames) -> dict[str, list[dict]]:
    return {name: rows(frame) for name, frame in frames.items()}


def close(a, b) -> bool:
    a = math.nan if a is None or a is pd.NA else a
    b = math.nan if b is None else b
    if isinstance(b, float) and math.isinf(b):
        b = math.nan  # the result tables leave infinite limits empty
    if isinstance(a, (str, bool, np.bool_)):
        return a == b
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 1e-6 * max(1.0, abs(b))


@pytest.mark.parametrize("setting", range(len(SETTINGS)))
@pytest.mark.parametrize("seed", range(3))
def test_product_equals_reference(tmp_path, seed, setting):
    scenarios, sets = SETTINGS[setting]
    frames = random_frames(100 * seed + setting)
    tables, law = written(frames, tmp_path), load_law()
    composition = composed(law, tables, scenarios, sets)
    done = run(law, tables, composition)
    faults = []
    for i, year in enumerate(sorted(frames["offerings"]["year"].unique())):
        day = mid_year(year)
        base = Model(plain(frames), composition.baseline_law.at(day), year)
        models = [(done.baseline[i], base)]
        if done.scenario:
            models.append(
                (done.scenario[i], Model(plain(frames), composition.law.at(day), year, base))
            )
        for result, model in models:
            faults += compared(result.frames(), model)
    assert not faults, faults[:10]


def compared(tables, model) -> list:
    faults = []
    wanted = {
        "fees": (("province", "certificate", "level"), model.f),
        "organisations": (("organisation", "province"), model.o),
        "offerings": (("college", "certificate", "level"), model.out),
        "colleges": (("college",), {(k,): v for k, v in model.w.items()}),
    }
    for name, (keys, expected) in wanted.items():
        assert len(tables[name]) == len(expected), name
        for row in rows(tables[name]):
            found = expected[tuple(row[key] for key in keys)]
            faults += [
                (name, [row[key] for key in keys], column, row[column], value)
                for column, value in found.items()
                if column in row and not close(row[column], value)
            ]
    return faults
