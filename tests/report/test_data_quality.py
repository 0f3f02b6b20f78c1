"""data_quality: cells are counted as by hand, what is emptied, imputed or doubtful is found at its address, and a circulated page names none."""

import csv
import html
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from made_here import opened_once, part_of
from openpyxl import load_workbook

from onexmodel.analysis.quality.filing import by_province
from onexmodel.analysis.quality.money import KEYS, Bill
from onexmodel.data import read_tables
from onexmodel.data.schema import load_schema
from onexmodel.data.template import write_template
from onexmodel.places import shipped
from onexmodel.report import open_data_quality
from onexmodel.report.page.numbers import share

pytestmark = pytest.mark.usefixtures("sketched")

INTAKE = Path(__file__).parents[1] / "cases" / "intake"
ONE = INTAKE / "records_of_2023_settlement_cut_off_2020.xlsx"  # a good set of one college

PARTS = (
    "front", "decision", "basis", "columns_figure", "cells_table", "filing_table", "provinces_figure",
    "columns_table", "kinds_table", "reports_table", "items_table", "notes",
)  # fmt: skip


@opened_once
def opened(data="example", **given):
    return open_data_quality(data, **{"internal": True, "log2_draws": 1, **given})


def words(report, *parts) -> str:
    page = "".join(part_of(report, part) for part in parts or PARTS)
    page = re.sub(r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r" \1 ", page, flags=re.S)
    page = re.sub(r'<i class="k"></i>|</?(?:span|wbr)[^>]*>', "", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def rows(block) -> list[list[str]]:
    """The cells of a table's rows, as words."""
    return [
        [html.unescape(re.sub("<[^>]+>", "", one)) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        for line in re.findall(r"<tr[^>]*>(.*?)</tr>", block.html)[1:]
    ]  # fmt: skip


@pytest.fixture
def example(tmp_path):
    """edited(table → what is done with its rows, impute=[…], drop=[…]) → a copy of the example."""

    def edited(impute=(), drop=(), **changes):
        folder = shutil.copytree(shipped("data", "example"), tmp_path / "甲")
        about = yaml.safe_load((folder / "dataset.yaml").read_text(encoding="utf-8"))
        text = yaml.safe_dump({**about, "impute": list(impute)}, allow_unicode=True)
        (folder / "dataset.yaml").write_text(text, encoding="utf-8")
        for table in drop:
            (folder / f"{table}.csv").unlink()
        for table, change in changes.items():
            path = folder / f"{table}.csv"
            held = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
            change(held)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, held[0].keys())
                writer.writeheader()
                writer.writerows(held)
        return folder

    return edited


def test_cells_are_those_counted_by_hand():
    tables, report = read_tables(shipped("data", "example")), opened()
    asked = given = 0
    for table, columns in load_schema().items():
        if table == "sources":
            continue
        frame = tables[table]
        for name, column in columns.items():
            some = frame
            if (table, name) == ("fees", "document"):
                some = frame[frame["published_fee"].notna()]
            elif name in ("special_fee", "special_document", "special_from"):
                some = frame[frame["special_case"].astype(bool)]
            elif name == "stations":
                some = frame[frame["component"] == "practical"]
            elif name in ("special_to", "life_years") or (table, name) == ("ingredients", "component"):  # fmt: skip
                continue
            elif column.need == "O" and name not in ("retake_share", "wage_index"):
                continue
            asked += len(some)
            given += int((some[name].notna() & (some[name].astype(object) != "")).sum())
    sums = report.cells[["asked", "given", "taken", "blank"]].sum()
    # a pass rate and a resit rate have defaults; a special document is nowhere else
    assert (sums["asked"], sums["given"]) == (asked, given)
    assert asked - given == sums["taken"] + sums["blank"] and sums["taken"] == 2
    total = rows(report.cells_table())[-1]
    assert total[2].replace("\u202f", "") == str(asked) and total[3] == f"{100 * given / asked:.1f}"


def test_shares_of_rows_add_up_and_are_of_the_set():
    report = opened()
    assert report.states == {"observed": 0.0, "estimated": 0.0, "simulated": 1.0}
    assert (report.cells[["observed", "estimated", "simulated"]].sum(axis=1) == 1).all()


def test_an_emptied_cell_an_imputed_column_and_a_doubtful_value_stand_at_their_addresses(example):
    folder = example(
        impute=[{"column": "colleges.norm_hours", "method": "province_median_by_tier"}],
        colleges=lambda held: (held[1].update(teachers=""), held[3].update(norm_hours="")),
        pay_pools=lambda held: held[0].update(pay_pool="2300"),
    )
    report = opened(folder)
    found = {row[0]: row for row in rows(report.columns_table())}
    assert found["院校·专任教师数"][1:3] == ["不取值，用到它的数不算", "1"]
    assert found["院校·专任教师数"][4] == "colleges.csv第3行（teachers）"
    assert found["院校·标准年课时"][1] == "填补：全国同层次中位数，记为估算"
    assert found["院校·标准年课时"][4] == "colleges.csv第5行（norm_hours）"
    at = report.study.prepared.baseline.keys["offering"]["college"] == "X4"
    fees = np.asarray(report.runs[0].served["fee_bill"])
    assert found["院校·标准年课时"][3] == share(fees[at.to_numpy()].sum() / fees.sum())
    doubt = next(row for row in rows(report.kinds_table()) if row[1] == "疑似万元")
    assert doubt[0] == "可疑" and doubt[3] == "1" and doubt[5] == "pay_pools.csv第2行（pay_pool）"
    assert report.doubted == 3
    mend = [row[1] for row in rows(report.items_table())]
    assert "院校（专任教师数、标准年课时、现有总课时）" in mend and "核对「疑似万元」" in mend


def test_missing_tables_are_said_and_come_first_by_what_they_stop(example):
    report = opened(example(drop=["funding", "ingredients", "workload"]))
    found = {row[0]: row[1] for row in rows(report.cells_table())}
    assert found["经费来源额度"] == found["成本项目"] == "没有填报"
    mend = rows(report.items_table())
    assert mend[0][1] == "成本项目" and mend[0][3].startswith("可编制「降低考核成本」")
    assert mend[1][3].startswith("可编制「成本上限与费用标准」")  # with a fee for each plan
    assert mend[2][1] == "经费来源额度" and mend[2][3].count("「") == 5
    assert {row[0] for row in rows(report.reports_table()) if row[1] == "做不了"} == {"成本上限与费用标准", "降低考核成本"}  # fmt: skip
    filed = {row[0]: row[1:4] for row in rows(report.filing_table())}
    assert filed["经费来源额度"] == ["6", "0", "0"]
    assert re.search(
        r"先补成本项目，涉及考核费[\d.]+万元，可编制「降低考核成本」", words(report, "front")
    )


def test_filing_counts_colleges_and_names_them_inside_only():
    tables, report = read_tables(shipped("data", "example")), opened()
    filed = {row[0]: row for row in rows(report.filing_table())}
    assert filed["预算表"][1:4] == ["6", str(tables["budget_lines"]["college"].nunique()), "66.7"]
    assert filed["预算表"][4] == "示例民办三、示例应用五"
    assert filed["绩效工资总量"][1:4] == ["5", "4", "80.0"]  # the private one is not asked
    circulated = {row[0]: row[1:] for row in rows(opened(internal=False).filing_table())}
    assert filed["教师工作量"][1:4] == ["6", "1", "16.7"]
    assert circulated["教师工作量"] == ["6", "少于5所", "少于5所"]
    assert circulated["开考计划"] == ["6", "6", "100"]  # all of them tell of all


def test_a_count_that_leaves_few_out_is_a_lower_bound():
    report = opened(internal=False)
    said = [report.writer.told(some, 600, "所") for some in (0, 3, 300, 597, 600)]
    assert said == ["0所", "少于5所", "300所", "不少于596所", "600所"]
    assert opened().writer.told(597, 600) == "597"
    assert opened(internal=False, lang="en").writer.told(597, 600) == "at least 596"


def test_a_circulated_report_has_counts_and_neither_address_nor_college_nor_money_of_few():
    report = opened(internal=False)
    said = words(report, *PARTS[:-1])  # the notes say where, as those of every report, and no value
    assert not re.search(r"\.csv|第\d+行|示例(?:高职|中职|民办|应用)|\bX\d\b", said)
    assert report.doubtful.least < 5 and "对应考核费0" not in said
    assert {row[4] for row in rows(report.kinds_table()) if row[1] == "预付"} == {"少于5所"}
    assert not any(name.startswith("bill.doubtful") for name in report.headlines())
    assert opened().headlines()["bill.doubtful"] > 0


def test_money_is_hidden_too_where_all_but_few_pay_it():
    keys = pd.DataFrame([[f"S{i}", f"X{i}", "K", "junior"] for i in range(9)], columns=KEYS)
    bill = Bill(keys, np.ones(9))
    assert bill.resting(keys.iloc[:6]).least == 3 and bill.resting(keys).least == 9
    one = bill.resting(pd.DataFrame({"college": ["X1", "X2"], "level": ["all", "senior"]}))
    assert (one.money, one.colleges, one.least) == (1.0, 1, 1)
    nothing = bill.resting(pd.DataFrame({"college": [""]}))
    assert (nothing.money, nothing.colleges, nothing.least) == (0, 0, 9)  # which may be told


def test_how_many_have_filed_is_hidden_where_few_are_to():
    report = replace(opened(internal=False))
    few = {**report.filed, "workload": (frozenset({"X1"}), frozenset({"X1"}))}
    object.__setattr__(report, "filed", few)
    filed = {row[0]: row[1:] for row in rows(report.filing_table())}
    assert filed["教师工作量"] == ["少于5所", "少于5所", "少于5所"] and filed["预算表"][0] == "6"
    assert "filed.workload" not in report.headlines() and "filed.funding" in report.headlines()
    assert by_province(report.held, few, False)["workload"].isna().all()


def filed_by(report, has: dict[str, int], of: int = 20) -> pd.DataFrame:
    """The share of `of` colleges of each province that has filed a table, circulated."""
    codes = {one: [f"{one}{i}" for i in range(of)] for one in has}
    home = pd.DataFrame(
        [(college, one) for one, some in codes.items() for college in some],
        columns=["college", "province"],
    )
    held = replace(
        report.held,
        frames={
            **report.held.frames,
            "colleges": home,
            "provinces": pd.DataFrame({"province": [*has]}),
        },
    )
    filed = frozenset(one for code, some in has.items() for one in codes[code][:some])
    return by_province(held, {"workload": (frozenset(home["college"]), filed)}, False)


@pytest.mark.parametrize(
    ("has", "shown"),
    [
        ({"A": 20, "B": 15, "C": 0}, [1.0, 0.75, 0.0]),
        ({"A": 18, "B": 10, "C": 20}, [None, None, 1.0]),  # B with A, which A could be had from
        ({"A": 18, "B": 17, "C": 10}, [None, None, 0.5]),  # together they tell of five
        ({"A": 1, "B": 0, "C": 0}, [None, 0.0, 0.0]),  # the sum is not told either
    ],
)
def test_a_share_of_a_province_tells_of_no_few_colleges(has, shown):
    """A share of a province's colleges gave the one or two away that had not filed."""
    made = filed_by(opened(internal=False), has)["workload"]
    assert [None if one != one else one for one in made] == shown


def test_the_least_filed_table_is_named_among_those_that_are_shown():
    words = opened(internal=False).words
    assert words.provinces_title("支付台账", "90.4%", True).startswith(
        "可列的各表中「支付台账」报得最少"
    )
    assert words.provinces_title("支付台账", "90.4%", False).startswith("「支付台账」报得最少")


def test_the_record_and_the_figure_tell_of_no_few_colleges():
    report = replace(opened(internal=False))
    assert {name for name in report.headlines() if name.startswith("filed.")} == {
        f"filed.{table}" for table, (_, has) in report.filed.items() if len(has) == 6
    }
    assert opened().headlines()["filed.workload"] == 1
    lacking = {"rule": "no_funding", "keys": [{"college": "X1", "year": 2021}]}
    first = report.kinds[0]
    few = replace(first, rule="no_funding", found=[first.found[0] | lacking])
    object.__setattr__(report, "kinds", [few])
    assert "found.warning.no_funding" not in report.headlines()
    assert rows(report.kinds_table())[0][2:4] == [
        "少于5所院校没有填报经费来源或经费适用，缺口无从计算，请补报。",
        "少于5所",
    ]


def test_what_is_counted_is_said():
    """6048 plans stood as 6048处, places."""
    report = opened("national", province="44", internal=False)
    said = {row[1]: row[2] for row in rows(report.items_table())}
    assert re.fullmatch(r"\d+项计划", said["费用标准（核定费用标准）"].replace("\u2009", ""))
    assert said["教师工作量"].startswith("不少于") and said["教师工作量"].endswith("所")
    assert said["支付台账（考核批次号）"].endswith("格") and said["核对「单价偏高」"].endswith("处")
    english = words(
        opened("national", province="44", internal=False, lang="en"), "front", "items_table"
    )
    assert re.search(r"First: fees \(published fee\) \([\d\s]+ plans\)", english)


def test_one_college_sees_its_own_rows_only():
    report = opened("example", college="X4", internal=False)
    assert set(report.held["offerings"]["college"]) == {"X4"} and len(report.held["colleges"]) == 1
    planned = set(report.held["offerings"]["certificate"])
    assert set(report.held["components"]["certificate"]) == planned < {"K1", "K2", "K3"}
    assert "province_comparison" in opened().lacking and "province_comparison" not in report.lacking
    assert "只有一个省份" not in words(opened(province="S01"), "reports_table")
    assert report.alone and "「" in words(report, "items_table")
    other = read_tables(shipped("data", "example"))["offerings"]
    at = np.flatnonzero(other["college"] == "X4") + 2
    assert list(report.held.origins["offerings"].rows) == list(at)


def test_the_short_form_says_what_it_takes_with_its_source(tmp_path):
    book = load_workbook(write_template(tmp_path / "简表.xlsx"))
    for at, value in enumerate(["示例云岭职业技术学院", "浙江", "高职", 2024], 2):
        book["简表"].cell(5, at, value)
    for at, value in enumerate(["测绘数据示例证书", "中级", 120, 0.82, 503, 60], 2):
        book["简表"].cell(10, at, value)
    book.save(path := tmp_path / "本校.xlsx")
    report = opened(path)
    found = {row[0]: row for row in rows(report.columns_table())}
    held = {row[0]: row[1:3] for row in rows(report.cells_table())}
    assert (
        held["培训评价组织"] == ["1", "—"] and "证书·培训评价组织代码" not in found
    )  # codes are made
    assert {one.column for one in report.columns if one.table == "certificates"} == {"certificate", "name"}  # fmt: skip
    assert found["开考计划·班额"][1].startswith("简表缺省：班额 40 人（假设")
    assert "公报" in found["院校·专任教师数"][1] and "记为估算" in found["院校·专任教师数"][1]
    assert found["开考计划·补考比例"][1] == "缺省值：默认补考比例 50%"
    english = words(opened(path, lang="en"), "columns_table", "front")
    assert "short form: class size 40 (assumption" in english and "cannot be made" in english


def test_a_workbook_is_named_by_sheet_and_cell(tmp_path):
    book = load_workbook(ONE)
    book["绩效工资总量"]["D3"] = 2300
    book.save(path := tmp_path / "本校.xlsx")
    report = opened(path, internal=False)
    doubt = next(row for row in rows(report.kinds_table()) if row[1] == "疑似万元")
    assert doubt[5].startswith("「绩效工资总量」D3（")
    assert "「本校_核对结果.xlsx」" in words(report, "front")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_several_provinces_are_drawn_and_one_is_not(lang):
    nation = opened(lang=lang)
    assert len(nation.provinces) == 3 and nation.exhibits("figure")["provinces"]
    filed = nation.provinces.set_index("province")["budget_lines"]
    assert filed["S01"] == pytest.approx(2 / 3) and filed["S03"] == 1
    assert not opened(lang=lang, internal=False).exhibits("figure")["provinces"]
    assert not opened(lang=lang, province="S01").exhibits("figure")["provinces"]


def test_a_finding_of_a_year_alone_has_no_cell():
    """cap_removed finds something of all fees of the year: no row of any table is meant."""
    report = open_data_quality("example", scenario=["cap_removed"], internal=True)
    found = [row for row in rows(report.kinds_table()) if "取消上限" in row[2]]
    assert len(found) == 1 and found[0][-1] in ("", "—")
