"""Codes, names, days and numbers as spreadsheets and people leave them: read right or named at their own cell."""

import shutil

import numpy as np
import pandas as pd
import pytest
from spoil import csv_folder, filled_workbook, spoil_csv, spoil_workbook

from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.reading.dates import read_date
from onexmodel.data.reading.layout import no_record
from onexmodel.data.reading.names import recognised
from onexmodel.data.reading.numbers import read_number
from onexmodel.data.reading.words import is_total
from onexmodel.data.schema import load_schema

SCHEMA = load_schema()


def errors(path):
    checked = check_tables(path)
    found = [fault for fault in checked.faults if fault.level == "error"]
    assert (checked.tables is None) == bool(found)
    return found


def spoiled(folder, table, column, value, row=2):
    spoil_csv(folder, {"table": table, "row": row, "column": column, "value": value})
    return folder


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("2023-06-20 14:30:00", "2023-06-20"),
        ("2021-3-5 14:30", "2021-03-05"),
        ("2021-03-05T00:00:00", "2021-03-05"),
        ("2021-03-05T09:15:30.250Z", "2021-03-05"),
        ("2021-03-05T09:15:30+08:00", "2021-03-05"),
        ("2021/3/5 上午9:15", "2021-03-05"),
        ("2021/3/5 9:15:00 AM", "2021-03-05"),
        ("2021年 3月 5日", "2021-03-05"),
        ("2021年3月5日星期五", "2021-03-05"),
        ("2021年3月5日（周五）", "2021-03-05"),
        ("2021年3月5日 14时30分", "2021-03-05"),
        ("2021-3-5 星期五", "2021-03-05"),
        ("二〇二一年三月五日", "2021-03-05"),
        ("二零二一年十二月三十一日", "2021-12-31"),
        ("二○二一年十月二十日", "2021-10-20"),
        ("2021–3–5", "2021-03-05"),
        ("2021—03—05", "2021-03-05"),
        ("2021－３－５", "2021-03-05"),
        ("2021 - 3 - 5", "2021-03-05"),
        ("2021.03.05", "2021-03-05"),
        ("20210305", "2021-03-05"),
        ("44260", "2021-03-05"),
    ],
)
def test_a_day_that_can_only_be_one(word, day):
    assert read_date(word)[0] == pd.Timestamp(day)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("21/3/5", "2021-03-05"),
        ("6/20/2023", "2023-06-20"),
        ("20/6/2023", "2023-06-20"),
        ("5.6.2023", "2023-05-06"),
        ("2021年3月", ""),
        ("2021", ""),
        ("2021-3", ""),
        ("2021-02-30", ""),
        ("2021年二月三十日", ""),
        ("去年六月", ""),
    ],
)
def test_a_day_that_could_be_several_is_refused(word, near):
    day, code, guess = read_date(word)
    assert day is pd.NaT and code and guess == near


@pytest.mark.parametrize(
    ("table", "column", "word", "value", "near"),
    [
        ("offerings", "candidates", "1万", None, "10000"),
        ("offerings", "candidates", "1.2万人", None, "12000"),
        ("funding", "limit", "1.2亿", None, "120000000"),
        ("funding", "limit", "8万元", None, "80000"),
        ("funding", "limit", "5千元", None, "5000"),
        ("funding", "limit", "1.200,50", None, "1200.50"),
        ("funding", "limit", "1.200.000", None, "1200000"),
        ("funding", "limit", "12,5", None, "12.5"),
        ("offerings", "year", "2023年", 2023, ""),
        ("offerings", "year", "２０２３ 年度", 2023, ""),
        ("offerings", "year", "2023学年", None, ""),
        ("offerings", "candidates", "Err:502", None, ""),
        ("offerings", "candidates", "#SPILL!", None, ""),
        ("offerings", "candidates", "一百二十", None, ""),
    ],
)
def test_numbers_as_people_write_them(table, column, word, value, near):
    number, code, _, nearest = read_number(word, SCHEMA[table][column])
    assert code and nearest == near
    assert np.isnan(number) if value is None else number == value


@pytest.mark.parametrize("word", ["全校合计", "测绘小计", "合计（人）", "年度合计", "合 计：", "总计", "本页小计", "2023年累计", "合计:524", "Total", "Grand Total", "sub-total", "Sum:"])  # fmt: skip
def test_a_sum_by_any_of_its_names(word):
    assert is_total(word)


@pytest.mark.parametrize("word", ["计算机", "会计", "合计职业学院", "总体", "C1", "Totalis Academy", "统计学院", "小计划", ""])  # fmt: skip
def test_what_is_no_sum(word):
    assert not is_total(word)


def test_a_sum_in_the_mark_is_one_fault(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    file = folder / "offerings.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines = [f"标记,{lines[0]}", *(f",{line}" for line in lines[1:]), "合计,,,,,764,,,,,"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = errors(folder)
    assert [(fault.code, fault.at[2:]) for fault in found] == [("totals_row", (14, 0))]


@pytest.mark.parametrize("word", ["全省", "全省合计", "全校"])
def test_the_whole_is_no_college(word, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "colleges", "repeat": 2})
    found = errors(spoiled(folder, "colleges", "college", word, row=8))
    assert [(fault.code, fault.at[2]) for fault in found] == [("totals_row", 8)]


CODES = {
    "3.34E+09": "power",
    "2.02306E+17": "power",
    "3.34e9": "power",
    "Jun-23": "code_as_date",
    "1-Mar": "code_as_date",
    "6月23日": "code_as_date",
    "12:30:00": "code_as_date",
    "=C1": "formula_code",
    "+C1": "formula_code",
    "-C2": "formula_code",
    "@ORG1": "formula_code",
    "＝C1": "formula_code",
    "—": "dash",
    "#N/A": "formula_error",
    "#SPILL!": "formula_error",
    "Err:504": "formula_error",
    "\ufffd\ufffd01": "garbled",
    "????????": "garbled",
    "\ue5e5\ue5e6": "garbled",
    "锟斤拷锟斤拷": "garbled",
}


@pytest.mark.parametrize("word", CODES)
@pytest.mark.parametrize(("table", "column"), [("payments", "voucher"), ("colleges", "college"), ("ingredients", "province")])  # fmt: skip
def test_a_code_that_is_none_is_named_at_its_own_cell_alone(word, table, column, tmp_path):
    found = errors(spoiled(csv_folder(tmp_path / "甲"), table, column, word))
    assert [(fault.code, fault.at[0], fault.at[2]) for fault in found] == [(CODES[word], f"{table}.csv", 2)]  # fmt: skip


def test_the_same_lost_code_in_all_tables_is_refused(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    for file in folder.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace("X1,", "3.34E+09,"), encoding="utf-8")  # fmt: skip
    assert {fault.code for fault in errors(folder)} == {"power"}


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("????", ""),
        ("甲\ufffd学院", ""),
        ("\ue123\ue124学院", ""),
        ("锟斤拷学院", ""),
        ("示例学院".encode().decode("gb18030", "ignore"), "示例学院"),
        ("示例学院".encode().decode("latin-1"), "示例学院"),
        ("示例学院".encode("gbk").decode("latin-1"), "示例学院"),
    ],
)
def test_a_name_that_a_wrong_encoding_left_is_refused(word, near, tmp_path):
    found = errors(spoiled(csv_folder(tmp_path / "甲"), "colleges", "name", word))
    assert [(fault.code, fault.nearest) for fault in found] == [("garbled", near)]


@pytest.mark.parametrize(
    "word",
    ["示例职业学院", "联通", "Café 学院", "甲（乙）学院·丙", "Naïve Académie", "䶮㙍学院", "Ñandú"],
)
def test_names_that_are_right_stay(word, tmp_path):
    tables = read_tables(spoiled(csv_folder(tmp_path / "甲"), "colleges", "name", word))
    assert tables["colleges"]["name"].iloc[0] == word


@pytest.mark.parametrize("word", ["甲\x0b乙", "甲\t乙", "甲\n乙", "甲\r\n 乙"])
def test_a_line_break_in_a_name_is_read_as_a_blank_and_said(word, tmp_path):
    checked = check_tables(spoiled(csv_folder(tmp_path / "甲"), "colleges", "name", word))
    assert checked.tables["colleges"]["name"].iloc[0] == "甲 乙"
    (fault,) = [fault for fault in checked.faults if fault.code == "invisible"]
    assert fault.level == "warning" and "已读作「甲 乙」" in str(fault) and "\n" not in str(fault)


@pytest.mark.parametrize(("one", "other"), [("K1", "K 1"), ("K1", "k1"), ("K-1", "K–1"), ("K_1", "K-1")])  # fmt: skip
def test_codes_that_the_eye_takes_for_one(one, other, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    for row, word in ((2, one), (3, other)):
        spoiled(folder, "certificates", "certificate", word, row)
    found = [fault for fault in errors(folder) if fault.code == "alike"]
    assert [(fault.at[2], fault.nearest) for fault in found] == [(3, one)]


def test_personal_numbers_can_be_said_to_be_codes(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    for table, column, word in (
        ("payments", "voucher", "13812345678"),
        ("payments", "payee", "高新科技"),
    ):
        (fault,) = errors(spoiled(csv_folder(tmp_path / column), table, column, word))
        assert (
            fault.code == "personal"
            and "在前面加字母（如 " in str(fault)
            and word not in str(fault)
        )
    assert not errors(spoiled(folder, "payments", "voucher", "PZ-13812345678"))
    assert not errors(spoiled(folder, "payments", "voucher", "PZ13812345678"))
    assert {fault.code for fault in check_tables(spoiled(folder, "payments", "payee", "ORG-高新科技")).faults if fault.level == "error"} == set()  # fmt: skip
    assert errors(spoiled(folder, "workload", "teacher", "T-13812345678"))


def test_a_row_marked_as_example_that_is_not_the_shipped_one(tmp_path):
    path = filled_workbook(tmp_path / "college.xlsx")
    spoil_workbook(path, {"sheet": "开考计划", "cell": "F2", "value": 99})
    found = errors(path)
    assert found[0].code == "own_example" and found[0].at == ("college.xlsx", "开考计划", 2, 0)
    assert "标记是示例，没有读入；是自己的数就清空标记" in str(found[0])


def test_an_example_row_with_cells_emptied_stays_an_example(tmp_path):
    path = filled_workbook(tmp_path / "college.xlsx")
    spoil_workbook(path, {"sheet": "开考计划", "cell": "F2", "value": None})
    assert not errors(path)


def test_names_that_the_eye_takes_for_one_are_a_warning(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    for row, word in ((2, "示例 学院"), (3, "示例学院")):
        spoiled(folder, "colleges", "name", word, row)
    checked = check_tables(folder)
    found = [fault for fault in checked.faults if fault.code == "alike"]
    assert checked.tables is not None and [(fault.at[2], fault.level) for fault in found] == [(3, "warning")]  # fmt: skip


# files


def test_a_header_in_two_lines_of_a_csv(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    plain = read_tables(folder)
    file = folder / "offerings.csv"
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    upper = head.replace("candidates,pass_rate,retake_share", "考核,,")
    lower = ",".join(word if word in ("candidates", "pass_rate", "retake_share") else "" for word in head.split(","))  # fmt: skip
    file.write_text("\n".join([upper, lower, *lines]) + "\n", encoding="utf-8")
    checked = check_tables(folder)
    assert checked.tables["offerings"].equals(plain["offerings"])
    assert [fault.code for fault in checked.faults if fault.code == "two_header_rows"]


def test_a_title_that_names_a_column_is_no_header(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    plain = read_tables(folder)
    file = folder / "offerings.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text("开考计划,,,年度,2023,,,,,\n" + text, encoding="utf-8")
    assert read_tables(folder)["offerings"].equals(plain["offerings"])


@pytest.mark.parametrize("tail", [b"\x1a", b"\x00", b"\r\n\x1a\x1a\x00"])
def test_what_old_programs_put_at_the_ends_of_a_file(tail, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    plain = read_tables(folder)
    file = folder / "offerings.csv"
    file.write_bytes(b"\xef\xbb\xbf\xef\xbb\xbf" + file.read_bytes() + tail)
    assert read_tables(folder)["offerings"].equals(plain["offerings"])


@pytest.mark.parametrize(
    "name",
    [
        "OFFERINGS.CSV",
        "Offerings.csv",
        "3.开考计划.csv",
        "offerings (1).csv",
        "开考计划（2023年）.csv",
    ],
)
def test_a_table_by_another_file_name(name, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    plain = read_tables(folder)
    (folder / "offerings.csv").rename(folder / name)
    checked = check_tables(folder)
    assert checked.tables["offerings"].equals(plain["offerings"])
    assert [fault.where for fault in checked.faults if fault.code == "renamed_table"] == [name]


def test_a_copy_beside_the_original_is_not_read(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    shutil.copy(folder / "offerings.csv", folder / "offerings (1).csv")
    checked = check_tables(folder)
    assert checked.tables is not None
    assert [fault.where for fault in checked.faults if fault.code == "unknown_table"] == ["offerings (1).csv"]  # fmt: skip


def test_a_text_file_in_place_of_a_table(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    (folder / "offerings.csv").rename(folder / "offerings.txt")
    (fault,) = errors(folder)
    assert str(fault) == "offerings.txt：是 .txt 文件，没有读入。最接近的是「offerings.csv」。用 Excel 打开后另存为「CSV UTF-8（逗号分隔）」。"  # fmt: skip


def test_a_folder_that_holds_only_a_workbook(tmp_path):
    folder = tmp_path / "甲"
    folder.mkdir()
    filled_workbook(folder / "college.xlsx")
    (folder / "~$college.xlsx").write_bytes(b"\x05user")
    (fault,) = errors(folder)
    assert str(fault) == "college.xlsx：文件夹里没有 CSV 表，只有这个工作簿。最接近的是「甲/college.xlsx」。给出工作簿本身，而不是它所在的文件夹。"  # fmt: skip


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
FILES = {
    ("a.xlsx", b""): "文件是空的",
    ("a.xlsx", b"PK\x03\x04 half a file"): "不完整",
    ("~$a.xlsx", b"\x05user"): "临时文件",
    ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")): "有打开密码",
    ("a.xlsx", OLE + "Workbook".encode("utf-16-le")): "旧格式（.xls）工作簿，只是改了扩展名",
    ("a.xls", OLE + "Workbook".encode("utf-16-le")): "旧格式（.xls）工作簿。",
    ("a.et", OLE + "Workbook".encode("utf-16-le")): "WPS 表格（.et）",
    ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>"): "网页（HTML）",
    ("a.xlsx", b"\xef\xbb\xbf\r\n<HTML>"): "网页（HTML）",
    ("a.xlsx", "学校标识码,年度\nX1,2023\n".encode()): "文本（CSV），只是用了 .xlsx 的扩展名",
    ("a.csv", "学校标识码,年度\nX1,2023\n".encode()): "要给出放这些表的文件夹",
    ("a.xlsx", b"%PDF-1.4\n"): "PDF",
    ("a.xlsx", b"\x01\x02\x00\x03" * 9): "不是 Excel 工作簿",
    ("a.ods", b"PK\x05\x06" + bytes(18)): "OpenDocument",
    ("a.xlsx", b"PK\x05\x06" + bytes(18)): "压缩包",
}


@pytest.mark.parametrize(("name", "content"), FILES, ids=str)
def test_each_other_kind_of_file_has_its_own_sentence(name, content, tmp_path):
    (tmp_path / name).write_bytes(content)
    (fault,) = errors(tmp_path / name)
    assert FILES[name, content] in str(fault) and fault.do and ("密码" in str(fault)) == (b"E\x00n\x00c" in content)  # fmt: skip


def test_a_table_whose_name_ends_in_the_word_for_table_is_found_too():
    known = {"预算表": "budget_lines", "简表": "short", "院校": "colleges"}
    for name in ("预算表 (2)", "3.预算表（终稿）", "预算表2024"):
        assert recognised([name], known) == {name: ("budget_lines", False)}
    assert recognised(["1.简表"], known) == {"1.简表": ("short", False)}
    assert recognised(["院校表"], known) == {"院校表": ("colleges", False)}


@pytest.mark.parametrize(
    ("table", "column", "word"),
    [
        ("organisations", "organisation", "\u200b"),
        ("organisations", "organisation", "\u200b "),
        ("colleges", "name", "\ufeff\u2060"),
    ],
)
def test_a_code_or_name_of_signs_nobody_sees_is_refused(tmp_path, table, column, word):
    """Found by tests/fuzz: IndexError in the reader of codes; a name of such signs was read as none."""
    faults = errors(spoiled(csv_folder(tmp_path / "s"), table, column, word))
    assert [fault for fault in faults if "只有看不见的字符" in fault.what and fault.at]


@pytest.mark.parametrize("word", ["9" * 5000, "፩", "𐩀"])
def test_digits_that_int_does_not_take_are_no_column_numbers(word):
    """Found by tests/fuzz: ValueError where the first row of a table held one."""
    assert no_record([word, "2", "3", "4", "5"], []) == ("", "")
    assert no_record(["1", "2", "3", "4", word], []) == ("", "")
    assert no_record(["栏次", "1", "2", "3", "4"], [])[0] == "numbers"
