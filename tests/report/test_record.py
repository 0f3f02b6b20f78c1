"""A report that anybody may have written is looked at before anything of it is used: a damaged one is one sentence, quickly, and nothing is
written. No notebook runs here: what the checks let through stops at a door."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from onexmodel import __version__
from onexmodel.cli import main
from onexmodel.cli.reports import _variant
from onexmodel.errors import Fault, ReportError
from onexmodel.law import list_scenarios, read_scenario
from onexmodel.report.make import record as limits
from onexmodel.report.make import verify as module
from onexmodel.report.make.fingerprint import RECORD, records, visible_text
from onexmodel.report.make.record import read_page, read_record
from onexmodel.report.page.blocks import record as block

DOOR = "let through"
CAP = read_scenario("cap_plus_20")
GOOD = {
    "product": "onexmodel",
    "version": __version__,
    "report": "fee_cap",
    "parameters": {
        "data_name": "onexmodel/example",
        "province": "",
        "college": "",
        "year": 0,
        "scenario": ["cap_plus_20"],
        "settings": {},
        "lang": "zh",
        "internal": True,
        "log2_draws": 1,
        "seed": 20201231,
        "issuer": "",
        "date": "",
    },
    "data_sha256": "0" * 64,
    "law_sha256": "0" * 64,
    "scenarios": [{"id": CAP.id, "sha256": CAP.sha256, "text": CAP.text}],
    "settings": {},
    "year": 2021,
    "results_sha256": "0" * 64,
    "results": {"fee_bill": 1.5, "missing": None},
    "printed": {"表1 · 甲 · 乙": "1.5"},
}
ODD = (True, -1, 1.5, 10**30, "\ud800", "x" * 3000, [[]], {"a": [1]}, [None], "../x", "\x1b[2J")
TEXTS = ("../x", "\x1b[2J")  # are texts like others where any text may stand


def raw(record=GOOD) -> str:
    return json.dumps(record)


def page(text: str) -> str:
    return f'<!doctype html><script type="application/json" id="record">{text}</script>'


@pytest.fixture
def door(monkeypatch):
    """Where a record is let through, no notebook runs."""

    def closed(name, given, *more, **named):
        raise ReportError(Fault(DOOR, name))

    monkeypatch.setattr(module, "make_report", closed)


@pytest.fixture
def refused(tmp_path, door):
    """refused(page or bytes) → the one sentence with which it is refused, or that of the door."""
    file = tmp_path / "x.html"

    def say(text: str | bytes) -> str:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        begun = time.process_time()
        with pytest.raises(ReportError) as error:
            module.again(read_record(read_page(file), file.name), "example", tmp_path / "out")
        said = str(error.value)
        assert time.process_time() - begun < 10
        assert len(said.splitlines()) == 1 and len(said) < 400 and said.isprintable(), said
        assert not (tmp_path / "out").exists()
        return said

    return say


@pytest.mark.parametrize("command", ["verify", "rerun"])
def test_both_commands_refuse_in_one_sentence_and_write_nothing(
    command, door, tmp_path, monkeypatch, capsys
):
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    file = tmp_path / "x.html"
    for text in (
        page("{}"),
        page(raw()) * 2,
        page('{"z":' + "[" * 200_000),
        changed(("scenarios", 0, "text"), "\ud800"),
        changed(("scenarios", 0, "id"), "/tmp/x"),
        changed(("parameters", "seed"), "\x1b[2J" * 99),
        page(raw()),
    ):
        file.write_text(text, encoding="utf-8")
        assert main([command, str(file), "--data", "example"]) == 1
        out, err = capsys.readouterr()
        assert not out and len(err.splitlines()) == 1 and err[:-1].isprintable() and len(err) < 400
    assert err.startswith(DOOR) and not list(Path().iterdir())


def changed(path: tuple, value) -> str:
    record = json.loads(raw())
    at = record
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return page(raw(record))


def test_a_record_of_ours_is_let_through(refused):
    assert refused(page(raw())).startswith(DOOR)


@pytest.mark.parametrize("key", GOOD)
def test_a_part_of_another_kind_is_named(key, refused):
    for value in ODD:
        said = refused(changed((key,), value))
        assert said.startswith("x.html：运行记录不完整或被改动：") and key in said, (value, said)


@pytest.mark.parametrize("key", GOOD["parameters"])
def test_a_parameter_of_another_kind_is_named(key, refused):
    free = ("data_name", "province", "college", "issuer")
    for value in ODD:
        if not (key in free and value in TEXTS) and not (key == "internal" and value is True):
            said = refused(changed(("parameters", key), value))
            assert said.startswith("x.html：运行记录") and "请索取原件" in said, (value, said)
            assert key in said or key == "scenario", (value, said)


@pytest.mark.parametrize("path", [("scenarios", 0, key) for key in ("id", "sha256", "text")])
def test_a_scenario_of_another_kind_is_refused(path, refused):
    for value in (*ODD, "", "x\0y"):
        said = refused(changed(path, value))
        assert said.startswith(("x.html：运行记录", "x.html：情景 cap_plus_20 的文本与其指纹不符"))


@pytest.mark.parametrize("part", ["results", "printed", "settings"])
def test_keys_and_values_of_another_kind_are_refused(part, refused):
    for value in (True, "x" * 3000, "\ud800", [1], {}, 10**30):
        assert refused(changed((part, "a"), value)).startswith("x.html：运行记录不完整或被改动")
    for key in ("x" * 3000, "\ud800", "\0"):
        good = 1 if part == "results" else "1"
        assert refused(changed((part, key), good)).startswith("x.html：运行记录不完整或被改动")


REST = raw()[1:]
SCENARIO = GOOD["scenarios"][0]


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "nested lists": ('{"z":' + "[" * 200_000 + "]" * 200_000 + "," + REST, "读不出来"),
        "nested maps": ('{"z":' + '{"a":' * 900 + "1" + "}" * 900 + "," + REST, "z.a"),
        "5,000 digits": ('{"z":' + "1" * 5000 + "," + REST, "读不出来"),
        "4,000 digits": ('{"z":' + "1" * 4000 + "," + REST, "：z"),
        "too large a number": ('{"z":1e999,' + REST, "：z"),
        "NaN": ('{"z":NaN,' + REST, "读不出来"),
        "Infinity": ('{"z":[-Infinity],' + REST, "读不出来"),
        "a key twice": ('{"report":"performance_pay",' + REST, "读不出来"),
        "a key twice below": (raw().replace('"year": 0', '"year": 0, "year": 2021'), "读不出来"),
        "NUL": (raw().replace("fee_cap", "fee\0cap"), "第 1 行"),
        "more after it": (raw() + "{}", "第 1 行"),
        "nothing": ("", "第 1 行"),
        "a list": (f"[{raw()}]", "整个记录"),
        "half a letter in a key": ('{"\\ud800":1,' + REST, "整个记录"),
        "many entries": ('{"z":[' + "0," * 20_000 + "0]," + REST, "：z"),
        "many values": ('{"z":[' + ",".join(["[" + "0," * 9_000 + "0]"] * 20) + "]," + REST, "：z"),
        "a large one": ('{"z":"' + "a" * 8_000_000 + '",' + REST, "大于任何报告的"),
    }.values(),
)
def test_a_record_that_json_lets_through_or_not_is_refused(text, words, refused):
    said = refused(page(text))
    assert words in said and "请索取原件" in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenarios", [SCENARIO, SCENARIO]),
        ("scenarios", [{**SCENARIO, "id": f"../{i}"} for i in range(150)]),
        ("scenarios", []),
        ("scenarios", [SCENARIO] * 5000),
        ("report", "../../notebooks/fee_cap"),
        ("report", "fee_cap\n"),
        ("report", "fee_capp"),
        ("version", "9" * 1000),
        ("data_sha256", "\u202e" * 64),
        ("year", 10**6),
    ],
)
def test_what_is_no_name_no_version_and_no_hash_is_refused(key, value, refused):
    assert refused(changed((key,), value)).startswith("x.html：")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scenario", ["/etc/passwd"]),
        ("scenario", ["../scenarios/cap_plus_10"]),
        ("scenario", ["cap_plus_20"] * 5000),
        ("levers", ["../scenarios/cap_plus_10"]),
        ("levers", ["/tmp/x.yaml"]),
        ("levers", [f"../{i}" for i in range(5000)]),
        ("notebook", "x.ipynb"),
        ("out", "/tmp"),
        ("file_name", "../x"),
        ("lang", "../zh"),
        ("lang", "x" * 100),
        ("province", ",".join("ab" * 2000)),
        ("seed", -1),
        ("year", 10**12),
        ("log2_draws", 99),
        ("date", "2021-13-01"),
        ("settings", {f"k{i}": "1" for i in range(5000)}),
    ],
)
def test_a_parameter_that_names_a_place_or_too_much_is_refused(key, value, refused):
    assert refused(changed(("parameters", key), value)).startswith("x.html：")


def test_a_record_of_another_version_is_sent_to_it(refused):
    record = json.loads(
        changed(("parameters", "gone"), 1).split(">", 2)[2].removesuffix("</script>")
    )
    said = refused(page(raw({**record, "version": "0.1.0"})))
    assert "由版本 0.1.0 生成" in said and "请用版本 0.1.0 核验" in said


def test_names_of_data_are_shown_and_never_opened(refused, monkeypatch):
    opened = []
    monkeypatch.setattr(module, "make_report", lambda name, given, *_, **__: opened.append(given))
    record = json.loads(raw())
    record["parameters"] |= {"data": "/etc", "data_name": "../../etc"}
    module.again(record, "example", Path("out"))
    assert opened[0]["data"] == "example"


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "several records": (page(raw()) + page(raw()), "不止一份"),
        "one in a comment": (page(raw()) + f"<!--{page('{}')}-->", "不止一份"),
        "no end": (page(raw()).removesuffix("</script>"), "没有结尾"),
        "many scripts": ("<script " * 300_000, "没有运行记录"),
        "many beginnings": ('<script id="record"' * 150_000, "没有运行记录"),
        "many records": ('<script id="record">' * 150_000, "没有结尾"),
        "an empty file": ("", "没有运行记录"),
        "one bad byte": (page(raw()).encode()[:90] + b"\xff" + page(raw()).encode()[90:], "UTF-8"),
        "GBK": ("<html>报告</html>".encode("gbk"), "第 7 个字节起不是 UTF-8"),
    }.values(),
)
def test_a_page_that_is_none_of_ours_is_refused(text, words, refused):
    assert words in refused(text)


def test_a_page_larger_than_any_is_not_read(tmp_path, capsys, monkeypatch):
    file = tmp_path / "x.html"
    file.write_text(page(raw()), encoding="utf-8")
    os.truncate(file, 1 << 30)  # 1 GB with nothing on the disk
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("read"))
    for command in ("verify", "rerun"):
        assert main([command, str(file), "--data", "example"]) == 1
        assert "有 1074 MB，大于任何报告" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_no_page(tmp_path, capsys):
    os.mkfifo(tmp_path / "x.html")
    with pytest.raises(ReportError, match="不是普通文件"):
        read_page(tmp_path / "x.html")
    assert main(["verify", str(tmp_path / "x.html")]) == 2
    assert "不是文件" in capsys.readouterr().err


def test_line_ends_that_a_mail_changed_are_no_difference(tmp_path):
    (tmp_path / "x.html").write_bytes(b"<a>\r\nb\rc\n")
    assert read_page(tmp_path / "x.html") == "<a>\nb\nc\n"


@pytest.mark.parametrize("file", ["record_empty.html", "record_without_scenarios.html"])
def test_the_damaged_records_of_the_trial_are_refused(file, refused):
    text = {"record_empty.html": "{}", "record_without_scenarios.html": '{"report": "fee_cap"}'}
    assert "请索取原件" in refused(page(text[file]))


@pytest.mark.parametrize(
    "text", ["</script>", "<!--<script>", "\\u003c", "\\<", "a\u202eb\u2069", "]]>&lt;", "\u2028"]
)
def test_a_text_of_a_record_ends_no_script_and_comes_back_as_it_was(text):
    made = block({"a": text, text: [text]}).html
    inside = RECORD.search(made)[1]
    assert not set(inside) & set("<\u202e\u2069") and made.count("<") == 2
    assert json.loads(inside) == {"a": text, text: [text]}


SOME = "<title>t</title><style>a</style><p>a <b>1</b><></p><svg aria-label='x'><path/></svg><script>no</script>"


@pytest.mark.parametrize(
    "page",
    [
        one * 200_000
        for one in (
            "<",
            "<svg",
            "<title>",
            "<script ",
            "<style>",
            "<>",
            'aria-label="',
            "&#",
            "<b>a",
        )
    ],
    ids=range(9),
)
def test_any_page_is_gone_through_once(page):
    begun = time.process_time()
    visible_text(page + SOME)
    records(page)
    assert time.process_time() - begun < 5


def test_endless_codes_of_letters_are_none():
    assert visible_text(f"&#{'1' * 5000};a&#x{'f' * 90};b&#65;&#xd800;") == ["�a�bA�"]


@pytest.mark.parametrize(
    "mine",
    [
        ["a"] * 60_000,
        ["a", "b"] * 3000 + ["x"],
    ],
    ids=["same", "few"],
)
def test_pages_made_to_be_compared_for_ever_are_not(mine):
    begun = time.process_time()
    other = ["c", *(str(i % 50) for i in range(3000)), "a", "b", *["a"] * 500]
    assert list(module._different(mine, other))
    assert time.process_time() - begun < 10


def test_a_page_much_larger_than_its_run_is_not_looked_through():
    (said,) = module._words("<p>" * 1_000_000, "<p>a</p>", {})
    assert "没有逐处比较" in said


def test_words_of_a_page_reach_no_terminal_as_they_are():
    (said,) = module._words("<p>\x1b[2J\u202e1</p>", "<p>1</p>", {})
    assert said == "报告写「�[2J[U+202E]1」，重算为「1」"


@pytest.mark.parametrize(
    "given",
    [
        {"a/../../b": "1"},
        {"a": "../../etc/x"},
        {"a": "x" * 300},
        {"a": "字" * 300},
        {"a" * 300: "1"},
        {"a": 'x\n\0\x1b"<>|*?:\\ y'},
        {f"k{i}": "1" for i in range(100)},
    ],
)
def test_a_variant_is_a_name_in_its_folder_and_short(given, tmp_path):
    name = _variant(tmp_path / "报告 （终稿）.html", given, tmp_path)
    assert name.startswith("报告 （终稿）_") and len(f"{name}.html".encode()) < 220
    assert Path(name).name == name and not set(name) & set('/\\:*?"<>|\n\0\x1b')
    (tmp_path / f"{name}.json").touch()


def test_variants_that_differ_in_their_end_differ_in_their_name(tmp_path):
    names = {_variant(tmp_path / "r.html", {"a": "x" * 300 + end}, tmp_path) for end in "ab"}
    assert len(names) == 2
    assert _variant(tmp_path / "r.html", {"fees.beta": "0.3"}, tmp_path) == "r_fees.beta=0.3"


def test_a_variant_does_not_take_the_place_of_its_report(tmp_path):
    (tmp_path / "r.html").touch()
    assert _variant(tmp_path / "r.html", {}, tmp_path) == "r_rerun"
    assert _variant(tmp_path / "r.html", {}, tmp_path / "other") == "r"


def test_rerun_asks_for_a_folder_before_the_work(refused, tmp_path, capsys):
    (tmp_path / "x.html").write_text(page(raw()), encoding="utf-8")
    (tmp_path / "file").touch()
    typed = [
        "rerun",
        str(tmp_path / "x.html"),
        "--data",
        "example",
        "--out",
        str(tmp_path / "file"),
    ]
    assert main(typed) == 2 and "不能当作文件夹" in capsys.readouterr().err


def test_our_limits_hold_what_we_make():
    """A record with every shipped scenario is far from them."""
    texts = [read_scenario(name).text for name in list_scenarios()]
    assert 20 * sum(map(len, texts)) < limits.TEXT < limits.RECORD < limits.PAGE
    hashed = hashlib.sha256(CAP.text.encode()).hexdigest()
    assert read_record(page(raw()), "x")["scenarios"][0]["sha256"] == hashed
