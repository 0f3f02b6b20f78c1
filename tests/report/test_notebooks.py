"""Notebooks are thin, parameterized, committed without outputs; the gate knows exactly their parameters."""

import ast
import json
from importlib import import_module
from inspect import signature
from pathlib import Path

import pytest
from papermill import inspect_notebook

from onexmodel.errors import ParameterError
from onexmodel.law import load_law
from onexmodel.places import shipped
from onexmodel.report.make.gate import MODELS, checked

START = shipped("notebooks", "start.ipynb")  # the workbench's: no report
NOTEBOOKS = [path for path in sorted(shipped("notebooks").glob("*.ipynb")) if path != START]


def test_every_notebook_has_a_gate():
    assert {path.stem for path in NOTEBOOKS} == set(MODELS)


def test_clauses_are_answered_by_reports_there_are_and_every_report_answers_some():
    assert {name for one in load_law().clauses for name in one["reports"]} == set(MODELS)


def test_every_report_calls_itself_by_the_name_of_its_folder():
    for name in MODELS:
        room = import_module(f"onexmodel.report.{name}.report")
        made = signature(room.opened_report, eval_str=True).return_annotation
        assert made.name == name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_parameters_cell_is_the_gate(path):
    found = {
        name: ast.literal_eval(entry["default"])
        for name, entry in inspect_notebook(str(path)).items()
    }
    assert found == checked(path.stem, {})


@pytest.mark.parametrize("path", [*NOTEBOOKS, START], ids=lambda path: path.stem)
def test_notebook_is_thin(path):
    notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert not cell["outputs"] and cell["execution_count"] is None
            assert "def " not in source and "lambda" not in source and "/" not in source
            assert len(source.splitlines()) <= (
                15 if "parameters" in cell["metadata"].get("tags", []) else 4
            )
    tags = [
        cell["metadata"].get("tags", [])
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
    ]
    assert [tag for tag in tags] == [["zh"], ["en"]] * (len(tags) // 2)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"provinse": "44"}, "最接近的是「province」"),
        ({"internal": "yes"}, "internal"),
        ({"scenario": "cap_plus_20"}, "scenario"),
        ({"lang": "qaa"}, "zh"),
        ({"log2_draws": 99}, "log2_draws"),
        ({"year": 2021.5}, "year"),
    ],
)
def test_gate_refuses_unknown_names_and_wrong_types(given, words):
    with pytest.raises(ParameterError) as refused:
        checked("fee_cap", given)
    assert words in str(refused.value)


def test_gate_lists_every_fault_at_once():
    with pytest.raises(ParameterError) as refused:
        checked("fee_cap", {"provinse": "44", "lang": "qaa", "internal": 3})
    assert len(refused.value.faults) == 3


def test_unknown_report_names_the_nearest():
    with pytest.raises(ParameterError, match="fee_cap"):
        checked("fee_kap", {})
