"""report --each-province: one report a province and an index; what stands there is known by its record, and a killed run goes on."""

import json
import re
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from onexmodel.analysis.study import asked_years, data_folder
from onexmodel.cli import main
from onexmodel.data import read_tables
from onexmodel.errors import Fault, ReportError
from onexmodel.report.each import batch, order
from onexmodel.report.each.batch import FAILED, Outcome
from onexmodel.report.each.index import write_index
from onexmodel.report.each.order import INDEX, ORDER, Asked, file_name
from onexmodel.report.make.batch import make_alone
from onexmodel.report.make.gate import PLAIN_PAGE

sys.path.insert(0, str(Path(__file__).parents[1] / "processes"))
from beside import Started  # noqa: E402

NAME, CODES = "budget_and_settlement", ("S01", "S02", "S03")
WORDS = ("--data", "example", "--draws", "2", "--date", "none", "--internal")
GIVEN = {
    "data": "example",
    "college": "",
    "year": 0,
    "settings": {},
    "lang": "zh",
    "internal": True,
    "log2_draws": 2,
    "seed": 20201231,
    "issuer": "",
    "date": "",
}


def each(out: Path, *more: str) -> int:
    return main(["report", NAME, "--each-province", *WORDS, "--out", str(out), *more])


def content(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An undisturbed run."""
    out = tmp_path_factory.mktemp("each")
    assert each(out) == 0
    return out


@pytest.fixture(scope="module")
def asked(made):
    tables = read_tables(data_folder("example"), order_without())
    return Asked((NAME,), GIVEN, made, PLAIN_PAGE, tables)


def order_without():
    from onexmodel.report.front.opening import ACCOUNTS

    return ACCOUNTS


@pytest.fixture
def copied(made, tmp_path):
    """The same reports in a folder of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "out"))


@pytest.fixture
def copying(made, monkeypatch):
    """Reports are not made but taken from the undisturbed run, those in the list fail; the list of what was asked for."""
    asked_for: list[str] = []
    fails: list[str] = []

    def instead(orders, lengths, told, parsed, at_once):
        for one in orders:
            file = one.more["file_name"]
            asked_for.append(file)
            if file in fails:
                yield one, ReportError(Fault("笔记本 x", "除数是 0", do="改数据"))
                continue
            for end in (".html", ".json"):
                shutil.copy(made / (file + end), one.out)
            yield one, one.out / f"{file}.html"

    monkeypatch.setattr(batch, "made_of", instead)
    return asked_for, fails


def test_each_province_has_a_report_and_the_index_says_what_they_print(made):
    files = {f"{NAME}_{code}{end}" for code in CODES for end in (".html", ".json")}
    assert set(content(made)) == files | {INDEX, ORDER}
    page = (made / INDEX).read_text(encoding="utf-8")
    assert re.findall(rf'href="{NAME}_(S0.)\.html"', page) == [*CODES, *CODES]
    assert "3个省份的报告：已生成3份" in page and 'class="internal"' in page
    assert 'class="synthetic"' in page and "http" not in page.replace("http-equiv", "")
    for code in CODES:
        record = json.loads((made / f"{NAME}_{code}.json").read_text(encoding="utf-8"))
        keys = [key for key in record["printed"] if re.fullmatch("一页摘要 · [^·]+", key)]
        assert keys
        for key in keys:
            for number in record["printed"][key].split(" → "):
                assert f">{number}<" in page.replace('<i class="k"></i>', ""), (code, key)


def test_a_report_of_a_batch_is_the_one_that_the_single_command_makes(made, tmp_path):
    path = make_alone(NAME, {**GIVEN, "province": "S02"}, tmp_path)
    assert path.read_bytes() == (made / f"{NAME}_S02.html").read_bytes()
    beside = path.with_suffix(".json").read_bytes()
    assert beside == (made / f"{NAME}_S02.json").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_a_killed_run_goes_on_with_what_is_missing(made, tmp_path, copying, capsys):
    out = tmp_path / "out"
    words = ["-m", "onexmodel", "report", NAME, "--each-province", "-j", "1", *WORDS]
    started = Started([*words, "--out", out], tmp_path)
    started.wait_for(lambda said: ".html\t" in said)
    started.end(signal.SIGKILL)
    assert started.gone()
    there = {one.stem for one in out.glob("*.html")}
    assert 0 < len(there) < len(CODES) and INDEX not in content(out)
    assert each(out, "-j", "1") == 0
    assert content(out) == content(made)
    assert there.isdisjoint(copying[0]) and len(copying[0]) == len(CODES) - len(there)
    assert f"沿用已有的 {len(there)} 份" in capsys.readouterr().err


def test_one_that_fails_is_named_and_the_same_command_makes_it_later(
    made, tmp_path, copying, capsys
):
    asked_for, fails = copying
    fails.append(f"{NAME}_S02")
    assert each(tmp_path) == 1
    said = capsys.readouterr().err
    assert "没有生成 1 份：乙省" in said.splitlines()[-1] and "除数是 0" in said
    page = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert "已生成2份，未生成1份" in page and "未生成：笔记本 x：除数是 0" in page
    assert f'href="{NAME}_S02.html"' not in page
    del fails[:], asked_for[:]
    assert each(tmp_path) == 0 and asked_for == [f"{NAME}_S02"]
    assert content(tmp_path) == content(made)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--date", "2026-01-01"), "编制日期"),
        (("--set", "fees.beta=0.4"), "参数"),
        (("--print", "full"), "版式"),
        (("--seed", "7"), "种子"),
    ],
)
def test_another_order_does_not_mix_with_what_is_there(copied, copying, capsys, more, words):
    before = content(copied)
    assert each(copied, *more) == 1
    said = capsys.readouterr().err
    assert "另一次测算的分省报告" in said and words in said, said
    assert content(copied) == before and not copying[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [("version", "0.0.1"), ("data_sha256", "0" * 64), ("law_sha256", "0" * 64), ("report", "x")],
)
def test_a_report_of_another_edition_data_or_law_is_not_taken_over(copied, asked, key, value):
    asked, first = replace(asked, out=copied), asked.provinces[0]
    assert asked.done(NAME, first)
    path = copied / f"{file_name(NAME, first.code)}.json"
    record, page = json.loads(path.read_text(encoding="utf-8")), path.with_suffix(".html")
    path.write_text(json.dumps({**record, key: value}), encoding="utf-8")
    assert not asked.done(NAME, first)  # and the page says otherwise
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(str(record[key]), value), encoding="utf-8")
    assert not asked.done(NAME, first)


def test_half_a_page_another_province_and_other_parameters_are_not_taken_over(copied, asked):
    asked, (first, second, _) = replace(asked, out=copied), asked.provinces
    page = copied / f"{file_name(NAME, second.code)}.html"
    page.write_bytes(page.read_bytes()[:-5000])
    assert not asked.done(NAME, second)
    for end in (".html", ".json"):
        shutil.copy(copied / f"{NAME}_S01{end}", copied / f"{NAME}_S02{end}")
    assert not asked.done(NAME, second) and asked.done(NAME, first)
    for other in ({"seed": 1}, {"settings": {"fees.beta": "0.4"}}, {"scenario": ["cap_plus_20"]}):
        assert not replace(asked, given={**GIVEN, **other}).done(NAME, first), other


def test_fewer_than_five_colleges_are_withheld_and_nothing_is_run(tmp_path, copying, capsys):
    words = [one for one in WORDS if one != "--internal"]
    command = ["report", NAME, "--each-province", *words, "--lang", "en", "--out", str(tmp_path)]
    assert main(command) == 1 and not copying[0]  # none at all can be shown
    assert "院校太少不列 3 份（甲省、乙省、丙省）" in capsys.readouterr().err
    page = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert "0 made, 3 withheld" in page and page.count("fewer than 5: not circulated") == 3
    year = asked_years(read_tables(data_folder("example")))[-1]
    assert re.search(rf"·\s+{year}\s+·", page) and ">Table 1<" in page and "Table 2" not in page


def test_the_only_college_of_some_data_is_shown(asked):
    tables, first = asked.tables, asked.provinces[0]
    circulated = replace(asked, given={**GIVEN, "internal": False})
    assert circulated.withheld(first)
    one = tables.with_frames({"colleges": tables["colleges"].head(1)})
    alone = replace(circulated, tables=one)
    assert [province.code for province in alone.provinces] == ["S01"]
    assert not alone.withheld(alone.provinces[0])


def test_scenarios_side_by_side_are_columns_of_which_a_report_may_leave_out_its_own(asked):
    name, first = "scenario_compare", asked.provinces[0]

    def fits(order, **other) -> bool:
        parameters = {**order.order["reports"][name], "province": first.code, "log2_draws": 2}
        texts = {**order.order["scenarios"][name], **other.pop("texts", {})}
        record = {**order.order, "report": name, "parameters": {**parameters, **other}}
        record["scenarios"] = [{"id": one, "sha256": digest} for one, digest in texts.items()]
        return order._fits(record, name, first)

    some = ["cap_plus_20", "fee_plus_20+award_double"]
    said = replace(asked, names=(name,), given={**GIVEN, "scenario": some})
    columns = said.order["reports"][name]["scenario"]
    assert columns == [["cap_plus_20"], ["fee_plus_20", "award_double"]] and fits(said)
    assert len(said.compositions[name]) == 2 and len(said.order["scenarios"][name]) == 3
    assert not fits(said, scenario=columns[:1]) and not fits(said, texts={"cap_plus_20": "0"})
    unsaid = replace(asked, names=(name,))
    own = unsaid.order["reports"][name]["scenario"]
    assert fits(unsaid, scenario=own[:2]) and not fits(unsaid, scenario=[["award_double"]])
    assert not fits(unsaid, scenario=[]) and not fits(unsaid, scenario=own[:2], texts={"x": "0"})
    page = write_index(unsaid, [Outcome(name, first, FAILED, why="x")]).read_text(encoding="utf-8")
    assert "情景对比" in page and "表1" in page


def test_a_college_beside_each_province_is_refused(tmp_path, capsys):
    assert each(tmp_path, "--college", "S09") == 2
    assert "--college S09：不能与 --each-province 合用" in capsys.readouterr().err
    assert not content(tmp_path)


def test_of_the_provinces_that_are_named_each_has_its_report(made, tmp_path, copying, capsys):
    assert each(tmp_path, "--province", "丙省，S01") == 0
    assert sorted(copying[0]) == [f"{NAME}_S01", f"{NAME}_S03"]
    for file in copying[0]:
        assert (tmp_path / f"{file}.html").read_bytes() == (made / f"{file}.html").read_bytes()
    page = (tmp_path / INDEX).read_text(encoding="utf-8")
    assert "2个省份的报告：已生成2份" in page and "S02" not in page
    assert each(tmp_path) == 1 and "省份不同" in capsys.readouterr().err
    assert each(tmp_path, "--province", "S77") == 1
    assert "数据中没有这个省份" in capsys.readouterr().err


def test_names_of_files_are_safe():
    assert file_name("fee_cap", "44") == "fee_cap_44"
    odd = [file_name("fee_cap", code) for code in ("../a", "..-a", "s01", "甲/乙", "A" * 99)]
    assert len({one.lower() for one in odd}) == len(odd)
    assert all(re.fullmatch(r"fee_cap_[-0-9A-Za-z]{1,20}_[0-9a-f]{8}", one) for one in odd)
    assert order.CODE.fullmatch("S01")
