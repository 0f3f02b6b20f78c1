"""Files that belong together are all there or none is, whatever the disk does; an error of the system names the file, in Chinese."""

import errno
import json
import os
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from onexmodel.cli import main
from onexmodel.data.sheets import new_book
from onexmodel.engine.write_results import write_tables
from onexmodel.errors import Fault, ReportError, visible, why_not
from onexmodel.places import together, whole
from onexmodel.report.make import execute as module
from onexmodel.report.make.execute import make_report
from onexmodel.report.page.blocks import record

OLD = {"r.html": "old page", "r.json": "old record"}
NEW = {"r.html": "new page", "r.json": "new record"}


def held(folder: Path) -> dict:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def write(folder: Path, files: dict) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def pair(folder: Path) -> None:
    with together(folder / "r.html", folder / "r.json") as made:
        for path in made:
            path.write_text(NEW[path.name], encoding="utf-8")


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(params=[{}, OLD, {"r.json": "old record"}, {"r.html": "old page"}], ids=len)
def before(request, tmp_path):
    write(tmp_path, request.param)
    return request.param


def test_both_are_put_in_place(before, tmp_path):
    pair(tmp_path)
    assert held(tmp_path) == NEW and len([*tmp_path.iterdir()]) == 2
    assert oct((tmp_path / "r.html").stat().st_mode)[-3:] == "644"


@pytest.mark.parametrize("step", range(8))
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_what_fails_half_way_leaves_what_was_there(kind, step, before, tmp_path, monkeypatch):
    """The disk is full, or somebody interrupts, at each step in turn."""
    steps = count()

    def failing(real):
        def one(*given, **named):
            if next(steps) == step:
                raise OSError(errno.ENOSPC, "No space left") if kind is OSError else kind
            return real(*given, **named)

        return one

    for name in ("replace", "link"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))
    monkeypatch.setattr(Path, "write_text", failing(Path.write_text))
    failed = False
    try:
        pair(tmp_path)
    except kind:
        failed = True
    monkeypatch.undo()
    assert held(tmp_path) == (before if failed else NEW)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_at_no_moment_does_a_new_file_stand_beside_an_old_one(tmp_path, monkeypatch):
    """What a kill -9 between two steps would leave."""
    write(tmp_path, OLD)
    seen = []
    for name in ("replace", "link"):
        real = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, real=real, **b: (real(*a, **b), seen.append(held(tmp_path)))[0]
        )
    pair(tmp_path)
    for files in seen:
        assert {text.split()[0] for text in files.values()} in ({"old"}, {"new"})
        assert "r.html" in files


def test_a_disk_without_second_names_will_do(tmp_path, monkeypatch):
    write(tmp_path, OLD)
    monkeypatch.setattr(os, "link", full)
    pair(tmp_path)
    assert held(tmp_path) == NEW


def test_a_folder_in_the_way_is_named_and_nothing_changed(tmp_path):
    write(tmp_path, {"r.html": "old page"})
    (tmp_path / "r.json").mkdir()
    with pytest.raises(IsADirectoryError) as error:
        pair(tmp_path)
    assert error.value.filename == str(tmp_path / "r.json")
    assert held(tmp_path) == {"r.html": "old page"}


def test_an_error_names_the_file_that_was_to_be_made(tmp_path, monkeypatch):
    with pytest.raises(OSError) as error, whole(tmp_path / "a.csv") as made:
        made.with_name("gone").read_text("utf-8")
    assert error.value.filename == str(tmp_path / "a.csv")
    with pytest.raises(OSError) as error, whole(tmp_path / "a.csv") as made:
        full()
    assert error.value.filename == str(tmp_path / "a.csv")
    with pytest.raises(OSError) as error, whole(tmp_path / "a.csv") as made:
        (tmp_path / "input.csv").read_text("utf-8")  # not ours: as it is
    assert error.value.filename == str(tmp_path / "input.csv")
    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(OSError) as error, whole(tmp_path / "a.csv") as made:
        pass
    assert error.value.filename == str(tmp_path / "a.csv") and not [*tmp_path.iterdir()]


def test_an_error_that_a_library_wraps_names_the_file_too(tmp_path, monkeypatch):
    """A workbook on a full disk: XlsxWriter raises an error of its own, which no command knows."""
    monkeypatch.setattr("zipfile.ZipFile.write", full)
    monkeypatch.setattr("zipfile.ZipFile.writestr", full)
    with pytest.raises(OSError) as error, whole(tmp_path / "a.xlsx") as made:
        new_book(made).close()
    assert error.value.filename == str(tmp_path / "a.xlsx") and not [*tmp_path.iterdir()]
    assert why_not(error.value).startswith("磁盘已满")


def test_tables_are_all_written_or_none(tmp_path, monkeypatch):
    frames = {name: pd.DataFrame({"a": [name]}) for name in ("x", "y", "z")}
    written = write_tables(frames, tmp_path, "about")
    assert [path.name for path in written] == ["x.csv", "y.csv", "z.csv", "about.txt"]
    before = held(tmp_path)
    real, times = pd.DataFrame.to_csv, iter(range(9))
    monkeypatch.setattr(
        pd.DataFrame, "to_csv", lambda *a, **b: full() if next(times) == 2 else real(*a, **b)
    )
    with pytest.raises(OSError) as error:
        write_tables({name: frame + "2" for name, frame in frames.items()}, tmp_path, "new")
    assert error.value.filename == str(tmp_path / "x.csv") and held(tmp_path) == before


@pytest.fixture
def made_at_once(monkeypatch):
    """make_report without its notebook: a page of a title and a record."""
    content = {"a": "<!--<script></script>", "b": "\u202e\\u003c"}
    text = f"<title>new</title>{record(content).html}"
    monkeypatch.setattr(module, "execute", lambda *_: None)
    monkeypatch.setattr(module, "to_html", lambda *_: text)
    return content, text


GIVEN = {"data": "example"}


def test_the_record_beside_a_page_is_plain_json(made_at_once, tmp_path):
    content, text = made_at_once
    made = make_report("fee_cap", GIVEN, tmp_path)
    beside = made.with_suffix(".json").read_text("utf-8")
    assert made.read_text("utf-8") == text and "<!--<script></script>" in beside
    assert json.loads(beside) == content and beside.endswith("}\n")


@pytest.mark.parametrize("at", [0, 1])
def test_a_full_disk_leaves_the_pair_that_was_there(at, made_at_once, tmp_path, monkeypatch):
    old = {"fee_cap.html": "old page", "fee_cap.json": "old record"}
    write(tmp_path, old)
    real, times = Path.write_bytes, iter(range(9))

    def half(path, content):
        if next(times) == at:
            real(path, content[:5])
            full()
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(ReportError) as error:
        make_report("fee_cap", GIVEN, tmp_path)
    assert str(error.value).startswith(
        "fee_cap.html：磁盘已满或超出配额，写不下；报告没有写出。先腾出空间"
    )
    monkeypatch.undo()
    assert held(tmp_path) == old and len([*tmp_path.iterdir()]) == 2


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "磁盘已满"),
        (errno.EROFS, "只能读"),
        (errno.ENAMETOOLONG, "文件名太长"),
        (errno.EACCES, "没有写入或读取的权限"),
        (errno.EXDEV, "系统不允许"),
    ],
)
def test_a_command_says_the_system_s_reason_in_words(number, words, monkeypatch, capsys, tmp_path):
    def refuse(*_):
        raise OSError(number, os.strerror(number), f"{tmp_path}/x\u202e.csv")

    monkeypatch.setattr("onexmodel.law.list_scenarios", refuse)
    assert main(["scenarios"]) == 1
    said = capsys.readouterr().err
    assert words in said and "x[U+202E].csv：" in said and len(said.splitlines()) == 1
    assert "No space" not in said


def test_every_reason_is_chinese():
    for number in (
        errno.ENOSPC,
        errno.EIO,
        errno.EISDIR,
        errno.ENOTDIR,
        errno.ENOENT,
        errno.EEXIST,
    ):
        assert why_not(OSError(number, os.strerror(number))).isprintable()
        assert not why_not(OSError(number, os.strerror(number))).isascii()


def test_a_fault_shows_what_it_quotes():
    fault = Fault("a\x1b]0;x\x07.csv", "「\u202e1\u2069」\ud800\r\n", "\x9b2J", "\u200f")
    assert str(fault) == "a�]0;x�.csv：「[U+202E]1[U+2069]」�\n。最接近的是「[U+200F]」。�2J。"
    assert visible("示例 1\u202f234\t\n") == "示例 1\u202f234\t\n"
