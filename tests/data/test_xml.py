"""A good workbook written another way, one thing at a time: each is read as the same or named at its cell, never taken for another value."""

import numpy as np
import pytest
from sheet_xml import MAIN, RELATION, STRICT, good_cells, good_parts, number, prefixed, text, write

from onexmodel.data.read import parse
from onexmodel.data.reading.ooxml import fast

EVERY = (
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
)
ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#EXTERNAL!", "#PYTHON!", "#WERT!", "#未知")  # fmt: skip


def plan(ref, xml, **more):
    """The good cells with one of 开考计划 changed."""
    return {"plan": {ref: xml}, **more}


def ledger(ref, xml, **more):
    """The good cells with one of 支付台账 changed."""
    return {"ledger": {ref: xml}, **more}


def formula(ref, inside, kind=""):
    return f'<c r="{ref}"{kind}>{inside}</c>'


def everywhere(*changes):
    """The same words replaced in every part."""
    return {"parts": [(name, old, new) for name in EVERY for old, new in changes]}


SAME = {
    "prefix": {"change": lambda parts: {name: prefixed(xml) if name in EVERY else xml for name, xml in parts.items()}},
    "strict": everywhere((MAIN, STRICT), (RELATION, "http://purl.oclc.org/ooxml/officeDocument/relationships")),
    "absolute targets": {"parts": [("xl/_rels/workbook.xml.rels", 'Target="', 'Target="/xl/')]},
    "targets up and down": {"parts": [("xl/_rels/workbook.xml.rels", 'Target="', 'Target="../xl/./')]},
    "backslashes": {"change": lambda parts: {name.replace("/", "\\") if "sheet" in name else name: xml for name, xml in parts.items()}},
    "names in capitals": {"change": lambda parts: {name.replace("sheet1.xml", "Sheet1.XML"): xml for name, xml in parts.items()}},
    "no top relations": {"change": lambda parts: {name: xml for name, xml in parts.items() if name != "_rels/.rels"}},
    "no shared strings": {"change": lambda parts: {name: xml for name, xml in parts.items() if "shared" not in name}},
    "no styles": {"change": lambda parts: {name: xml for name, xml in parts.items() if "styles" not in name}, "notes": True},
    "book elsewhere": {"change": lambda parts: {name.replace("xl/", "wb/"): xml.replace('"xl/', '"wb/') for name, xml in parts.items()}},
    "declaration and utf-16": {"change": lambda parts: {name: xml.encode("utf-16") if name == EVERY[3] else xml for name, xml in parts.items()}},
    "byte order mark": {"change": lambda parts: {name: b"\xef\xbb\xbf" + xml.encode() if name in EVERY else xml for name, xml in parts.items()}},
    "comments and spaces": {"parts": [(EVERY[3], "<row", "<!-- a > b -->\n\t<row")]},
    "single quotes": {"change": lambda parts: {name: xml.replace('"', "'") for name, xml in parts.items()}},
    "cdata": plan("B2", '<c r="B2" t="inlineStr"><is><t><![CDATA[C1]]></t></is></c>'),
    "character reference": plan("B2", text("B2", "&#67;&#x31;")),
    "false dimension": {"around": {"before": '<dimension ref="A1"/>'}},
    "huge dimension": {"around": {"before": '<dimension ref="A1:XFD1048576"/>'}},
    "far styled cells": {"plan": {"XFD3": '<c r="XFD3" s="3"/>', "A1048576": '<c r="A1048576" s="3"/>'}},
    "extension after the rows": {"around": {"after": "<extLst><ext><row><c/></row></ext></extLst>"}},
    "no references": {"change": lambda parts: {name: __import__("re").sub(r' r="[A-Z]*\d+"', "", xml) if name == EVERY[3] else xml for name, xml in parts.items()}},
    "references in small letters": plan("B2", text("b2", "C1")),
    "cells out of order": {"parts": [(EVERY[3], text("B2", "C1"), ""), (EVERY[3], number("J2", 0.4), number("J2", 0.4) + text("B2", "C1"))]},
    "shared string": plan("B2", '<c r="B2" t="s"><v>0</v></c>'),
    "rich text with phonetic guide": plan("B2", '<c r="B2" t="s"><v>1</v></c>'),
    "text of a formula": plan("B2", formula("B2", "<f>A1</f><v>C1</v>", ' t="str"')),
    "text of a formula with spaces": plan("B2", formula("B2", "<f>A1</f><v> C1 </v>", ' t="str"')),
    "shared formula": plan("E2", formula("E2", '<f t="shared" si="0"/><v>120</v>')),
    "array formula": plan("E2", formula("E2", '<f t="array" ref="E2">SUM(1)</f><v>120</v>')),
    "number type said": plan("E2", '<c r="E2" t="n"><v>120</v></c>'),
    "number with a point": plan("E2", number("E2", "120.0")),
    "number with power": plan("E2", number("E2", "1.2E2")),
    "number with seventeen digits": plan("F2", number("F2", "0.78000000000000003")),
    "number with spaces": plan("E2", number("E2", " 120 ")),
    "number as text": plan("E2", text("E2", "120")),
    "year as word": plan("D2", text("D2", "2023年")),
    "code as number": plan("A2", number("A2", 3344010001)),
    "code as long float": plan("A2", number("A2", "3344010001.0")),
    "code with leading apostrophe style": plan("A2", text("A2", "3344010001").replace("<c ", '<c s="0" ')),
    "code in power notation with all digits": plan("A2", number("A2", "3.344010001E9", 2), style="0.00E+00"),
    "code with thousands shown": plan("A2", number("A2", 3344010001, 2), style="#,##0"),
    "unknown style": plan("E2", number("E2", 120, 99)),
    "scaled by commas": plan("E2", number("E2", 120, 2), style="#,##0,"),
    "scaled to ten thousands": ledger("E2", number("E2", 30000, 2), style="0!.0,"),
    "scaled to ten thousands with unit": ledger("E2", number("E2", 30000, 2), style='0!.0,"万元"'),
    "scaled by a false point": ledger("E2", number("E2", 30000, 2), style='0!.0000"万元"'),
    "thousands with unit": ledger("E2", number("E2", 30000, 2), style='#,##0,"千元"'),
    "scaled where large": ledger("E2", number("E2", 30000, 2), style='[>=10000]0!.0,"万";0'),
    "unit of one": plan("E2", number("E2", 120, 2), style='0"人"'),
    "yuan": ledger("E2", number("E2", 30000, 2), style='"¥"#,##0.00;[Red]\\-"¥"#,##0.00'),
    "accounting": ledger("E2", number("E2", 30000, 2), style='_-* #,##0.00_-;\\-* #,##0.00_-;_-* "-"??_-;_-@_-'),
    "locale currency": ledger("E2", number("E2", 30000, 2), style="[$¥-804]#,##0.00"),
    "percent": plan("F2", number("F2", 0.78, 2), style="0.00%"),
    "padded number": plan("E2", number("E2", 120, 2), style="00000"),
    "general spelt in Chinese": plan("E2", number("E2", 120, 2), style="G/通用格式"),
    "general with unit": plan("E2", number("E2", 120, 2), style='General"人"'),
    "date by a custom format": ledger("F2", number("F2", 45097, 2), style='yyyy"年"m"月"d"日";@'),
    "date by a Chinese format": ledger("F2", number("F2", 45097, 2), style="[DBNum1][$-804]yyyy年m月d日"),
    "date by month and day": ledger("F2", number("F2", 45097, 2), style="[$-409]d-mmm-yy;@"),
    "date as ISO": ledger("F2", '<c r="F2" t="d"><v>2023-06-20</v></c>'),
    "date as ISO at midnight": ledger("F2", '<c r="F2" t="d"><v>2023-06-20T00:00:00.000</v></c>'),
    "date with time": ledger("F2", number("F2", 45097.604166667, 2), style="yyyy/m/d h:mm", notes=True),
    "date as ISO with time": ledger("F2", '<c r="F2" t="d"><v>2023-06-20T14:30:00Z</v></c>', notes=True),
    "date as bare number": ledger("F2", number("F2", 45097), notes=True),
    "date as text": ledger("F2", text("F2", "2023年6月20日"), notes=True),
    "dates of 1904": {"parts": [("xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>'), (EVERY[4], "45097", "43635"), (EVERY[4], "45117", "43655")]},
    "dates of 1904, bare": {"parts": [("xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="true"/>'), (EVERY[4], ' s="1"><v>45097', "><v>43635"), (EVERY[4], "45117", "43655")], "notes": True},
    "dates of 1904, as text": {"parts": [("xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>'), (EVERY[4], number("F2", 45097, 1), text("F2", "43635")), (EVERY[4], "45117", "43655")], "notes": True},
    "row of formulas that give nothing": {"plan": {f"{letter}4": formula(f"{letter}4", f'<f>IF(X{at}="","",X{at})</f><v></v>', ' t="str"') for at, letter in enumerate("ABCDEFGHIJ")}},
    "optional formula that gives nothing": {"plan": {"K1": "", "G2": number("G2", 0.5)}},
    "empty cells of every type": {"plan": {"A5": '<c r="A5"/>', "B5": '<c r="B5" t="s"/>', "C5": '<c r="C5" t="inlineStr"><is><t></t></is></c>', "D5": '<c r="D5" t="s"><v>4</v></c>', "E5": '<c r="E5"><v/></c>', "F5": '<c r="F5" t="str"><v></v></c>'}},
    "row of blanks": {"plan": {"A6": '<c r="A6" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>'}},
    "title above": {"plan": {}, "shift": 3},
    "header with stars": plan("E1", text("E1", "＊计划考核人数")),
    "header with line break": plan("E1", text("E1", "计划考核&#10;人数（人）")),
    "header with a byte order mark": plan("A1", text("A1", "\ufeff学校标识码\u200b")),
    "sheet name with number": {"parts": [("xl/workbook.xml", 'name="开考计划"', 'name="3.开考计划"')], "notes": True},
    "sheet name of a copy": {"parts": [("xl/workbook.xml", 'name="开考计划"', 'name="开考计划 (2)"')], "notes": True},
    "sheet name in English": {"parts": [("xl/workbook.xml", 'name="开考计划"', 'name="Offerings "')]},
    "chart sheet beside": {"parts": [("xl/workbook.xml", "</sheets>", '<sheet name="图1" sheetId="9" r:id="rId9"/></sheets>'), ("xl/_rels/workbook.xml.rels", "</Relationships>", f'<Relationship Id="rId9" Type="{RELATION}/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>')]},
    "collapsed outline": {"around": {"rows": {2: ' outlineLevel="1" collapsed="1"'}}},
    "units below the header": {"plan": {}, "units": True, "notes": True},
    "note below the table": {"plan": {"A5": text("A5", "注：以教务系统为准")}, "notes": True},
    "filled in by": {"plan": {"A5": text("A5", "填表人：张三"), "E5": text("E5", "审核人：李四")}, "notes": True},
    "merged note below the table": {"plan": {"A5": text("A5", "说明：略")}, "around": {"after": '<mergeCells><mergeCell ref="A5:J5"/></mergeCells>'}, "notes": True},
    "hidden row": {"around": {"rows": {2: ' hidden="1"'}}, "notes": "hidden_rows"},
    "row of no height": {"around": {"rows": {2: ' ht="0" customHeight="1"'}}, "notes": "hidden_rows"},
    "hidden column": {"around": {"before": '<cols><col min="6" max="6" hidden="1" width="9"/></cols>'}, "notes": "hidden_columns"},
    "hidden sheet": {"parts": [("xl/workbook.xml", 'sheetId="1"', 'sheetId="1" state="hidden"')], "notes": "hidden_sheet"},
    "very hidden sheet": {"parts": [("xl/workbook.xml", 'sheetId="1"', 'sheetId="1" state="veryHidden"')], "notes": "hidden_sheet"},
    "value that cannot be seen": plan("E2", number("E2", 120, 2), style=";;;", notes="hidden_value"),
}  # fmt: skip
NAMED = {
    **{f"error {word}": (plan("G2", f'<c r="G2" t="e"><v>{word}</v></c>'), "formula_error", "G2", word) for word in ERRORS},
    "error with formula": (plan("E2", formula("E2", "<f>1/0</f><v>#DIV/0!</v>", ' t="e"')), "formula_error", "E2", "#DIV/0!"),
    "error without text": (plan("E2", formula("E2", "<f>1/0</f>", ' t="e"')), "formula_error", "E2", ""),
    "error in an optional code": (ledger("C2", '<c r="C2" t="e"><v>#N/A</v></c>'), "formula_error", "C2", "#N/A"),
    "error pasted as text": (ledger("C2", '<c r="C2" t="s"><v>2</v></c>'), "formula_error", "C2", "#N/A"),
    "error as text of a formula": (plan("C2", formula("C2", "<f>A1</f><v>#REF!</v>", ' t="str"')), "formula_error", "C2", "#REF!"),
    "error in the header": (plan("G1", '<c r="G1" t="e"><v>#REF!</v></c>'), "header_error", "G1", "补考比例"),
    "formula without a result": (plan("E2", formula("E2", "<f>60+60</f>")), "formula", "E2", "没有计算结果"),
    "formula with an empty result": (plan("E2", formula("E2", "<f>60+60</f><v/>")), "formula", "E2", "没有计算结果"),
    "text formula without a result": (ledger("C2", formula("C2", "<f>A1</f>", ' t="str"')), "formula", "C2", "没有计算结果"),
    "formula in another namespace prefix": ({**plan("E2", formula("E2", "<f>60+60</f>")), "change": SAME["prefix"]["change"]}, "formula", "E2", "没有计算结果"),
    "needed formula that gives nothing": (plan("E2", formula("E2", "<f>A1</f><v></v>", ' t="str"')), "missing_cell", "E2", "不能为空"),
    "shown as 万元": (ledger("E2", number("E2", 8, 2), style='0"万元"'), "shown_otherwise", "E2", "显示为「8万元」，而值是 8。最接近的是「80000」"),
    "shown as 千元": (ledger("E2", number("E2", 8, 2), style='#,##0.0"千元"'), "shown_otherwise", "E2", "8.0千元」，而值是 8。最接近的是「8000」"),
    "shown as 百元": (ledger("E2", number("E2", 8, 2), style="0百元"), "shown_otherwise", "E2", "最接近的是「800」"),
    "shown as 亿": (ledger("E2", number("E2", 1.2, 2), style='0.0" 亿元"'), "shown_otherwise", "E2", "最接近的是「120000000」"),
    "shown as 万, escaped": (ledger("E2", number("E2", 8, 2), style="0\\万"), "shown_otherwise", "E2", "8万"),
    "shown as 万 beside General": (ledger("E2", number("E2", 8, 2), style='General"万"'), "shown_otherwise", "E2", "8万"),
    "shown as a tenth": (plan("E2", number("E2", 125, 2), style="0!.0"), "shown_otherwise", "E2", "显示为「12.5」，而值是 125"),
    "shown with noughts behind": (ledger("E2", number("E2", 8, 2), style='0"0000"'), "shown_otherwise", "E2", "显示为「80000」，而值是 8"),
    "thousands called 万": (ledger("E2", number("E2", 83200, 2), style='0.0,"万元"'), "shown_otherwise", "E2", "83.2万元」，而值是 83200"),
    "shown as words": (plan("E2", number("E2", 1, 2), style='"合格"'), "shown_otherwise", "E2", "显示为「合格」，而值是 1"),
    "share with a written percent": (plan("F2", number("F2", 0.78, 2), style='0.00"%"'), "shown_otherwise", "F2", "0.78%」，而值是 0.78"),
    "minus shown as 万": (ledger("E2", number("E2", -8, 2), style='0"万";-0"万"'), "shown_otherwise", "E2", "「-8万」，而值是 -8。最接近的是「-80000」"),
    "by condition": (ledger("E2", number("E2", 8, 2), style='[<100]0"万";0'), "shown_otherwise", "E2", "8万"),
    "number as a date": (plan("E2", number("E2", 60, 1)), "date_format", "E2", "1900-02-29」（日期），值是 60。最接近的是「60」"),
    "number as a duration": (plan("I2", number("I2", 1.5, 2), style="[h]:mm"), "date_format", "I2", "36:00:00」（时长），值是 1.5"),
    "number as a time": (plan("E2", number("E2", 0.5, 2), style="h:mm"), "date_format", "E2", "12:00:00」（时刻），值是 0.5"),
    "code as a date": (ledger("A2", number("A2", 45078, 2), style="mmm-yy"), "code_as_date", "A2", "不是编号"),
    "code with sixteen digits": (ledger("A2", number("A2", 2023060100000012)), "long_number", "A2", "丢失末位"),
    "merged records": ({"around": {"after": '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'}, "plan": {"B3": '<c r="B3"/>'}}, "merged", "B2:B3", "合并"),
    "merged header": ({"around": {"after": '<mergeCells><mergeCell ref="E1:F1"/></mergeCells>'}}, "merged", "E1:F1", "合并"),
    "broken XML": ({"parts": [(EVERY[3], "</sheetData>", "")]}, "broken_sheet", "开考计划", "损坏"),
    "missing part": ({"change": lambda parts: {name: xml for name, xml in parts.items() if name != EVERY[3]}}, "broken_sheet", "开考计划", "损坏"),
    "units in 万元": (ledger("A2", text("A2", "–")) | {"ledger": {**{f"{letter}2": text(f"{letter}2", "–") for letter in "ABCDFG"}, "E2": text("E2", "万元")}}, "unit_row", "第 2 行", "万元"),
    "total in words": (plan("A4", text("A4", "测绘小计")) | {"plan": {"A4": text("A4", "测绘小计"), "E4": number("E4", 200)}}, "totals_row", "A4", "合计行"),
    "total of the year": ({"plan": {"B4": text("B4", "年度合计（人）"), "E4": number("E4", 200)}}, "totals_row", "B4", "合计行"),
    "loose text": ({"plan": {"A5": text("A5", "以上数据由教务处提供")}}, "loose_text", "第 5 行", "以上数据由教务处提供"),
    "control sign in a code": (ledger("D2", '<c r="D2" t="s"><v>3</v></c>'), "", "D2", "看不见"),
}  # fmt: skip


def built(case, path):
    cells = good_cells()
    for sheet in ("plan", "ledger"):
        cells[sheet] |= case.get(sheet, {})
    if case.get("units"):
        row = {
            f"{chr(65 + at)}2": text(f"{chr(65 + at)}2", word)
            for at, word in enumerate(
                ("–", "–", "–", "年", "人", "0—1", "0—1", "人", "课时/班", "0—1")
            )
        }
        cells["plan"] = row | {
            ref if ref.endswith("1") else f"{ref[0]}{int(ref[1:]) + 1}": xml
            if ref.endswith("1")
            else xml.replace(f'"{ref}"', f'"{ref[0]}{int(ref[1:]) + 1}"')
            for ref, xml in cells["plan"].items()
        }
    if shift := case.get("shift"):
        cells["plan"] = {
            f"{ref[0]}{int(ref[1:]) + shift}": xml.replace(
                f'"{ref}"', f'"{ref[0]}{int(ref[1:]) + shift}"'
            )
            for ref, xml in cells["plan"].items()
        }
        cells["plan"]["A1"] = text("A1", "表三 2023 年开考计划")
    parts = good_parts(cells, case.get("style", "0"), **case.get("around", {}))
    for name, old, new in case.get("parts", ()):
        assert old in parts[name] or name in EVERY
        parts[name] = parts[name].replace(old, new)
    return write(path, case["change"](parts) if "change" in case else parts)


def said(parsed):
    """Faults but for the tables that this small workbook does not have."""
    return [fault for _, fault in parsed.faults if fault.code != "missing_table"]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    parsed = parse(built({}, tmp_path_factory.mktemp("good") / "好.xlsx"))
    assert not said(parsed) and [len(frame) for frame in parsed.frames.values()] == [2, 2]
    return parsed


def same(one, other):
    for table, frame in one.frames.items():
        for name in frame:
            left, right = frame[name].to_numpy(), other.frames[table][name].to_numpy()
            assert np.array_equal(left, right) or frame[name].equals(other.frames[table][name]), (
                table,
                name,
                right,
            )


@pytest.mark.parametrize("name", SAME)
def test_read_as_the_same(name, good, tmp_path):
    case = SAME[name]
    parsed = parse(built(case, tmp_path / "甲.xlsx"))
    faults = [
        fault
        for fault in said(parsed)
        if fault.code not in ("code_as_number", "year_word", "invisible")
    ]
    same(good, parsed)
    if case.get("notes"):
        assert faults and not any(fault.level == "error" for fault in faults), faults
        assert case["notes"] is True or case["notes"] in {fault.code for fault in faults}
    else:
        assert not faults, [str(fault) for fault in faults]


@pytest.mark.parametrize("name", NAMED)
def test_named_at_its_cell_and_once(name, tmp_path):
    case, code, where, words = NAMED[name]
    faults = said(parse(built(case, tmp_path / "甲.xlsx")))
    assert len(faults) == 1, [str(fault) for fault in faults]
    assert where in faults[0].where and words in str(faults[0]), str(faults[0])
    assert not code or (faults[0].code == code and faults[0].level == "error")


def test_there_are_a_hundred_of_them():
    assert len(SAME) + len(NAMED) >= 100


@pytest.mark.parametrize("name", [*SAME, *NAMED])
def test_the_fast_way_says_the_same(name, tmp_path, monkeypatch):
    """Large plain sheets are read by calamine: where its way is taken at all, it must give the same grid."""
    case = SAME[name] if name in SAME else NAMED[name][0]
    path = built(case, tmp_path / "甲.xlsx")
    slow = parse(path)
    monkeypatch.setattr(fast, "LARGE", 0)
    quick = parse(path)
    assert [str(fault) for _, fault in quick.faults] == [str(fault) for _, fault in slow.faults]
    same(slow, quick)


def test_the_fast_way_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(fast, "LARGE", 0)
    monkeypatch.setattr(fast, "read_grid", None)
    parts = good_parts()
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"].replace(' s="1"', "")
    assert not [
        fault for fault in said(parse(write(tmp_path / "甲.xlsx", parts))) if fault.level == "error"
    ]
