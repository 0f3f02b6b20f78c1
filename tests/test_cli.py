"""The command line: what is typed wrongly is said in a sentence with the right exit code, and never a traceback."""

import contextlib
import io
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from onexmodel.cli import main
from onexmodel.cli.terminal import show_what_can_be_shown
from onexmodel.data.schema import dictionary
from onexmodel.places import shipped

RUN = ["run", "--data", "example"]


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["report", "fee_capp"], 2, "最接近的是「fee_cap」"),
        ([*RUN, "--out", "o", "--set", "fees.beta"], 2, "名称=取值"),
        ([*RUN, "--out", "o", "--set", "=3"], 2, "名称=取值"),
        ([*RUN, "--out", "file"], 2, "换一个位置"),
        (["report", "fee_cap", "--data", "example", "--out", "file/below"], 2, "换一个位置"),
        ([*RUN, "--out", "o", "--set", "fees.betta=1"], 1, "最接近的是「fees.beta」"),
        ([*RUN, "--out", "o", "--scenario", "cap_plus_21"], 1, "最接近的是「cap_plus_20」"),
        ([*RUN, "--out", "o", "--province", "甲"], 1, "最接近的是「甲省」"),
        ([*RUN, "--out", "o", "--province", "S01,甲省"], 1, "省份 甲省 写了两次"),
        ([*RUN, "--out", "o", "--province", "S01", "--province", "乙"], 1, "最接近的是「乙省」"),
        (["verify", "none.html"], 2, "没有这个文件"),
        (["verify", "."], 2, "不是文件"),
        (["verify", "binary.xlsx"], 2, "不是 HTML 报告"),
        (["winners", "--data", "example"], 2, "没有方案可比"),
        (["montecarlo", "--data", "example", "--budget", "考核费支出=很多"], 2, "不是金额"),
        (["montecarlo", "--data", "example", "--budget", "考核费=5万"], 2, "考核费支出"),
        (["sensitivity", "--data", "example", "--measure", "fee_bil"], 2, "最接近的是「fee_bill」"),
        (["explain", "绩效核曾", "--data", "example"], 2, "最接近的是「绩效核增」"),
        (["montecarlo", "--data", "example", "--budget", "需求覆盖率=5万"], 2, "没有这个指标"),
        (["pot", "--data", "example", "--province", "S03"], 1, "没有省级统筹资金"),
    ],
)
def test_a_wrong_command_is_answered_in_a_sentence(
    typed, code, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    (tmp_path / "binary.xlsx").write_bytes(b"PK\x03\x04\xff\xfe\x80")
    assert main(typed) == code
    said = capsys.readouterr()
    assert words in said.err and "Traceback" not in said.err and not said.out


@pytest.mark.parametrize(
    "typed",
    [
        ["report", "fee_cap", "--draws", "30"],
        ["montecarlo", "--draws", "x"],
        ["sweep"],
        ["unheard_of"],
        [],
    ],
)
def test_argparse_refuses_with_two(typed, capsys):
    with pytest.raises(SystemExit) as ended:
        main(typed)
    assert ended.value.code == 2 and capsys.readouterr().err


def test_amounts_and_measures_are_taken_as_a_planner_writes_them(capsys):
    assert (
        main(
            [
                "solve",
                "--data",
                "example",
                "--vary",
                "fees.beta",
                "--measure",
                "考核费支出",
                "--at-most",
                "100亿",
                "--low",
                "0",
                "--high",
                "1",
                "--draws",
                "-1",
            ]
        )
        == 0
    )
    assert (
        "机构协商取得份额（β）在所给范围内取任何值都满足 考核费支出 ≤ 1,000,000.0万元。"
        in capsys.readouterr().out
    )
    assert (
        main(
            [
                "montecarlo",
                "--data",
                "example",
                "--draws",
                "7",
                "--workers",
                "1",
                "--budget",
                "考核费支出=5万",
                "--scenario",
                "cap_plus_20",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "cap_plus_20\tP(考核费支出 ≤ 5.0万元)\t" in said and said.splitlines()[0].startswith(
        "方案\t指标\t均值"
    )


def test_a_place_s_total_and_a_quantity_s_chinese_name_are_explained(capsys):
    assert (
        main(["explain", "考核费", "--data", "example", "--province", "甲省", "--depth", "1"]) == 0
    )
    whole = capsys.readouterr().out
    assert (
        main(["explain", "绩效核增", "--data", "example", "--college", "X2", "--depth", "1"]) == 0
    )
    assert "合计" in whole.splitlines()[0] and "绩效核增" in capsys.readouterr().out.splitlines()[0]


def test_pot_and_its_frontier_are_printed(capsys):
    assert main(["pot", "--data", "example"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        lines[0].startswith("省级统筹资金")
        and any(line.startswith("合计\t6\t100.0\t") for line in lines)
        and sum(line.endswith("\t是") for line in lines) >= 1
    )


def test_those_who_win_and_lose_most_are_listed_inside_only(capsys):
    typed = ["winners", "--data", "example", "--scenario", "cap_plus_20"]
    assert main(typed) == 0
    assert "X1" not in capsys.readouterr().out
    assert main([*typed, "--internal"]) == 0
    said = capsys.readouterr().out
    assert (
        "内部资料：支出增减最多的院校" in said
        and "内部资料：可考核人数增减最多的院校" in said
        and "\nX" in said
    )


def test_a_filled_workbook_is_not_overwritten_unless_asked(tmp_path, capsys):
    path = tmp_path / "college.xlsx"
    path.write_bytes(b"filled")
    assert (
        main(["template", str(path)]) == 1
        and path.read_bytes() == b"filled"
        and "college.xlsx" in capsys.readouterr().err
    )
    assert main(["template", str(path), "--force"]) == 0 and path.read_bytes() != b"filled"


def test_a_closed_pipe_is_no_fault():
    made = subprocess.run(
        f"{sys.executable} -m onexmodel parameters | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        "Traceback" not in made.stderr
        and "BrokenPipe" not in made.stderr
        and made.stdout.startswith("参数")
    )


HELPS = """
from onexmodel.cli import main, parser
commands = next(part.choices for part in parser()._actions if part.choices)
for words in ([], *([name] for name in commands)):
    try:
        main([*words, "--help"])
    except SystemExit as end:
        assert end.code == 0
"""
ENCODINGS = {
    "gbk": {"PYTHONIOENCODING": "gbk:strict"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


def in_encoding(encoding: str, *arguments: str, cwd=None) -> subprocess.CompletedProcess:
    """A process of Python with these streams; what it says as bytes."""
    root = str(Path(__file__).parents[1])
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))
    }
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
    env = kept | {"PYTHONPATH": paths} | ENCODINGS[encoding]
    return subprocess.run([sys.executable, *arguments], capture_output=True, env=env, cwd=cwd)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_help_is_printed_in_every_encoding(encoding):
    made = in_encoding(encoding, "-c", HELPS)
    assert made.returncode == 0 and b"Traceback" not in made.stderr and b"onexmodel" in made.stdout


@pytest.mark.parametrize("encoding", ["gbk", "C"])
def test_a_derivation_is_printed_in_every_encoding(encoding):
    typed = ("explain", "margin", "--data", "example", "--organisation", "O2", "--province", "S01")
    made = in_encoding(encoding, "-m", "onexmodel", *typed)
    assert made.returncode == 0 and b"Traceback" not in made.stderr
    head = made.stdout.splitlines()[0].decode("gbk" if encoding == "gbk" else "ascii")
    assert "-27,570 " in head  # a minus is no question mark, thousands have commas


@pytest.mark.parametrize("encoding", ["gbk", "C"])
def test_names_that_an_encoding_lacks_do_not_end_a_check(encoding, tmp_path):
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "data")
    path = folder / "colleges.csv"
    words = path.read_text(encoding="utf-8").replace("示例高职一", "示例²䶮㙍•学院")
    path.write_text(words.replace(",5000,", ",五千²䶮,"), encoding="utf-8")
    made = in_encoding(encoding, "-m", "onexmodel", "check", str(folder), cwd=tmp_path)
    assert (
        made.returncode == 1 and b"Traceback" not in made.stderr and b"colleges.csv" in made.stdout
    )
    assert len([one for one in os.listdir(os.fsencode(tmp_path)) if one.endswith(b".xlsx")]) == 1


def test_what_cannot_be_shown_becomes_the_nearest():
    stream = io.TextIOWrapper(io.BytesIO(), "gbk", newline="")
    with contextlib.redirect_stdout(stream):
        show_what_can_be_shown()
        print("1\u202f234 −5 ² • é 䶮 〔2020〕", end="")
    stream.flush()
    assert stream.buffer.getvalue().decode("gbk") == "1234 -5 2 · é ? 〔2020〕"


def test_the_data_dictionary_is_printed_whole_whatever_the_stream_holds():
    """It is kept as a document: no letter may be lost, and none may end it."""
    stream = io.TextIOWrapper(io.BytesIO(), "ascii", errors="strict")
    with contextlib.redirect_stdout(stream):
        runpy.run_module("onexmodel.data")
    stream.flush()
    assert stream.buffer.getvalue().decode() == dictionary()
