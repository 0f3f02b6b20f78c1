"""data/example against its hand calculation, to the fen; the arithmetic is in cases/hand/example.yaml."""

import math
from pathlib import Path

import pandas as pd
import pytest
import yaml

from onexmodel.study import open_run

CASE = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "hand" / "example.yaml").read_text(encoding="utf-8")
)
FEN = 0.005
ALLOWED = {"ceil": math.ceil, "min": min, "max": max, "exp": math.exp, "__builtins__": {}}


def names() -> dict[str, float]:
    known: dict[str, float] = {}
    for name, arithmetic in CASE["names"].items():
        known[name] = float(eval(str(arithmetic), ALLOWED, known))
    return known


NAMES = names()


def worked(part):
    return [
        pytest.param(
            table,
            row["key"],
            column,
            arithmetic,
            id=f"{table}-{'-'.join(row['key'].values())}-{column}",
        )
        for table, rows in part.items()
        for row in rows
        for column, arithmetic in row["values"].items()
    ]


@pytest.fixture(scope="module")
def frames():
    plain = open_run("example", ["current_law"])[0].frames()
    few = {"compare.min_colleges": "1"}  # its provinces have one to three colleges
    supply = open_run("example", ["current_law"], {"response.mode": "supply", **few})[0].frames()
    return {
        "none": plain,
        "supply": supply,
        "plus20": open_run("example", ["cap_plus_20"], few)[0].frames(),
    }


def check(frame: pd.DataFrame, key, column, arithmetic):
    rows = frame
    for name, value in key.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1, key
    assert rows[column].iloc[0] == pytest.approx(
        float(eval(arithmetic, ALLOWED, dict(NAMES))), abs=FEN
    )


@pytest.mark.parametrize(("table", "key", "column", "arithmetic"), worked(CASE["tables"]))
def test_plan(frames, table, key, column, arithmetic):
    check(frames["none"][table], key, column, arithmetic)


@pytest.mark.parametrize(("table", "key", "column", "arithmetic"), worked(CASE["supply"]))
def test_response(frames, table, key, column, arithmetic):
    check(frames["supply"][table], key, column, arithmetic)


@pytest.mark.parametrize(("table", "key", "column", "arithmetic"), worked(CASE["plus20"]))
def test_caps_up_20_percent(frames, table, key, column, arithmetic):
    check(frames["plus20"][table], key, column, arithmetic)


def test_provinces_add_up(frames):
    colleges = frames["none"]["colleges"].assign(
        province=lambda t: t["college"].map(
            {"X1": "S01", "X2": "S01", "X3": "S01", "X4": "S02", "X5": "S02", "X6": "S03"}
        )
    )
    for column in ("fee_bill", "assessment_cost", "funding_gap", "uplift", "award", "idle"):
        sums = colleges.groupby("province")[column].sum()
        table = frames["none"]["provinces"].set_index("province")[column]
        assert (sums - table).abs().max() < FEN
