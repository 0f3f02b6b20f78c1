"""docs/model is what the code says; no rule goes without names, unit, formula, clause or source."""

from dataclasses import replace
from pathlib import Path

import pytest

from onexmodel.law import load_law
from onexmodel.report.model.docs import faults, users, write_model

DOCS = Path(__file__).parents[2] / "docs" / "model"


def test_docs_are_made_from_the_code(tmp_path):
    for path in write_model(load_law(), tmp_path):
        assert path.read_text(encoding="utf-8") == (DOCS / path.name).read_text(encoding="utf-8"), (
            f"run onexmodel model: {path.name}"
        )


def test_every_rule_has_words_unit_formula_clause_and_source():
    assert faults(load_law()) == []


@pytest.mark.parametrize("key", ["zh", "unit", "formula", "clause", "source"])
def test_a_rule_that_lacks_one_is_found(key):
    law = load_law()
    spoiled = replace(law, rules={**law.rules, "retakes": {**law.rules["retakes"], key: ""}})
    assert [fault.split(":")[0] for fault in faults(spoiled)] == ["retakes"]


def test_every_rule_and_every_parameter_is_described_once():
    law, rules, parameters = (
        load_law(),
        (DOCS / "rules.md").read_text(encoding="utf-8"),
        (DOCS / "parameters.md").read_text(encoding="utf-8"),
    )
    for name in law.rules:
        assert rules.count(f"\n`{name}`, ") == 1, name
    for name in law.parameters:
        assert parameters.count(f"\n`{name}`, ") == 1, name
    taken = [part.split("\n\n")[0] for part in parameters.split("\n### ") if "used by" in part]
    assert len(taken) > 20 and "takes: `candidates`、`retakes`、`fees.retake_fee_share`" in rules
    assert "approved_fee" in users() and "fee_bill" in users()["approved_fee"]
