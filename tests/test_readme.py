"""Every command line of both READMEs is run. The whole product is behind it, on a small set that stands in for the national one and for the
reader's own data; what takes minutes is replaced by its first step, which refuses whatever the command would be refused for."""

import ast
import json
import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

import onexmodel
from onexmodel.analysis import study
from onexmodel.cli import main
from onexmodel.law import read_scenario
from onexmodel.places import shipped
from onexmodel.report import REPORTS, parameters_of
from onexmodel.report.each.batch import MADE, Outcome
from onexmodel.report.each.order import Report

ROOT = Path(__file__).parents[1]
ONE = ROOT / "tests" / "cases" / "intake" / "records_of_2023_settlement_cut_off_2020.xlsx"
READMES = sorted(path.name for path in ROOT.glob("README*.md"))
PLACES = {"S01": ("44", "广东"), "S02": ("32", "江苏"), "S03": ("33", "浙江")}
NAMES = {"S01": "甲省", "S02": "乙省", "S03": "丙省"}
AMOUNT = re.compile("⟨amount⟩|（金额）")
FILES = ("FILE", "文件")  # a scenario of the reader's
SHORTER = {"solve": ["--draws", "-1"], "montecarlo": ["--draws", "3", "--workers", "1"]}
NOT_RUN = {
    'python -c "from distributed': "needs Dask, and waits for a key; its Python is compiled",
    "python -m venv": "makes an environment",
    r".venv\Scripts\python -m pip": "installs",
    "python -m benchmarks": "measures for minutes",
    "pip install": "installs",
    "dask ": "needs Dask",
}


def blocks(text: str) -> list[list[str]]:
    """The indented blocks of a README."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("    "):
            found[-1].append(line[4:])
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def typed(readme: str) -> list[str]:
    """What a reader may type: lines of blocks, and what stands in backticks and begins as a command."""
    text = (ROOT / readme).read_text(encoding="utf-8")
    commands = ("onexmodel ", "make ", "python ", "pip ", "dask ", ".venv")
    lines = [line for block in blocks(text) for line in block if line.startswith(commands)]
    inline = re.findall(r"`((?:onexmodel|make|python|pip|dask) +[\w-][^`\n]*)`", text)
    return [*lines, *inline]


def commands_of(line: str) -> list[list[str]]:
    """The arguments after onexmodel, one list a command; a | b stands for two."""
    line = line.replace(r".venv\Scripts\python -m onexmodel", "onexmodel")
    words = shlex.split(AMOUNT.sub("300", line), comments=True)
    if not words or words[0] != "onexmodel":
        return []
    rest = words[1:]
    return [[one] for one in rest if one != "|"] if "|" in rest else [rest]


LINES = [(readme, line) for readme in READMES for line in typed(readme)]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The example with Guangdong, Jiangsu and Zhejiang for its provinces, all colleges in Guangdong."""
    folder = shutil.copytree(shipped("data", "example"), tmp_path_factory.mktemp("small") / "data")
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        for code, (other, name) in PLACES.items():
            text = re.sub(rf"(?<![\w]){code}(?![\w])", other, text).replace(NAMES[code], name)
            text = (
                text.replace(NAMES[code][0] + ",", name + ",") if path.stem == "provinces" else text
            )
        if path.stem == "colleges":  # enough in one province for the organisations to be judged
            text = re.sub(",(?:32|33),", ",44,", text)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def reader(small, tmp_path, monkeypatch):
    """A reader's folder; what takes minutes is opened and not made."""
    real = study.own_folder
    monkeypatch.setattr(
        study, "own_folder", lambda name, *_: small if name == "national" else real(name)
    )
    monkeypatch.setattr(study, "made_data", lambda name: small)

    def opened(names, given, out, *_):
        for name in names:
            asked = parameters_of(name, {**given, "log2_draws": 1})
            asked = asked.model_copy(update={"internal": True})  # six colleges in three provinces
            import_module(f"onexmodel.report.{name}.report").opened_report(asked)
        yield from ()

    def each(asked, *_):
        for name in asked.names:
            for province in asked.provinces:
                yield from opened([name], asked.parameters(province), asked.out)
                report = Report(asked.out / "a.html", "", {"year": 0})
                yield Outcome(name, province, MADE, report)

    def again(record, data, out, settings=None, name="", told=None):
        study.open_study(data, record["parameters"]["scenario"], settings)
        path = Path(out) / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
        return path

    def swept(sweep, *_):
        for province in sweep.provinces:
            study.open_study(sweep.data, [*sweep.scenarios[-1]], province=province)
        yield 1, 1

    verified = import_module("onexmodel.report.make.verify")
    monkeypatch.setattr("onexmodel.report.make.batch.make_reports", opened)
    monkeypatch.setattr("onexmodel.report.each.batch.make_each", each)
    monkeypatch.setattr("onexmodel.report.make.pdf.browser", lambda: "")
    monkeypatch.setattr(verified, "again", again)
    monkeypatch.setattr(
        verified,
        "verify",
        lambda path, data, told: verified.Verdict(bool(study.data_folder(data)), ()),
    )
    monkeypatch.setattr("onexmodel.cli.lab.NEEDED", ())
    monkeypatch.setattr("onexmodel.cli.lab.start_jupyterlab", lambda options: None)
    monkeypatch.setattr("onexmodel.analysis.draws.sweep.run_sweep", swept)
    monkeypatch.setattr("onexmodel.analysis.draws.sweep.need_scheduler", lambda address: None)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "data" / "sweeps", tmp_path / "data" / "sweeps")
    return tmp_path


def lay_out(folder: Path, small: Path, words: list[str]) -> list[str]:
    """What the command names is there: data, a workbook to check, a report with its record, a scenario."""
    for option, name in zip(words, words[1:], strict=False):
        if option == "--data" and name not in study.SHIPPED:
            put(folder / name, small)
    if words[0] == "check":
        put(folder / words[1], small)
    if words[0] in ("verify", "rerun"):
        record = {
            "report": "fee_cap",
            "version": onexmodel.__version__,
            "parameters": {"data_name": "onexmodel/national", "scenario": [], "settings": {}},
            "scenarios": [],
            "results": {},
        }
        page = f'<script type="application/json" id="record">{json.dumps(record)}</script>'
        path = folder / words[1]
        path.parent.mkdir(parents=True)
        path.write_text(page, encoding="utf-8")
    scenario = folder / "mine.yaml"
    shutil.copy(shipped("data", "scenarios", "cap_plus_20.yaml"), scenario)
    return [str(scenario) if word in FILES else word for word in words]


def put(path: Path, small: Path) -> None:
    """A good workbook or folder under the name."""
    if path.suffix == ".xlsx":
        shutil.copy(ONE, path)
    elif not path.exists():
        shutil.copytree(small, path)


@pytest.mark.parametrize(("readme", "line"), LINES, ids=lambda text: text[:60])
def test_a_line_of_a_readme_does_what_it_says(readme, line, reader, small, capsys):
    done = commands_of(line)
    for number, words in enumerate(done):
        folder = reader / str(number)
        folder.mkdir()
        words = lay_out(reader if number == 0 else folder, small, words)
        code = main([*words, *SHORTER.get(words[0], ())])
        said = capsys.readouterr()
        answered = words[0] == "solve" and "达不到" in said.out  # of the small set; an answer, too
        assert code == 0 or answered, said.err + said.out[-500:]
    if done:
        return
    if line.startswith("make "):
        target = line.split()[1]
        assert re.search(
            rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M
        )
        return
    assert any(line.startswith(start) for start in NOT_RUN), line
    if code := re.search('-c "(.*)"', line):
        ast.parse(code[1])


def test_lines_that_are_wrong_would_be_seen(reader, small):
    for line in (
        "onexmodel explain uplift --college S01C01 --data example",
        "onexmodel report fee_cap --province 99",
        "onexmodel report fee_cap --scenario cap_plus_21",
        "onexmodel solve --vary cap_scale --measure unmet --at-most 1 --low 0.5 --high 2",
    ):
        assert main(commands_of(line)[0]) != 0, line


@pytest.mark.parametrize("readme", READMES)
def test_both_name_every_report_and_the_same_commands(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    said = {words[0] for line in typed(readme) for words in commands_of(line)}
    assert {"report", "check", "template", "run", "explain", "verify", "rerun"} <= said
    assert any(name in text for name in REPORTS)


@pytest.mark.parametrize("readme", READMES)
def test_the_scenario_of_a_readme_can_be_read(readme, tmp_path):
    text = (ROOT / readme).read_text(encoding="utf-8")
    whole = [block for block in blocks(text) if block[0].startswith("title:")]
    more = [block for block in blocks(text) if block[0].startswith("  - {")]
    assert len(whole) == 1 and more
    path = tmp_path / "mine.yaml"
    path.write_text(
        "\n".join([*whole[0], *(line for block in more for line in block)]), encoding="utf-8"
    )
    assert len(read_scenario(str(path)).changes) == 2 + sum(map(len, more))
