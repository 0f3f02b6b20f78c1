"""Reports tell where a parameter is set apart, by which scenario and why; and no sentence takes the general value for all places."""

import re

import pandas as pd
import pytest

from onexmodel.cli import main
from onexmodel.report import open_fee_cap, open_performance_pay
from onexmodel.report.fee_cap.closing import scheme_paragraphs
from onexmodel.report.performance_pay.front import keys, recommendation

HEAD = "title: {zh: 各地办法, en: local rules}\nauthor: t\nbased_on: current_law\nchanges:\n"
CHANGES = (
    "parameter: pay.elasticity, scale: 1.2, where: {tier: 中职}",
    "parameter: fees.beta, value: 0.3, where: {province: S01, certificate: K1}",
    "parameter: pay.class_hour_fee, value: 140, where: {college: X4}",
    "parameter: fees.cap.paper, scale: 1.1, where: {level: 初级}",
)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "apart.yaml"
    file.write_text(
        HEAD + "".join(f"  - {{{change}, rationale: 省里的理由}}\n" for change in CHANGES),
        encoding="utf-8",
    )
    return str(file)


def plain(block) -> str:
    return re.sub(r"<[^>]+>", " ", block.html.replace('<i class="k"></i>', ""))


def test_the_assumptions_log_shows_value_place_scenario_and_reason(path):
    report = open_performance_pay("example", scenario=[path], internal=True, log2_draws=2)
    said = plain(report.assumptions())
    assert (
        "0.5 → 0.5（中职 0.6）" in said and "中职的取值由情景「各地办法」给出：省里的理由。" in said
    )
    assert "100（X4 140）" in said


def test_a_circulated_report_names_no_college(path):
    said = plain(
        open_performance_pay("example", scenario=[path], internal=False, log2_draws=2).assumptions()
    )
    assert "1所院校 140" in said and "X4" not in said


def test_sentences_take_the_values_of_the_places(path):
    report = open_performance_pay("example", scenario=[path], internal=True, log2_draws=2)
    assert "弹性法（弹性取0.5（中职 0.6））" in recommendation(report)
    assert "弹性取0.5（中职 0.6）（假设）" in plain(report.methods())
    hours, counted = report.runs[1].served["added_hours"], [0, 1, 3]  # X1, X2, X4 are counted
    fee = (100 * hours[[0, 1]].sum() + 140 * hours[3]) / hours[counted].sum()
    assert (
        report.hour_fee == pytest.approx(fee)
        and keys(report)[2].beside
        == f"课时费{fee:.0f}元的{100 * report.row['per_hour'] / fee:.0f}%"
    )
    at = {report.words.elasticities[one.role]: one.point["uplift"] for one in report.by_elasticity}
    assert at["方案各地取值"] == pytest.approx(report.row["uplift"]) and at[
        "各地一律取"
    ] == pytest.approx(report.before["uplift"])


def test_the_list_of_changes_names_the_places(path):
    said = plain(
        scheme_paragraphs(open_fee_cap("example", scenario=[path], internal=True, log2_draws=2))
    )
    for words in (
        "核增弹性［中职］提高20%",
        "机构协商取得份额（β）［甲省示例证书一］改为30%",
        "纸笔考试成本上限［初级］提高10%",
    ):
        assert words in said, said


def test_the_command_line_lists_where_a_scenario_changes_what(path, capsys):
    assert main(["scenarios", path]) == 0
    said = capsys.readouterr().out
    assert (
        "pay.elasticity\ttier=中职\t—\tscale 1.2\t省里的理由" in said
        and "fees.beta\tcertificate=K1，province=S01" in said
    )


def test_explain_names_the_place_and_the_record_keeps_it(path, capsys):
    assert (
        main(
            [
                "explain",
                "uplift_elasticity",
                "--data",
                "example",
                "--college",
                "X2",
                "--scenario",
                path,
            ]
        )
        == 0
    )
    assert (
        "核增弹性 0.6  ［中职］" in (said := capsys.readouterr().out)
        and "情景 apart：省里的理由" in said
    )


def test_the_workbook_of_results_lists_what_is_set_apart(path, tmp_path):
    assert (
        main(
            [
                "run",
                "--data",
                "example",
                "--scenario",
                path,
                "--format",
                "xlsx",
                "--out",
                str(tmp_path / "out"),
            ]
        )
        == 0
    )
    sheet = pd.read_excel(
        tmp_path / "out" / "results.xlsx", sheet_name="依据与假设", header=1
    ).set_index("参数")
    assert sheet.loc["pay.elasticity", "取值"] == "0.5（tier=中职：0.6）"
