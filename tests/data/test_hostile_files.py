"""Tables that are no ordinary files, or have no end: each is a sentence about that file, nothing is waited for, and nothing passed over."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from onexmodel.cli import main
from onexmodel.data import files
from onexmodel.data.read import check_tables, parse
from onexmodel.data.synthetic import national
from onexmodel.errors import DataError
from onexmodel.places import shipped


def pipe(path: Path) -> None:
    os.mkfifo(path)


def text(words: str):
    """Write a file."""
    return lambda path: path.write_bytes(words.encode())


def link(target: str):
    """Make a link."""
    return lambda path: path.symlink_to(target)


def gone(path: Path) -> None:
    path.symlink_to("nowhere")


PLANS = (shipped("data", "example") / "offerings.csv").read_text("utf-8")
ODD = {
    "pipe": (pipe, "是管道或设备"),
    "endless device": (link("/dev/zero"), "是管道或设备"),
    "link that leads nowhere": (gone, "是链接，指向的文件不在了"),
    "link to itself": (lambda path: path.symlink_to(path.name), "绕一圈指向了自己"),
    "folder": (lambda path: path.mkdir(), "是文件夹，不是文件"),
    "one endless line": (text("a" * 3_000_000), "第 1 行超过 1 MB"),
    "an endless line later": (text(PLANS + "," * 3_000_000), "行超过 1 MB"),
    "endless zeros": (lambda path: os.truncate(_made(path), 900 << 30), "超过 1,000 MB"),
    "NUL": (text(PLANS + "a\0b,1\n"), "里面有空字符（NUL）"),
    "lines of another width": (text(PLANS + "x,\n" * 5000), "同类问题还有 4800 处"),
}


def _made(path: Path) -> Path:
    path.touch()
    return path


@pytest.fixture
def folder(tmp_path):
    """A copy of the example."""
    return Path(shutil.copytree(shipped("data", "example"), tmp_path / "数据"))


@pytest.mark.skipif(os.name == "nt", reason="no pipes, and links need rights")
@pytest.mark.parametrize("table", ["offerings.csv", "payments.csv"])
@pytest.mark.parametrize("name", ODD)
def test_a_table_that_is_no_file_of_a_table(name, table, folder):
    make, words = ODD[name]
    (folder / table).unlink(missing_ok=True)
    make(folder / table)
    faults = [fault for fault in check_tables(folder).faults if fault.level == "error"]
    assert any(table in one.where and words in one.what and one.do for one in faults), faults


@pytest.mark.skipif(os.name == "nt", reason="no pipes, and links need rights")
@pytest.mark.parametrize("name", ["pipe", "endless device", "link that leads nowhere", "folder"])
def test_a_description_that_is_no_file(name, folder):
    make, words = ODD[name]
    (folder / "dataset.yaml").unlink()
    make(folder / "dataset.yaml")
    assert any(words in one.what for one in check_tables(folder).faults if one.level == "error")


@pytest.mark.skipif(os.name == "nt", reason="no pipes, and links need rights")
@pytest.mark.parametrize(
    "name", ["pipe", "endless device", "link that leads nowhere", "link to itself"]
)
def test_a_workbook_that_is_no_file(name, tmp_path, capsys):
    make, words = ODD[name]
    make(tmp_path / "甲.xlsx")
    assert main(["check", str(tmp_path / "甲.xlsx"), "--out", str(tmp_path)]) == 1
    assert words in capsys.readouterr().out


def test_a_table_that_is_only_hashed_is_not_passed_over(folder):
    (folder / "payments.csv").unlink(missing_ok=True)
    (folder / "payments.csv").symlink_to("nowhere")
    faults = parse(folder, without=("payments",)).faults
    assert [fault.where for _, fault in faults if fault.level == "error"] == ["payments.csv"]


def test_blank_lines_without_end_cost_no_memory_each(folder):
    (folder / "offerings.csv").write_text(PLANS + "\n" * 200_000 + ",,,\n" * 1000, encoding="utf-8")
    checked = check_tables(folder)
    assert checked.tables is not None and len(checked.tables["offerings"]) == PLANS.count("\n") - 1


def test_a_file_that_cannot_be_read_is_named_and_not_the_output(folder, monkeypatch, capsys):
    """What the data have against them is never said of --out."""

    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "open", refused, raising=False)
    assert main(["run", "--data", str(folder), "--out", str(folder / "out")]) == 1
    said = capsys.readouterr().err
    assert "offerings.csv：没有读取的权限" in said and "--out" not in said
    assert not (folder / "out").exists()


def test_a_folder_in_which_the_national_set_cannot_be_made_is_named(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / ".onexmodel-1-x"))

    monkeypatch.setattr(national, "made_data", lambda name: tmp_path / name)
    monkeypatch.setattr(national, "make_national", full)
    with pytest.raises(DataError, match="全国模拟数据 .*national：.*磁盘已满.*--data"):
        national.national_folder()
