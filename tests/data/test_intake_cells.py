"""Workbooks that were read wrong, or refused in words that did not help: what each must say now, and nothing else."""

from pathlib import Path

import pytest

from onexmodel.data.read import check_tables, read_tables

CASES = Path(__file__).parents[1] / "cases" / "intake"
USUAL = ("caps_below_published_fee", "default")  # said of the good set, too
ERROR = "公式出错（{}）。改正公式，或粘贴为数值。"
TOTAL = "是合计行，会被当成一条记录重复计算。删去合计行；合计由程序计算。"
REFUSED = {
    "error_cell_na_candidates_called_empty": "工作表「开考计划」 F3（计划考核人数）："
    + ERROR.format("#N/A"),
    "error_cell_na_payment_batch_becomes_unmatched": "工作表「支付台账」 D3（考核批次号）："
    + ERROR.format("#N/A"),
    "error_cell_spill_traceback": "工作表「开考计划」 H3（补考比例）：" + ERROR.format("#SPILL!"),
    "error_cell_ref_header": "工作表「开考计划」 H1：列名处公式出错（#REF!）。最接近的是「补考比例」。写上列名。",
    "totals_row_with_words_around": "工作表「开考计划」 B9（学校标识码）：" + TOTAL,
    "totals_row_accepted_as_a_college": "工作表「院校」 B4（学校标识码）：" + TOTAL,
}
READ = {
    "code_shown_0410_reads_410": (),
    "header_full_width_star_refused": (),
    "header_line_break_refused": (),
    "header_in_row_6": (),
    "strict_ooxml_annotated_copy_without_the_sheets": (),
    "header_in_two_merged_rows_19_faults": ("工作表「开考计划」：列名占两行（第 1、2 行），已合起来读。",),
    "units_row_below_header": ("工作表「开考计划」 第 2 行：是单位行（年、人、0—1、0—1、人、课时/班、0—1），没有读入。",),
    "timestamp_is_not_a_date": ("工作表「支付台账」 I3（支付日期）：「2023-06-20 14:30:00」已读作 2023-06-20，时刻不读。",),
    "hidden_sheet_and_column_unsaid": (
        "：工作表「费用标准」被隐藏，仍按数据读入。",
        "工作表「开考计划」：列「通过率」被隐藏，仍按数据读入。",
    ),
}  # fmt: skip


def unusual(checked):
    return [fault for fault in checked.faults if fault.code not in USUAL]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_sentence(name):
    checked = check_tables(CASES / f"{name}.xlsx")
    said = unusual(checked)
    assert checked.tables is None and [fault.level for fault in said] == ["error"], list(
        map(str, said)
    )
    assert str(said[0]) == f"{name}.xlsx {REFUSED[name]}"


@pytest.mark.parametrize("name", READ)
def test_read_and_said(name):
    checked = check_tables(CASES / f"{name}.xlsx")
    said = unusual(checked)
    assert checked.tables is not None and len(said) == len(READ[name]), list(map(str, said))
    for fault, words in zip(said, READ[name], strict=True):
        assert fault.level != "error" and words in str(fault), str(fault)
    good = read_tables(CASES / "hidden_sheet_and_column_unsaid.xlsx")
    for table in ("offerings", "fees", "components"):
        columns = [column for column in good[table] if column != "college"]
        assert checked.tables[table][columns].equals(good[table][columns])


def test_a_code_is_read_as_it_is_seen():
    tables = read_tables(CASES / "code_shown_0410_reads_410.xlsx")
    assert tables["colleges"]["college"].tolist() == ["0410"]
    assert set(tables["offerings"]["college"]) == {"0410"}
