"""A small good workbook as raw XML, cell by cell, so that one thing in it can be written another way."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLAN = (
    "学校标识码",
    "证书代码",
    "等级",
    "年度",
    "计划考核人数",
    "通过率",
    "补考比例",
    "班额",
    "培训课时",
    "融入课程比例",
)
LEDGER = ("凭证号", "学校标识码", "考核批次号", "收款单位", "支付金额", "支付日期", "付款方")
RECORDS = {
    "plan": [
        ("3344010001", "C1", "初级", 2023, 120, 0.78, 0.5, 40, 60, 0.4),
        ("3344010001", "C2", "中级", 2023, 80, 0.72, 0.5, 40, 60, 0.5),
    ],
    "ledger": [
        ("V-1", "3344010001", "B-1", "ORG-1", 30000, 45097, "院校"),
        ("V-2", "3344010001", "B-2", "ORG-1", 12000.5, 45117, "院校"),
    ],
}
DATED = {"ledger": "F"}  # column of days, by style 1
STYLES = 4  # 0 general, 1 the short date, 2 a format of the case, 3 two decimals


def text(ref: str, word: str) -> str:
    """A cell that refers to nothing: its text stands in it."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{word}</t></is></c>'


def number(ref: str, value, style: int = 0) -> str:
    """A number, with a style other than the first where given."""
    return f'<c r="{ref}"' + (f' s="{style}"' if style else "") + f"><v>{value}</v></c>"


def good_cells() -> dict[str, dict[str, str]]:
    """sheet → reference → XML of each cell."""
    made: dict[str, dict[str, str]] = {}
    for sheet, header in (("plan", PLAN), ("ledger", LEDGER)):
        cells = {
            f"{chr(65 + at)}1": text(f"{chr(65 + at)}1", word) for at, word in enumerate(header)
        }
        for row, record in enumerate(RECORDS[sheet], 2):
            for at, value in enumerate(record):
                ref = f"{chr(65 + at)}{row}"
                style = 1 if chr(65 + at) == DATED.get(sheet) else 0
                cells[ref] = (
                    text(ref, value) if isinstance(value, str) else number(ref, value, style)
                )
        made[sheet] = cells
    return made


def sheet_of(
    cells: dict[str, str], before: str = "", after: str = "", rows: dict[int, str] | None = None
) -> str:
    """A worksheet; `rows`: attributes of a row by its number."""
    by_row: dict[int, list[str]] = {}
    for ref, xml in sorted(
        cells.items(), key=lambda item: (int(re.sub(r"\D", "", item[0])), len(item[0]), item[0])
    ):
        by_row.setdefault(int(re.sub(r"\D", "", ref)), []).append(xml)
    body = "".join(
        f'<row r="{row}"{(rows or {}).get(row, "")}>{"".join(line)}</row>'
        for row, line in by_row.items()
    )
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def good_parts(cells=None, style: str = "0", **around) -> dict[str, str]:
    """name in the archive → XML. `around`: before, after and rows of sheet 开考计划."""
    cells = cells or good_cells()
    quoted = (
        style.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    )
    xfs = "".join(f'<xf numFmtId="{at}"/>' for at in (0, 14, 200, 2))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><workbookPr/><sheets><sheet name="开考计划" sheetId="1" r:id="rId1"/>'
        '<sheet name="支付台账" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        + "".join(
            f'<Relationship Id="rId{at}" Type="{RELATION}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in (1, 2)
        )
        + f'<Relationship Id="rId3" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
        + f'<Relationship Id="rId4" Type="{RELATION}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>C1</t></si><si><r><t>C</t></r><r><t>1</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
        "<si><t>#N/A</t></si><si><t>甲_x000B_乙</t></si><si><t/></si></sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="200" formatCode="{quoted}"/></numFmts><cellXfs>{xfs}</cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": sheet_of(cells["plan"], **around),
        "xl/worksheets/sheet2.xml": sheet_of(cells["ledger"]),
    }


def prefixed(xml: str) -> str:
    """Every element of the main namespace with the prefix x."""
    xml = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", xml)
    return xml.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def write(path: Path, parts: dict[str, str | bytes]) -> Path:
    """The archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return path
