"""Options that make no sense, of every command, are refused before the work begins: usage (exit 2) or a sentence, never a traceback."""

import argparse
import os

import pandas as pd
import pytest

from onexmodel.cli import main, parser
from onexmodel.cli.options import can_write_into
from onexmodel.data.synthetic.national import make_national
from onexmodel.errors import DataError
from onexmodel.law import load_law
from onexmodel.report import workbook
from onexmodel.report.make import execute, process_setup
from onexmodel.report.page import home

SENSELESS = ("-3", "nan", "inf", "1e9", "²", "٣", "1.5", "", "9" * 20, "9" * 5000)
NUMBERS = ("year", "draws", "seed", "workers", "depth")


def commands() -> dict:
    """name → parser of every command."""
    return next(
        action.choices
        for action in parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )


def numeric() -> list[tuple[str, str]]:
    """(command, option) of every option that takes a whole number, found by walking the parsers."""
    return [
        (name, action.option_strings[0])
        for name, command in commands().items()
        for action in command._actions
        if action.dest in NUMBERS
    ]


def test_no_option_reads_a_number_in_another_way():
    """`int` and `float` take what nobody means (1_0, nan, any size)."""
    for name, command in commands().items():
        for action in command._actions:
            assert action.type not in (int, float), f"{name} {action.option_strings}"
    assert len(numeric()) > 12


@pytest.mark.parametrize("name, option", numeric())
def test_a_number_that_makes_no_sense(name, option, capsys):
    wanted = [
        action
        for action in commands()[name]._actions
        if action.required and not action.option_strings
    ]
    for word in SENSELESS:
        with pytest.raises(SystemExit) as ended:
            main([name, *("x" for _ in wanted), f"{option}={word}"])
        assert ended.value.code == 2
        assert "的整数" in capsys.readouterr().err


SOLVE = ["solve", "--data", "example", "--vary", "fees.beta", "--measure", "fee_bill"]


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "1e400", "1e300", "", "x", "1_0", "-1e17"])
def test_an_amount_that_is_none(word, capsys):
    for given in (
        [*SOLVE, "--low=0", "--high=1", f"--at-most={word}"],
        [*SOLVE, "--low=0", "--high=1", f"--at-least={word}"],
        [*SOLVE, f"--low={word}", "--high=1", "--at-most=1"],
        [*SOLVE, "--low=0", f"--high={word}", "--at-most=1"],
        ["montecarlo", "--data", "example", "--budget", f"考核费支出={word}"],
    ):
        assert main(given) == 2
        assert "不是金额" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["nan", "inf", "-inf", "1e400", ""])
def test_a_set_value_that_is_no_number(word, tmp_path, capsys):
    given = ["run", "--data", "example", "--set", f"fees.beta={word}", "--out", str(tmp_path / "o")]
    assert main(given) == 1 and not (tmp_path / "o").exists()
    assert "fees.beta" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["run", "--province", "", "--out", "o"],
        ["run", "--province", "，", "--out", "o"],
        ["run", "--data", "", "--out", "o"],
        ["report", "fee_cap", "--date", "2026-02-30"],
        ["report", "fee_cap", "--date", "20260630"],
        ["solve", "--vary=--"],
        ["run", "--out=--"],
    ],
)
def test_a_word_that_says_nothing(given, capsys):
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2 and capsys.readouterr().err


def test_what_the_gate_refuses_is_refused_before_the_data_are_read(tmp_path, capsys):
    for more in (["--issuer", "字" * 100], ["--lang", "xx"]):
        given = ["report", "fee_cap", "--data", str(tmp_path / "没有"), "--out", str(tmp_path)]
        assert main([*given, *more]) in (1, 2)
        assert more[0].lstrip("-") in capsys.readouterr().err


@pytest.mark.parametrize("name", ["run", "report", "check", "model", "sweep", "template"])
def test_a_folder_that_cannot_be_written_into(name, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    if os.name != "nt":
        (tmp_path / "link").symlink_to("nowhere")
    before = {
        "run": ["run", "--data", "example"],
        "report": ["report", "fee_cap", "--data", "example"],
        "check": ["check", "example"],
        "model": ["model"],
        "sweep": ["sweep", "x.yaml"],
    }
    for out in ("file", "link", "n" * 300)[: None if os.name != "nt" else 1]:
        place = tmp_path / out
        given = (
            [*before[name], "--out", str(place)]
            if name in before
            else [name, str(place / "college.xlsx")]
        )
        assert main(given) == 2 and "换一个位置" in capsys.readouterr().err


def test_a_full_disk_is_said_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr("onexmodel.cli.options.ROOM", 1 << 80)
    with pytest.raises(Exception, match="磁盘已满"):
        can_write_into(tmp_path)


def test_results_that_no_sheet_holds_are_refused_whole(tmp_path, monkeypatch):
    wide = pd.DataFrame([[1.0] * 16_385])
    with pytest.raises(DataError, match="16,385 列.*--format csv"):
        workbook.write_workbook({"colleges": wide}, load_law(), tmp_path / "a.xlsx")
    monkeypatch.setattr(workbook, "ROWS", 5)
    with pytest.raises(DataError, match="有 6 行.*--format csv"):
        workbook.write_workbook(
            {"colleges": pd.DataFrame({"college": ["X"] * 6})}, load_law(), tmp_path / "a.xlsx"
        )
    long = pd.DataFrame({"college": ["字" * 40_000]})
    with pytest.raises(DataError, match="放不进工作表"):
        workbook.write_workbook({"colleges": long}, load_law(), tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_workbook_of_results_is_refused_before_the_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(workbook, "ROWS", 5)
    monkeypatch.setattr("onexmodel.study.run", None)
    given = ["run", "--data", "example", "--format", "xlsx", "--out", str(tmp_path / "o")]
    assert main(given) == 1 and "--format csv" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_the_limit_is_that_of_a_sheet():
    assert workbook.ROWS + 2 == 1_048_576 and workbook.COLUMNS == 16_384


def test_more_plans_than_there_are_colleges_and_certificates_for(tmp_path):
    with pytest.raises(DataError, match="要 1,000,000 条开考计划，院校与证书的搭配只够"):
        make_national(tmp_path / "n", offerings=1_000_000)
    assert not (tmp_path / "n").exists()


def test_sockets_have_short_names_or_are_ports(tmp_path):
    assert execute._transport(tmp_path / ("长" * 60))["config"].KernelManager.transport != "ipc"
    if os.name != "nt" and len(str(tmp_path)) < process_setup.LONGEST:
        assert execute._transport(tmp_path)["config"].KernelManager.transport == "ipc"


def test_what_jupyter_keeps_lies_in_the_run_and_the_environment_is_as_before(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", "mine")
    monkeypatch.delenv("JUPYTER_RUNTIME_DIR", raising=False)
    with process_setup.own_places(tmp_path):
        assert os.environ["IPYTHONDIR"].startswith(str(tmp_path))
        assert os.environ["JUPYTER_RUNTIME_DIR"].startswith(str(tmp_path))
    assert os.environ["IPYTHONDIR"] == "mine" and "JUPYTER_RUNTIME_DIR" not in os.environ


def test_a_home_that_cannot_be_used_gives_fonts_a_folder(tmp_path, monkeypatch):
    monkeypatch.delenv(home.FOLDER, raising=False)
    monkeypatch.setattr(home.os.path, "expanduser", lambda _: str(tmp_path))
    home.settle()
    assert home.FOLDER not in os.environ
    (tmp_path / "file").touch()
    monkeypatch.setattr(home.os.path, "expanduser", lambda _: str(tmp_path / "file"))
    home.settle()
    assert os.path.isdir(os.environ.pop(home.FOLDER))
