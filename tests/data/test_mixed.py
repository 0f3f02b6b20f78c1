"""Observed beside simulated: marks kept from a prefilled template, mixing only where asked for, label and shares from the rows."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from openpyxl import load_workbook
from spoil import csv_folder, spoil_csv

from onexmodel.data.checking.row_basis import basis, basis_words, joint
from onexmodel.data.checking.row_status import kinds
from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.schema import load_schema
from onexmodel.data.sheets import chinese_rows
from onexmodel.data.template import SHARED, write_template
from onexmodel.places import shipped
from onexmodel.report.page.writer import writer_for

EXAMPLE = read_tables(shipped("data", "example"))


@pytest.fixture(scope="module")
def prefilled(tmp_path_factory):
    """A planner's workbook: what the province sets taken from the simulated example, own colleges and plans typed in."""
    path = write_template(tmp_path_factory.mktemp("planner") / "college.xlsx", EXAMPLE)
    book = load_workbook(path)
    for table, columns in load_schema().items():
        if table not in SHARED:
            for down, row in enumerate(chinese_rows(EXAMPLE[table], columns), 3):
                for at, value in enumerate(row, 2):
                    if value != "":
                        book[next(iter(columns.values())).sheet].cell(down, at, value)
    book.save(path)
    return path


def about(path, folder, **values):
    """A copy with lines of sheet 说明 changed, and where each stands."""
    book, target = load_workbook(path), folder / "college.xlsx"
    rows = {row[0].value: row[1] for row in book["说明"].iter_rows(min_col=1, max_col=2)}
    for name, value in values.items():
        rows[name].value = value
    book.save(target)
    return target, {name: cell.coordinate for name, cell in rows.items() if name}


def folder_of(tmp_path, **description):
    """The example as if observed."""
    folder = csv_folder(tmp_path / "甲")
    (folder / "dataset.yaml").write_text(
        yaml.safe_dump({"status": "observed", **description}, allow_unicode=True), encoding="utf-8"
    )
    return folder


def marked(folder, table, marks):
    """The table with a column 标记."""
    file = folder / f"{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    body = [f"{marks.get(row, '')},{line}" for row, line in enumerate(lines[1:], 2)]
    file.write_text("\n".join([f"标记,{lines[0]}", *body]) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("words", [None, "", "本院真实数据"])
def test_prefilled_rows_stay_simulated_whatever_the_about_sheet_says(prefilled, words, tmp_path):
    path, _ = about(prefilled, tmp_path, 数据状态="观测", 数据说明=words)
    tables = read_tables(path)
    for table in ("fees", "caps", "components", "ingredients", "certificates", "provinces"):
        assert set(tables.row_status(table)) == {"simulated"}, table
    for table in ("colleges", "offerings", "funding", "payments"):
        assert set(tables.row_status(table)) == {"observed"}, table
    for lang, start in (("zh", "含模拟数据："), ("en", "Contains simulated data: ")):
        writer = writer_for(tables, lang, True)
        assert (
            writer.label.startswith(start)
            and writer.simulated
            and writer.place("甲省").startswith(("模拟·", "simulated "))
        )
    assert (
        "费用标准" in tables.label["zh"]
        and "开考计划" not in tables.label["zh"]
        and (words or "") in tables.label["zh"]
    )


def test_no_offering_whose_costs_and_fees_are_simulated_counts_as_observed(prefilled):
    tables = read_tables(prefilled)
    groups = basis(tables, 2021, list(tables["colleges"]["college"]))
    assert set(joint(groups)) == {"simulated"} and len(joint(groups)) == int(
        (tables["offerings"]["year"] == 2021).sum()
    )
    assert (
        basis_words(groups, "zh")
        == "计划：观测100%；成本：模拟100%；费用标准与上限：模拟100%；经费：观测100%"
    )
    assert (
        basis_words(groups, "en")
        == "plans: observed 100 %; costs: simulated 100 %; fees and caps: simulated 100 %; funds: observed 100 %"
    )


def test_mixing_is_said_with_its_shares_or_refused_with_its_cell(prefilled, tmp_path):
    said = [str(fault) for fault in check_tables(prefilled).faults if fault.code == "mixed"]
    assert len(said) == 1 and "开考计划 观测100%" in said[0] and "费用标准 模拟100%" in said[0]
    path, cells = about(prefilled, tmp_path, 混合使用="否")
    checked = check_tables(path)
    refused = [str(fault) for fault in checked.faults if fault.level == "error"]
    assert checked.tables is None and len(refused) == 1
    assert (
        refused[0].startswith(
            f"college.xlsx 工作表「说明」 {cells['混合使用']}（混合使用）：观测与模拟的行不能合在一个总数里"
        )
        and "填 是" in refused[0]
    )


@pytest.mark.parametrize(
    ("name", "value", "nearest"), [("数据状态", "模拟数据", "模拟"), ("混合使用", "可以", "")]
)
def test_an_about_sheet_is_read_strictly(prefilled, name, value, nearest, tmp_path):
    path, cells = about(prefilled, tmp_path, **{name: value})
    checked = check_tables(path)
    assert checked.tables is None
    fault = next(
        fault
        for fault in checked.faults
        if f"{cells[name]}（{name}）" in fault.where and value in fault.what
    )
    assert fault.nearest == nearest


def test_one_simulated_row_in_a_folder_needs_leave(tmp_path):
    folder = marked(folder_of(tmp_path), "fees", {3: "模拟"})
    checked = check_tables(folder)
    assert checked.tables is None and [
        fault.code for fault in checked.faults if fault.level == "error"
    ] == ["mixed"]
    assert "mixed: true" in str(checked.faults[-1]) and "费用标准 观测" in str(checked.faults[-1])
    (folder / "dataset.yaml").write_text("status: observed\nmixed: true\n", encoding="utf-8")
    tables = read_tables(folder)
    assert tables.label["zh"].startswith(
        "含模拟和估算数据：费用标准（部分）为模拟；"
    ) and "simulated" in kinds(tables)


@pytest.mark.parametrize(
    ("word", "allowed"),
    [
        ("yes", True),
        ("是", True),
        ('"true"', True),
        ("no", False),
        ("off", False),
        ('"false"', False),
        ("否", False),
    ],
)
def test_mixing_in_dataset_yaml_takes_the_same_words_for_yes_and_no(tmp_path, word, allowed):
    folder = marked(folder_of(tmp_path), "fees", {3: "模拟"})
    (folder / "dataset.yaml").write_text(f"status: observed\nmixed: {word}\n", encoding="utf-8")
    assert (check_tables(folder).tables is not None) == allowed


@pytest.mark.parametrize("word", ["maybe", "1", "", "[no]"])
def test_mixing_that_is_neither_yes_nor_no_is_a_fault_with_its_line(tmp_path, word):
    folder = folder_of(tmp_path)
    (folder / "dataset.yaml").write_text(f"status: observed\nmixed: {word}\n", encoding="utf-8")
    assert [
        fault.where
        for fault in check_tables(folder).faults
        if fault.code == "mixed" and "应为 是 或 否" in fault.what
    ] == ["dataset.yaml 第 2 行"]


def test_marks_are_no_better_for_a_set_that_says_estimated(tmp_path):
    folder = marked(folder_of(tmp_path, mixed=True), "fees", {3: "模拟"})
    (folder / "dataset.yaml").write_text("status: estimated\nmixed: true\n", encoding="utf-8")
    tables = read_tables(folder)
    assert tables.row_status("fees").tolist()[:3] == ["estimated", "simulated", "estimated"]
    assert tables.label["zh"].startswith("含模拟数据：费用标准（部分）为模拟。估算数据")


def test_caps_that_rest_on_an_assumption_are_not_observed(tmp_path):
    tables = read_tables(folder_of(tmp_path))  # the example's caps rest on A-CAP, kind 假设
    assert set(tables.row_status("caps")) == {"estimated"} and set(tables.row_status("fees")) == {
        "observed"
    }
    assert tables.label == {
        "zh": "含估算数据：成本上限为估算",
        "en": "Contains estimated data: caps estimated",
    }
    groups = basis(tables, 2021, list(tables["colleges"]["college"]))
    assert set(groups["fee"]) == set(joint(groups)) == {"estimated"} and set(groups["cost"]) == {
        "observed"
    }


def test_own_rows_of_a_college_replace_simulated_general_ones():
    general = EXAMPLE["ingredients"]["college"] == ""
    own = EXAMPLE["ingredients"][general].iloc[[0]].assign(college="X1")
    mine = EXAMPLE["ingredients"][
        general & (EXAMPLE["ingredients"]["certificate"] == own["certificate"].iloc[0])
    ].assign(college="X1")
    frames = {**EXAMPLE.frames, "ingredients": EXAMPLE["ingredients"][general]}
    for rows in (mine, mine.iloc[1:]):  # all items of one certificate, or all but one
        ledger = {
            **frames,
            "ingredients": rows.__class__(
                np.concatenate([frames["ingredients"], rows]), columns=rows.columns
            ),
        }
        marks = np.array(["simulated"] * int(general.sum()) + ["observed"] * len(rows), object)
        tables = replace(EXAMPLE, frames=ledger, status="observed", marks={"ingredients": marks})
        cost = basis(tables, 2021, ["X1"])["cost"]
        plan = tables["offerings"][
            (tables["offerings"]["college"] == "X1") & (tables["offerings"]["year"] == 2021)
        ]
        here = (plan["certificate"] == own["certificate"].iloc[0]).to_numpy()
        assert here.any() and set(cost[here]) == (
            {"observed"} if len(rows) == len(mine) else {"simulated", "observed"} & set(cost[here])
        )
        assert set(cost[~here]) <= {"simulated"}
        assert len(rows) == len(mine) or "simulated" in cost[here]


def test_a_fee_row_serves_only_its_own_cell():
    first = EXAMPLE["fees"].iloc[0]
    marks = np.array(["simulated"] + ["observed"] * (len(EXAMPLE["fees"]) - 1), object)
    sources = EXAMPLE["sources"].assign(kind="公告")
    tables = replace(
        EXAMPLE,
        status="observed",
        marks={"fees": marks},
        frames={**EXAMPLE.frames, "sources": sources},
    )
    colleges = list(tables["colleges"]["college"])
    plan = tables["offerings"][tables["offerings"]["year"] == 2021]
    province = plan["college"].map(tables["colleges"].set_index("college")["province"])
    served = (
        (plan["certificate"] == first["certificate"])
        & (plan["level"] == first["level"])
        & (province == first["province"])
    )
    assert served.any() and not served.all()
    assert (basis(tables, 2021, colleges)["fee"] == np.where(served, "simulated", "observed")).all()


def test_a_description_that_cannot_be_read_is_a_fault(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "offerings", "row": 2, "column": "candidates", "value": "许多"})
    for text, word in (
        ("status: 模拟数据\n".encode(), "数据状态「模拟数据」不认识"),
        ("label: 示例\n".encode("utf-16"), "编码是 UTF-16，读不出文字"),
        (b"- a\n", "应为"),
        (b"a: b: c\n", "YAML"),
    ):
        (folder / "dataset.yaml").write_bytes(text)
        said = [str(fault) for fault in check_tables(folder).faults if fault.level == "error"]
        assert any(word in one for one in said) and any("许多" in one for one in said)


def test_one_text_stands_for_both_languages_and_a_stranger_is_named(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    (folder / "dataset.yaml").write_text(
        "status: 模拟\nlabel: 试算\nlabels: 试算\n", encoding="utf-8"
    )
    checked = check_tables(folder)
    assert (
        checked.tables.label == {"zh": "试算", "en": "试算"}
        and checked.tables.status == "simulated"
    )
    assert "dataset.yaml 第 3 行：不认识「labels」，未采用。最接近的是「label」。" in [
        str(fault) for fault in checked.faults
    ]
