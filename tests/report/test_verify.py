"""A report can be verified by whoever holds the data: same, or which number or sentence differs and why."""

import hashlib
import importlib
import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from made_here import page_of

from onexmodel.cli import main
from onexmodel.errors import OnexError, ReportError, ScenarioError
from onexmodel.law import list_scenarios, read_scenario
from onexmodel.places import shipped
from onexmodel.report.make.execute import make_report
from onexmodel.report.make.fingerprint import RECORD
from onexmodel.report.make.verify import again, fingerprint, read_record, verify, visible_text

pytestmark = pytest.mark.usefixtures("sketched", "fontless")
module = importlib.import_module("onexmodel.report.make.verify")
GIVEN = {"data": "example", "province": "", "internal": True, "log2_draws": 1}


@pytest.fixture(scope="module")
def report(tmp_path_factory, sketched, fontless):
    """As the command makes it, in this process: tests/report/test_reports.py finds the same bytes."""
    page = page_of("performance_pay", GIVEN)
    return written(page, tmp_path_factory.mktemp("mailed"), "performance_pay")


def written(page: str, out: Path, name: str) -> Path:
    """The page as a file of the folder."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def digest(data: str) -> str:
    """The hash of a folder's bytes, or of those of the example."""
    folder = shipped("data", "example") if data == "example" else Path(data)
    files = sorted(folder.rglob("*.csv"))
    assert files, data
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@pytest.fixture(scope="module", autouse=True)
def run_once(sketched, fontless):
    """The same run asked for again is made once, in this process (as tests/report/test_reports.py finds, the same bytes): what these tests
    look at is how its page is held against the file. A run is what it is given, its data by their bytes; whatever else stands in a record
    does not reach it."""
    made = {}

    def once(name, given, out, file_name="", texts=None, told=None):
        key = json.dumps([name, {**given, "data": digest(given["data"])}, texts], sort_keys=True)
        if key not in made:
            made[key] = page_of(name, given, texts)
        return written(made[key], out, file_name or name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "make_report", once)
        yield


@pytest.fixture()
def copy_of_data(tmp_path):
    return shutil.copytree(shipped("data", "example"), tmp_path / "data")


def test_untouched_report_is_verified(drawn, monkeypatch, tmp_path):
    """By a kernel, as the command does."""
    report = written(page_of("performance_pay", GIVEN), tmp_path, "performance_pay")
    monkeypatch.setattr(module, "make_report", make_report)
    verdict = verify(report, "example")
    assert verdict.same and fingerprint(report.read_text(encoding="utf-8")) in verdict.sentences[0]


def test_one_changed_data_cell_is_named(report, copy_of_data):
    table = copy_of_data / "pay_pools.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("12000000", "12000001"), encoding="utf-8"
    )
    verdict = verify(report, str(copy_of_data))
    assert not verdict.same and verdict.sentences[0].startswith("数据改变了")
    assert any(line.startswith("pool：报告") for line in verdict.sentences)


def test_a_changed_cell_of_the_data_is_named_by_table_row_and_column(report, copy_of_data):
    table = copy_of_data / "pay_pools.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("12000000", "12600000"), encoding="utf-8"
    )
    lines = verify(report, str(copy_of_data)).sentences
    cell = re.compile(r"(?:方案并列|表1) · .+ · .+：报告 [\d.\u202f]+，重算 [\d.\u202f]+")
    assert any(cell.fullmatch(line) for line in lines), lines


@pytest.mark.parametrize("where", ["text", "alternative"])
def test_one_digit_changed_in_the_file_is_named(report, tmp_path, where):
    page = report.read_text(encoding="utf-8")
    pattern = (
        r'(<p class="lead">[^<]*?)(\d)'
        if where == "text"
        else r'(<svg [^>]*aria-label="[^"]*?)(\d)'
    )
    bad = tmp_path / "bad.html"
    bad.write_text(
        re.sub(pattern, lambda m: m.group(1) + str((int(m.group(2)) + 1) % 10), page, count=1),
        encoding="utf-8",
    )
    verdict = verify(bad, "example")
    assert not verdict.same and "文件在生成之后被改动" in verdict.sentences[0]
    assert any("报告写「" in line for line in verdict.sentences)


def test_an_edited_cell_is_named_from_the_record(report, tmp_path):
    """The page was edited, its record was not: what the record holds there is said, with table, row and column."""
    page = report.read_text(encoding="utf-8")
    kept = json.loads(RECORD.search(page).group(1))["printed"]
    key, text = next(
        (k, t) for k, t in kept.items() if k[:5] == "表1 · " and re.fullmatch(r"\d{2,4}\.\d", t)
    )
    body = page.index("<b>表1</b>")
    bad = tmp_path / "bad.html"
    edited = page[:body] + page[body:].replace(f"<td>{text}<", "<td>77.7<", 1)
    assert edited != page
    bad.write_text(edited, encoding="utf-8")
    verdict = verify(bad, "example")
    assert not verdict.same
    assert any(f"报告写「77.7」，重算为「{text}」；记录为 " in line for line in verdict.sentences)
    assert any(f"{key} {text}" in line for line in verdict.sentences), verdict.sentences


def test_a_printed_number_changed_in_the_record_is_named(report, tmp_path):
    def change(record):
        key = next(key for key in record["printed"] if key.startswith("表1 · "))
        record["printed"][key] = "1\x1b[2J"

    verdict = verify(tampered(report, tmp_path, change), "example")
    assert not verdict.same
    assert any(
        line.startswith("运行记录中的 表1 · ") and "：报告 1�[2J，重算 " in line
        for line in verdict.sentences
    )


def test_of_many_printed_numbers_twenty_are_named(report, tmp_path):
    def change(record):
        record["printed"] = dict.fromkeys(record["printed"], "0")

    lines = verify(tampered(report, tmp_path, change), "example").sentences
    named = [line for line in lines if " · " in line or ": " in line]
    assert len([line for line in named if "：报告 0，重算 " in line]) == 20
    assert any(re.fullmatch(r"运行记录中的 ……共 \d{3} 个打印的数字不同", line) for line in lines)


def test_a_record_from_before_printed_numbers_is_read_as_ever(report, copy_of_data, tmp_path):
    old = tampered(report, tmp_path, lambda record: record.pop("printed") and None)
    assert "printed" not in read_record(old.read_text(encoding="utf-8"), "old.html")
    table = copy_of_data / "pay_pools.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("12000000", "12000001"), encoding="utf-8"
    )
    verdict = verify(old, str(copy_of_data))
    assert not verdict.same and verdict.sentences[0].startswith("数据改变了")
    assert any(line.startswith("pool：报告") for line in verdict.sentences)
    assert not any(line.startswith("表1 · ") for line in verdict.sentences)


@pytest.mark.parametrize(
    "printed", [["1"], {"a": 1}, {"a": "1" * 1001}, {"a" * 1001: "1"}, {"a": None}]
)
def test_printed_numbers_that_are_none_are_refused(report, tmp_path, printed):
    bad = tampered(report, tmp_path, lambda record: record.update(printed=printed))
    with pytest.raises(ReportError, match="运行记录不完整或被改动：printed"):
        verify(bad, "example")


@pytest.fixture(scope="module")
def schemed(tmp_path_factory, sketched, fontless):
    """A report on a scenario of one's own that rests on a shipped one; its file is gone by the time the report is verified."""
    folder = tmp_path_factory.mktemp("schemed")
    path = folder / "某省 方案（二）.v2.yaml"
    path.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nbased_on: cap_plus_10\nchanges:\n"
        '  - {parameter: pay.elasticity, value: 0.4, rationale: "a \\"b\\" {{7*7}} \\\\"}\n',
        encoding="utf-8",
    )
    made = page_of("performance_pay", {**GIVEN, "scenario": [str(path)]})
    path.unlink()
    return written(made, folder, "performance_pay")


def test_a_report_on_scenarios_is_verified_from_the_texts_it_holds(schemed):
    record = read_record(schemed.read_text(encoding="utf-8"), "x")
    assert [one["id"] for one in record["scenarios"]] == [
        "cap_plus_10",
        "某省 方案（二）.v2",
    ] and record["parameters"]["scenario"] == ["某省 方案（二）.v2"]
    assert verify(schemed, "example").same


def tampered(report: Path, folder: Path, change) -> Path:
    """The report with another record in it, as somebody might mail it."""
    page = report.read_text(encoding="utf-8")
    record = json.loads(RECORD.search(page).group(1))
    text = json.dumps(change(record) or record, ensure_ascii=False).replace("</", "<\\/")
    path = folder / "bad.html"
    path.write_text(
        page[: RECORD.search(page).start(1)] + text + page[RECORD.search(page).end(1) :],
        encoding="utf-8",
    )
    return path


def test_a_changed_scenario_line_is_named_before_it_is_used(schemed, tmp_path):
    bad = tampered(
        schemed,
        tmp_path,
        lambda record: record["scenarios"][0].update(
            text=record["scenarios"][0]["text"].replace("scale: 1.10", "scale: 1.11")
        ),
    )
    for use in (
        lambda: verify(bad, "example"),
        lambda: read_record(bad.read_text(encoding="utf-8"), "bad.html"),
    ):
        with pytest.raises(ReportError, match="情景 cap_plus_10 的文本与其指纹不符"):
            use()


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A working folder and a scratch folder of one's own: files() gives all that lies there or among the shipped scenarios, and its bytes."""
    for name in ("work", "scratch"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))

    def files():
        return {
            path: path.read_bytes()
            for folder in (tmp_path, shipped("data", "scenarios"))
            for path in folder.rglob("*")
            if path.is_file()
        }

    return files


def named(name: str, text: str, hashed: bool):
    """A change of the first scenario's id and text; `hashed`: with the hash that belongs to the text."""

    def change(record):
        digest = (
            hashlib.sha256(text.encode()).hexdigest()
            if hashed
            else record["scenarios"][0]["sha256"]
        )
        record["scenarios"][0] = {"id": name, "text": text, "sha256": digest}
        record["parameters"]["scenario"] = [name]

    return change


@pytest.mark.parametrize("command", ["verify", "rerun"])
@pytest.mark.parametrize("hashed", [True, False])
@pytest.mark.parametrize("data", ["example", "nosuch"])
@pytest.mark.parametrize(
    "place",
    [
        "../escaped",
        "absolute",
        "shipped",
        "..\\escaped",
        "C:escaped",
        "x\0y",
        ".hidden",
        "",
        "a\x1b[2J",
        "x" * 300,
    ],
)
def test_a_record_names_no_place_on_disk(
    place, data, hashed, command, schemed, tmp_path, alone, capsys
):
    """⟨id⟩.yaml was written before anything was looked at: beside the scratch folder, anywhere, or over a shipped scenario."""
    name = {
        "absolute": str(tmp_path / "work" / "escaped"),
        "shipped": str(shipped("data", "scenarios", "cap_plus_10")),
    }.get(place, place)
    bad = tampered(schemed, tmp_path, named(name, "scale: 9", hashed))
    before = alone()
    assert main([command, str(bad), "--data", data]) == 1
    said = capsys.readouterr()
    assert (
        "不是名称" in said.err
        and "请索取原件" in said.err
        and "\x1b" not in said.err
        and not said.out
    )
    with pytest.raises(ReportError, match="不是名称"):
        again(
            json.loads(RECORD.search(bad.read_text(encoding="utf-8")).group(1)),
            data,
            tmp_path / "out",
        )
    assert alone() == before and not (tmp_path / "out").exists()


def test_a_record_asks_for_no_scenario_or_lever_it_does_not_hold(schemed, tmp_path, alone, capsys):
    (tmp_path / "mine.yaml").write_text(
        "title: {zh: 密, en: secret}\nauthor: t\nchanges: []\n", encoding="utf-8"
    )
    mine, own = (
        str(tmp_path / "mine.yaml"),
        "title: {zh: 试, en: try}\nauthor: t\nbased_on: %s\nchanges: []\n",
    )
    for change, words in (
        (lambda record: record["parameters"].update(scenario=[mine]), "没有情景"),
        (lambda record: record["parameters"].update(levers=[mine]), "不是内置的"),
    ):
        with pytest.raises(ReportError, match=words):
            verify(tampered(schemed, tmp_path, change), "example")
    with pytest.raises(OnexError, match="所依据的情景「mine」没有一并给出"):
        verify(tampered(schemed, tmp_path, named("child", own % mine, True)), "example")
    with pytest.raises(ScenarioError, match="没有一并给出"):
        read_scenario({"id": "child", "text": own % "cap_plus_10", "bases": []})
    with pytest.raises(ScenarioError, match="没有这个情景文件"):
        read_scenario("../scenarios/cap_plus_10")
    assert "cap_plus_10" in list_scenarios()


DEEP = "[" * 200_000


@pytest.mark.parametrize(
    "record",
    [
        "{}",
        "[]",
        "5",
        '{"scenarios": []}',
        '{"parameters": 5}',
        DEEP,
        "1" * 5000,
        "{",
        '{"report": "fee_cap", "version": "1", "results": {}, '
        '"parameters": {"scenario": [], "settings": {}}, "scenarios": [{"id": "a", "sha256": "b", "text": 5}]}',
    ],
)
def test_a_damaged_record_is_one_sentence(record, tmp_path, capsys):
    page = tmp_path / "x.html"
    page.write_text(
        f'<script type="application/json" id="record">{record}</script>', encoding="utf-8"
    )
    for command in ("verify", "rerun"):
        assert main([command, str(page), "--data", "example"]) == 1
        said = capsys.readouterr().err
        assert (
            said.startswith("x.html：运行记录")
            and "请索取原件" in said
            and len(said.splitlines()) == 1
        )


def test_rerun_changes_what_it_was_told(report, tmp_path):
    record = read_record(report.read_text(encoding="utf-8"), "x")
    path = again(record, "example", tmp_path, {"pay.elasticity": "0.8"}, "variant")
    changed = read_record(path.read_text(encoding="utf-8"), "x")
    assert changed["settings"] == {"pay.elasticity": "0.8"}
    assert changed["results"]["uplift_elasticity"] > record["results"]["uplift_elasticity"]


def test_a_page_without_a_record_is_refused(tmp_path):
    page = tmp_path / "x.html"
    page.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(ReportError, match="没有运行记录"):
        verify(page, "example")


def test_circulated_notes_hold_no_value_of_a_single_college(six_counted):
    given = {**GIVEN, "data": six_counted, "internal": False}
    page = page_of("performance_pay", given)
    notes = "".join(re.findall(r'<div class="trace".*?</div>', page, flags=re.S))
    assert "公开版不列" in notes and "12 000 000" not in notes.replace("\u202f", " ")
    assert "pay_pools.csv 第" in notes  # where it stands is shown, what stands there is not


def test_visible_text_includes_alternatives_and_pictures():
    words = visible_text(
        '<title>t</title><p>甲 <b>1</b></p><svg aria-label="图 2"><path/></svg><script>no</script>'
    )
    assert (
        {"t", "甲", "1", "图 2"} <= set(words)
        and any(word.startswith("图形") for word in words)
        and "no" not in words
    )


@pytest.fixture(scope="module")
def of_own_data(tmp_path_factory, sketched, fontless):
    """A report on a user's folder that is called as one of the product's sets."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(shipped("data", "example"), folder / "example")
    made = page_of("performance_pay", {**GIVEN, "data": str(folder / "example")})
    return written(made, folder, "performance_pay")


def test_a_report_on_own_data_asks_for_them_by_name(of_own_data, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    record = read_record(of_own_data.read_text(encoding="utf-8"), "r")
    assert main(["verify", str(of_own_data)]) == 2
    said = capsys.readouterr().err
    begins = "-".join(record["data_sha256"][at : at + 4] for at in (0, 4, 8))
    assert f"这份报告用的是「example」（指纹 {begins}）。请加 --data" in said
    assert str(of_own_data.parent) not in json.dumps(record)  # the name, not the path
    assert main(["rerun", str(of_own_data), "--out", str(tmp_path)]) == 2


def test_own_data_are_verified_under_any_name(of_own_data, tmp_path):
    renamed = shutil.copytree(of_own_data.parent / "example", tmp_path / "另名")
    assert verify(of_own_data, str(renamed)).same


def test_a_report_on_a_set_of_the_product_is_verified_without_asking(
    report, capsys, monkeypatch, tmp_path
):
    (tmp_path / "example").mkdir()  # something of the same name in the working folder
    monkeypatch.chdir(tmp_path)
    assert main(["verify", str(report)]) == 0
    assert "一致" in capsys.readouterr().out
    record = read_record(report.read_text(encoding="utf-8"), "r")
    assert record["parameters"]["data_name"] == "onexmodel/example"


def test_names_of_data_in_a_strangers_record_are_only_shown(report, tmp_path, capsys):
    def change(record):
        record["parameters"]["data_name"] = "../\x1b[2J/etc"

    assert main(["verify", str(tampered(report, tmp_path, change))]) == 2
    assert "\x1b" not in capsys.readouterr().err
