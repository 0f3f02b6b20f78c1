"""Dates beyond the pilot (C15) and caps under a published fee (F33): said in check, in run and on the front page, never silent."""

import html
import re
import shutil
from datetime import date

import numpy as np
import pandas as pd
import pytest

import onexmodel.report as reports
from onexmodel.analysis.draws.sensitivity import other_readings
from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.data import read_tables
from onexmodel.data.checking import transfer
from onexmodel.data.read import check_tables
from onexmodel.engine.accounts.findings import ledger_facts
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.errors import ParameterError
from onexmodel.law import load_law
from onexmodel.places import shipped
from onexmodel.report import open_performance_pay
from onexmodel.report.front.state import data_state
from onexmodel.report.page.writer import PageWriter

pytestmark = pytest.mark.usefixtures("sketched")

NOTICE = "人社厅函〔2025〕154号"
LAST = date(2025, 12, 31)
PUBLISHED = {
    "测绘": (503, 503, 415),
    "机器视觉": (420, 450, 480),
    "BIM": (290, 290, 500),
    "Python": (300, 300, 300),
}  # F10, F11, F16, F17
LEVELS = ("junior", "intermediate", "advanced")


def words(block) -> str:
    return html.unescape(
        re.sub(
            r"<[^>]+>",
            " ",
            (block if isinstance(block, str) else block.html).replace('<i class="k"></i>', ""),
        )
    )


def edited(folder, **edits):
    """The example with edits of its tables: table → (pattern, replacement)."""
    shutil.copytree(shipped("data", "example"), folder)
    for table, (pattern, text) in edits.items():
        path = folder / f"{table}.csv"
        old = path.read_text(encoding="utf-8-sig")
        new = re.sub(pattern, text, old, flags=re.M)
        assert new != old, table
        path.write_text(new, encoding="utf-8")
    return str(folder)


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """The example's plans moved to 2026, and its two last batches beyond the last day of sittings."""
    year = (",2021,", ",2026,")
    return edited(
        tmp_path_factory.mktemp("late") / "data",
        offerings=year,
        funding=year,
        pay_pools=year,
        assessments=(r"2021-0[56]-[12]0", "2026-01-01"),
    )


def test_a_plan_of_2026_is_said_in_check_once_a_table(late, tmp_path, capsys):
    """referee C1: an offering of 2026 ran with no finding at all."""
    assert main(["check", late, "--out", str(tmp_path)]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if NOTICE in line]
    assert len(said) == 2 and all(line.startswith("提醒\t") for line in said)
    assert (
        "offerings.csv 第 2 行" in said[0]
        and "有 12 项开考计划属 2026 年度" in said[0]
        and "另有第 3、4 行等" in said[0]
    )
    assert (
        "assessments.csv 第 6 行" in said[1]
        and "有 2 个考核批次（2026-01-01）晚于X证书最后考核日2025年12月31日" in said[1]
        and "第 7 行）" in said[1]
    )


def test_a_plan_of_2026_is_said_by_run_and_in_its_findings(late, tmp_path, capsys):
    assert main(["run", "--data", late, "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err.count(NOTICE) == 2
    found = (
        pd.read_csv(tmp_path / "findings.csv").query("rule == 'after_transfer'").set_index("table")
    )
    assert found.index.tolist() == ["offerings", "assessments"] and set(found["severity"]) == {
        "warning"
    }
    assert (
        found.loc["offerings", "key"]
        == "X1/K1/intermediate/2026、X1/K2/junior/2026、X1/K3/advanced/2026…"
        and found.loc["assessments", "key"] == "A5、A6"
    )
    assert found["sentence"].str.contains(NOTICE).all()


def test_years_of_the_pilot_are_not_warned_of(tmp_path, capsys):
    assert main(["run", "--data", "example", "--out", str(tmp_path)]) == 0
    assert NOTICE not in capsys.readouterr().err and "after_transfer" not in (
        tmp_path / "findings.csv"
    ).read_text(encoding="utf-8-sig")
    assert not [
        fault
        for fault in check_tables(shipped("data", "example"), last_sitting=LAST).faults
        if NOTICE in fault.what
    ]


def test_the_edges_are_the_year_and_the_day():
    """2025 and 31 December 2025 lie inside, 2026 and 1 January 2026 do not; another last day moves both; some colleges only."""
    frames = {
        "offerings": pd.DataFrame({"college": ["A", "B", "A"], "year": [2025.0, 2026.0, np.nan]}),
        "assessments": pd.DataFrame(
            {
                "college": ["A", "B", "A"],
                "assessed_on": pd.to_datetime(["2025-12-31", "2026-01-01", None]),
            }
        ),
    }
    rows = {table: some.tolist() for table, some in transfer.beyond(frames, LAST).items()}
    assert rows == {"offerings": [1], "assessments": [1]} and not transfer.beyond(
        frames, LAST, {"A"}
    )
    assert {
        table: some.tolist()
        for table, some in transfer.beyond(frames, date(2024, 6, 30), {"A"}).items()
    } == {"offerings": [0], "assessments": [0]}


def test_another_last_day_is_taken_from_the_law(tmp_path):
    assert (
        main(
            [
                "run",
                "--data",
                "example",
                "--out",
                str(tmp_path),
                "--set",
                "settlement.last_sitting=2020-12-31",
            ]
        )
        == 0
    )
    found = pd.read_csv(tmp_path / "findings.csv").query("rule == 'after_transfer'")
    assert found["sentence"].str.contains("2020年12月31日").all() and len(found) == 2


@pytest.mark.parametrize("name", reports.REPORTS)
def test_the_front_box_warns_of_2026_and_the_basis_line_looks_back_before(late, name):
    opener = getattr(reports, f"open_{name}")
    front = words(opener(late, log2_draws=1, internal=True).front())
    assert "2026年度在X证书移交之后" in front and NOTICE in front and "如果当时" not in front
    before = words(opener("example", log2_draws=1, internal=True).front())
    assert before.count(NOTICE) == 1 and "移交之后" not in before
    assert (
        f"本报告按2021年度数据回顾测算，属「如果当时」的比较；按{NOTICE}，X证书于2025年12月31日前移交人力资源社会保障部门。"
        in before
    )


def test_in_english_and_with_sittings_on_record(late):
    front = words(
        reports.open_budget_and_settlement(late, lang="en", log2_draws=1, internal=True).front()
    )
    assert f"2026 lies after the transfer. By {NOTICE} X sittings end on 31 December 2025" in front
    assert "batches on record assessed after 31 December 2025: 2;" in front
    chinese = words(reports.open_budget_and_settlement(late, log2_draws=1, internal=True).front())
    assert "考核记录中有2批次晚于2025年12月31日" in chinese
    before = words(reports.open_fee_cap("example", lang="en", log2_draws=1).front())
    assert (
        "This report looks back on 2021 and asks “what if”" in before
        and "by 31 December 2025." in before
    )
    report = reports.open_fee_cap(late, log2_draws=1)
    assert "1处计划或考核在X证书移交之后，请核对日期。" in words(report.findings())


def test_the_national_set_looks_back():
    study = open_study("national", province="44")
    assert "本报告按2021年度数据回顾测算" in words(
        data_state(study, PageWriter("zh", "", True, False))
    )
    assert not [
        fault for fault in study.tables.findings if fault.code == "caps_below_published_fee"
    ]  # F33 holds in the shipped sets


def test_every_report_cites_the_notice_and_c15():
    report = reports.open_fee_cap("example", log2_draws=1)
    page = words(report.sources())
    assert page.count(NOTICE) == 5 and f"{NOTICE}第4点" in page and "C15" in page
    assert f"{NOTICE}, point 4" in words(
        reports.open_fee_cap("example", log2_draws=1, lang="en").sources()
    )
    law = load_law()
    assert law.parameters["settlement.last_sitting"].at(date(2021, 7, 1)).value == LAST
    assert (
        law.parameters["settlement.last_sitting"].at(date(2021, 7, 1)).source == "154"
        and law.sources["154"]["number"] == NOTICE
    )
    assert [law.sources[key]["in_force"] for key in ("NAT", "CAP", "154")] == ["unverified"] * 3


@pytest.fixture(scope="module")
def study():
    return open_study("example")


def due(study, day="2021-07-31", **view):
    changed = {f"settlement.{name}": value for name, value in view.items()}
    return settlement_ledger(study.tables, {**study.views()[0], **changed}, day)


def by_day(ledger) -> dict[str, str]:
    return {
        row.assessment: "" if pd.isna(row.due_by) else str(row.due_by.date())
        for row in ledger.batches.itertuples()
    }


def test_the_second_settlement_date_is_a_reading(study):
    early = dict.fromkeys(("A1", "A2", "A3", "A4"), "2020-12-31")
    later = ("A5", "A6", "A7", "A8")
    assert by_day(due(study)) == early | dict.fromkeys(later, "")
    assert by_day(due(study, winddown="transfer")) == early | dict.fromkeys(later, "2025-12-31")
    assert by_day(due(study, winddown="transfer", last_sitting=date(2021, 5, 20))) == early | {
        "A5": "2021-05-20",
        "A6": "",
        "A7": "2021-05-20",
        "A8": "2021-05-20",
    }
    noticed = due(study, winddown="before_notice", transfer_notice_day=date(2021, 5, 20))
    assert by_day(noticed) == early | {"A5": "", "A6": "", "A7": "2025-12-31", "A8": "2025-12-31"}
    assert (
        by_day(due(study, winddown="transfer", scope="before_notice"))["A2"] == "2025-12-31"
    )  # not before C2's notice: the second date takes it


def test_arrears_of_the_second_date_are_a_finding_that_names_it(study):
    """A5 without its payment is overdue only where the reading makes it due."""
    payments = study.tables["payments"]
    unpaid = study.tables.with_frames({"payments": payments[payments["assessment"] != "A5"]})

    def found(winddown):
        ledger = settlement_ledger(
            unpaid, {**study.views()[0], "settlement.winddown": winddown}, "2026-01-31"
        )
        return {
            fact["key"]: fact["sentence"]
            for fact in ledger_facts(ledger, unpaid)
            if fact["rule"] == "arrears_in_scope"
        }

    assert "A5" not in found("none") and found("transfer")["A5"].endswith(
        "属2025年12月31日前应结清范围"
    )
    assert found("none") == {
        key: text for key, text in found("transfer").items() if key != "A5"
    } and found("none")["A1"].endswith("属2020年12月31日前应结清范围")


def test_the_report_stands_at_the_second_date_and_says_what_was_due_by_each(tmp_path):
    data = edited(tmp_path / "data", payments=(r"^.*,A5,.*\n", ""))
    report = reports.open_budget_and_settlement(
        data, internal=True, log2_draws=1, settings={"settlement.winddown": "transfer"}
    )
    front = words(report.front())
    assert (
        report.at == LAST
        and "万元应于2020年12月31日前结清" in front
        and "其中1批次、0.7万元应于2025年12月31日前结清" in front
    )
    assert reports.open_budget_and_settlement(data, internal=True, log2_draws=1).at == date(
        2020, 12, 31
    )
    log = words(report.assumptions())
    assert (
        "移交时的结算" in log
        and "不另设结清日" in log
        and "最后考核日以前考核的都须在该日前结清" in log
    )


def test_the_day_of_the_notice_is_asked_for_only_by_the_reading_that_uses_it(study):
    assert load_law().parameters["settlement.transfer_notice_day"].status == "required"
    for winddown in ("none", "transfer"):
        due(study, winddown=winddown)
    with pytest.raises(
        ParameterError, match=f"{NOTICE}.*印发日没有取值.*--set settlement.transfer_notice_day"
    ):
        due(study, winddown="before_notice")
    with pytest.raises(ParameterError, match="印发日没有取值"):
        reports.open_budget_and_settlement(
            "example",
            internal=True,
            log2_draws=1,
            settings={"settlement.winddown": "before_notice"},
        ).front()
    given = {"settlement.winddown": "before_notice", "settlement.transfer_notice_day": "2021-05-01"}
    assert (
        by_day(
            reports.open_budget_and_settlement(
                "example", internal=True, log2_draws=1, settings=given
            ).ledger
        )["A5"]
        == ""
    )


def test_readings_of_the_accounts_move_no_result_of_the_run(study):
    """They stand in the log with their options; the rule graph knows that no measure leans on them."""
    assert (
        not other_readings(study, "fee_bill", "none")["parameter"]
        .str.startswith("settlement.")
        .any()
    )


@pytest.fixture
def priced(tmp_path):
    """priced(fees by certificate, caps) → a folder with the example and certificates of theory (computer) and practical (practical) at
    three levels, published at these fees."""

    def make(fees, computer, practical, start="2020-07-01"):
        folder = tmp_path / "priced"
        shutil.copytree(shipped("data", "example"), folder)
        (folder / "caps.csv").write_text(
            f"form,level,cap,valid_from,valid_to,source\npaper,all,80,2020-07-01,,A-CAP\ncomputer,all,{computer},{start},,A-CAP\n"
            f"practical,all,{practical},2020-07-01,,A-CAP\nspecial_practical,all,300,2020-07-01,,A-CAP\n",
            encoding="utf-8",
        )
        lines = {"certificates": [], "components": [], "fees": []}
        head = (folder / "certificates.csv").read_text(encoding="utf-8-sig").splitlines()
        for name, three in fees.items():
            lines["certificates"].append(head[1].replace("K1", name, 1))
            for level, fee in zip(LEVELS, three, strict=True):
                lines["components"] += [
                    f"{name},{level},theory,computer,0.4,50,50,50,2,2,,",
                    f"{name},{level},practical,practical,0.6,20,10,10,4,2,,",
                ]
                lines["fees"].append(
                    f"S01,{name},{level},,,{fee},published,文〔2022〕1号,no,,,,,2022-06-29,"
                )
        for table, more in lines.items():
            with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
                file.write("\n".join(more) + "\n")
        return folder

    return make


def warned(folder) -> list[str]:
    return [
        str(fault)
        for fault in read_tables(folder).findings
        if fault.code == "caps_below_published_fee"
    ]


def test_caps_under_a_published_fee_are_said(priced):
    """F33: 503 = 503 is held; one fen less is not, and of the eight rows at 420 or more under 419.99 the first is named."""
    folder = priced(PUBLISHED, 200, 303)
    assert not warned(folder)
    caps = folder / "caps.csv"
    caps.write_text(caps.read_text(encoding="utf-8").replace(",303,", ",302.99,"), encoding="utf-8")
    assert (
        len(warned(folder)) == 1
        and "fees.csv 第 8 行" in warned(folder)[0]
        and "503 元高于各环节成本上限之和 502.99 元" in warned(folder)[0]
    )
    caps.write_text(
        caps.read_text(encoding="utf-8").replace(",302.99,", ",219.99,"), encoding="utf-8"
    )
    assert (
        "；共 6 行，另有第 9、11 行等" in warned(folder)[0]
    )  # 503, 503, 420, 450, 480, 500; not 415
    caps.write_text(
        caps.read_text(encoding="utf-8").replace(
            "practical,all,219.99,", "practical,junior,303,", 1
        ),
        encoding="utf-8",
    )
    assert "fees.csv" not in "".join(
        warned(folder)
    )  # a form without a cap at that level says nothing


def test_a_cap_that_begins_after_the_fee_holds_it_all_the_same(priced):
    assert (
        "503 元高于各环节成本上限之和 502 元"
        in warned(priced(PUBLISHED, 200, 302, start="2023-01-01"))[0]
    )


def test_caps_of_a_scheme_under_a_published_fee_are_a_note(tmp_path):
    assert (
        main(["run", "--data", "example", "--out", str(tmp_path), "--set", "fees.cap.computer=5"])
        == 0
    )
    found = pd.read_csv(tmp_path / "findings.csv").query("rule == 'caps_below_published_fee'")
    assert found[["table", "key", "severity"]].to_numpy().tolist() == [
        ["fees", "S02/K1/intermediate/2021", "note"]
    ]
    assert "低于 1 项已公布的标准（如 130 元高于 125 元）" in found["sentence"].iloc[0]
    assert (
        main(["run", "--data", "example", "--out", str(tmp_path), "--set", "fees.cap.computer=10"])
        == 0
    )  # 10 + 120 = 130
    assert "caps_below" not in (tmp_path / "findings.csv").read_text(encoding="utf-8-sig")
    report = reports.open_fee_cap(
        "example", scenario=(), log2_draws=1, settings={"fees.cap.computer": "5"}
    )
    assert "上限低于已公布标准" in words(report.findings())
    other = reports.open_fee_cap(
        "example",
        scenario=(),
        log2_draws=1,
        province="S01",
        internal=True,
        settings={"fees.cap.computer": "5"},
    )
    assert "上限低于已公布标准" not in words(other.findings())  # the fee is S02's


def test_requests_of_a_year_of_the_pilot_are_not_to_be_acted_upon_unless_issued_then():
    said = "以下按2021年度当时的情形拟写，现时不据以办理。"
    for day, expected in (("", True), ("2026-11-30", True), ("2021-06-30", False)):
        report = open_performance_pay("example", internal=True, log2_draws=1, date=day)
        assert (said in words(report.decision())) == expected, day
