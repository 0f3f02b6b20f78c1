"""Data parsed once for several processes: what a report then finds is what it would have read itself, and only of just these bytes."""

import os
import pickle
import shutil

import numpy as np
import pandas as pd
import pytest
from spoil import filled_workbook

from onexmodel.data import read
from onexmodel.data.read import between_tables, check_tables, parse
from onexmodel.data.reading import parse_cache as handed
from onexmodel.data.tables import among
from onexmodel.places import shipped

ACCOUNTS = ("assessments", "payments", "budget_lines")
WITHOUT = [
    (),
    ACCOUNTS,
    (*ACCOUNTS, "workload"),
    ("workload",),
    ("fees", "sources", "funding"),
    ("colleges", "certificates"),
]


def spoilt(folder):
    """Faults in tables that are left out, in others, and between the two."""
    for name, old, new in (
        (
            "payments.csv",
            ",",
            ",x",
        ),
        ("workload.csv", "X1", "X9"),
        ("colleges.csv", "S01", "S07"),
        ("fees.csv", "published", "publisht"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        head, _, rest = text.partition("\n")
        (folder / name).write_text(head + "\n" + rest.replace(old, new, 2), encoding="utf-8")
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "budget_lines.csv").write_bytes(b"\xff\xfe\xff")


@pytest.fixture(params=["clean", "spoilt", "marked"])
def folder(request, tmp_path):
    made = shutil.copytree(shipped("data", "example"), tmp_path / "甲")
    if request.param == "spoilt":
        spoilt(made)
    if request.param == "marked":
        for name, mark in (("assessments", "模拟"), ("workload", "估算"), ("offerings", "观测")):
            lines = (made / f"{name}.csv").read_text(encoding="utf-8").rstrip("\n").split("\n")
            lines = [lines[0] + ",标记"] + [
                f"{line},{mark if i % 2 else '观测'}" for i, line in enumerate(lines[1:])
            ]
            (made / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (made / "dataset.yaml").write_text("status: observed\nmixed: true\n", encoding="utf-8")
    return made


def same(one, other):
    assert one.faults == other.faults and (one.tables is None) == (other.tables is None)
    if one.tables is None:
        return
    a, b = one.tables, other.tables
    assert (a.sha256, a.title, a.label, a.status, a.findings) == (
        b.sha256,
        b.title,
        b.label,
        b.status,
        b.findings,
    )
    assert (
        list(a.frames) == list(b.frames)
        and list(a.origins) == list(b.origins)
        and list(a.marks) == list(b.marks)
        and list(a.imputed) == list(b.imputed)
    )
    assert all(
        a.frames[name].equals(b.frames[name])
        and (a.frames[name].dtypes == b.frames[name].dtypes).all()
        for name in a.frames
    )
    assert all(np.array_equal(a.marks[name], b.marks[name]) for name in a.marks) and all(
        np.array_equal(a.imputed[key], b.imputed[key]) for key in a.imputed
    )
    for name, origin in a.origins.items():
        assert (
            origin.rows.tolist() == b.origins[name].rows.tolist()
            and origin.columns == b.origins[name].columns
            and origin.headers == b.origins[name].headers
        )


def test_tables_left_out_afterwards_are_as_if_never_read(folder, tmp_path, monkeypatch):
    alone = {without: check_tables(folder, without) for without in WITHOUT}
    handed.hand_over(parse(folder), tmp_path)
    monkeypatch.setenv(handed.FOLDER, str(tmp_path))
    monkeypatch.setattr(read, "parse", None)  # what is handed over is not read again
    for without in WITHOUT:
        same(check_tables(folder, without), alone[without])
    monkeypatch.setattr(read, "between_tables", None)  # nor held against each other again
    for without in reversed(WITHOUT):
        same(check_tables(folder, without), alone[without])


def test_a_workbook_is_handed_over_too(tmp_path, monkeypatch):
    book = filled_workbook(tmp_path / "college.xlsx")
    alone = {without: check_tables(book, without) for without in WITHOUT}
    handed.hand_over(parse(book), tmp_path)
    monkeypatch.setenv(handed.FOLDER, str(tmp_path))
    monkeypatch.setattr(read, "parse", None)
    for without in WITHOUT:
        same(check_tables(book, without), alone[without])


@pytest.mark.parametrize("name", ["payments.csv", "offerings.csv", "dataset.yaml"])
def test_other_bytes_are_read_anew(name, tmp_path, monkeypatch):
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "甲")
    kept = tmp_path / "kept"
    kept.mkdir()
    handed.hand_over(parse(folder), kept)
    monkeypatch.setenv(handed.FOLDER, str(kept))
    assert handed.handed(folder) is not None
    with open(folder / name, "a", encoding="utf-8") as file:
        file.write("\n")
    assert handed.handed(folder) is None
    assert (
        check_tables(folder).tables.sha256
        == between_tables(parse(folder)).tables.sha256
        != handed.digest_of(shipped("data", "example"))
    )


def test_nothing_is_handed_where_no_command_did(tmp_path, monkeypatch):
    monkeypatch.delenv(handed.FOLDER, raising=False)
    assert handed.handed(shipped("data", "example")) is None
    monkeypatch.setenv(handed.FOLDER, str(tmp_path / "gone"))
    assert handed.handed(shipped("data", "example")) is None
    monkeypatch.setenv(handed.FOLDER, "")
    assert handed.handed(shipped("data", "example")) is None


def test_among_says_what_isin_says():
    column = pd.Series(["a", "", "b", "a", None, "c"])
    for words in ({"a", ""}, set(), {"z"}, frozenset("abc")):
        assert among(column, words).tolist() == [cell in words for cell in column.tolist()]
    assert among(pd.Series([], dtype=object), {"a"}).tolist() == []


@pytest.mark.skipif(os.name != "posix", reason="folders have no such owners here")
def test_what_others_may_write_into_is_not_read(tmp_path, monkeypatch):
    """It is a pickle: whoever can put one there could run what he likes."""
    source, there = shipped("data", "example"), tmp_path / "there"
    there.mkdir()
    (there / handed.digest_of(source)).write_bytes(pickle.dumps("handed over"))
    monkeypatch.setenv(handed.FOLDER, str(there))
    assert handed.handed(source) == "handed over"
    there.chmod(0o777)
    assert handed.handed(source) is None
    there.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: -1)
    assert handed.handed(source) is None
