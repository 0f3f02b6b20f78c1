"""A workbook → raw tables. Values come from calamine; what it does not tell (merged cells, hidden rows, formulas never
calculated) is read from the sheet's own XML."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path

from ...errors import DataError, Fault, nearest
from ..about import About, about_of_sheet
from ..forms.two_tables import SHORT, parts
from ..schema import NEEDED
from ..tables import column_letter
from .parse_cache import digest_of
from .raw import Raw, assemble, header_at

HELP = (
    "说明",
    "数据字典",
    "代码表",
    "填写说明",
    "核对结果",
)  # sheets of the template that hold no data


def read_workbook(
    file: Path, schema, without, faults: list[tuple[str, Fault]]
) -> tuple[dict[str, Raw], str, About]:
    """(raw tables, hash of the file, description from sheet 说明); to each fault its table, "" for the whole. Raises DataError where it is not a readable workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        raise DataError(
            Fault(
                file.name,
                f"不是 .xlsx 工作簿（{file.suffix or '没有扩展名'}）",
                do="用 Excel 另存为「Excel 工作簿（.xlsx）」",
                code="not_xlsx",
            )
        )
    try:
        with zipfile.ZipFile(file) as archive:
            structure = _structures(archive)
        book = CalamineWorkbook.from_path(str(file))
    except (zipfile.BadZipFile, KeyError, CalamineError, OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            raise DataError(
                Fault(
                    file.name,
                    "没有读取权限，或正被别的程序占用",
                    do="关闭占用它的程序，或换一个有权限的位置",
                    code="not_xlsx",
                )
            ) from error
        protected = file.read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
        what = (
            "有打开密码，或是旧格式（.xls）改了扩展名"
            if protected
            else "不是完整的 Excel 工作簿，可能已损坏，或是别的文件改了扩展名"
        )
        raise DataError(
            Fault(file.name, what, do="在 Excel 中打开，去掉密码，另存为 .xlsx", code="not_xlsx")
        ) from error
    raws, whole = {}, []
    tables = _sheets(file, book, schema, whole)
    raws |= _short_form(file, book, structure, whole)
    faults += [("", fault) for fault in whole]
    for sheet, table in tables.items():
        if table not in without:
            own: list[Fault] = []
            raw = _raw(
                file,
                sheet,
                book.get_sheet_by_name(sheet).to_python(skip_empty_area=False),
                schema[table],
                structure.get(sheet, {}),
                own,
            )
            faults += [(table, fault) for fault in own]
            if raw is not None:
                raws[table] = raw
    lines, whole = (
        book.get_sheet_by_name("说明").to_python() if "说明" in book.sheet_names else (),
        [],
    )
    about = about_of_sheet(lines, file.name, whole)
    faults += [("", fault) for fault in whole]
    return raws, digest_of(file), about


def _sheets(file, book, schema, faults) -> dict[str, str]:
    by_name = {
        name: table
        for table, columns in schema.items()
        for name in (table, next(iter(columns.values())).sheet)
    }
    found: dict[str, str] = {}
    for sheet in book.sheet_names:
        table = by_name.get(sheet.strip())
        if table is None:
            if sheet.strip() not in (*HELP, *SHORT):
                faults.append(
                    Fault(
                        file.name,
                        f"不认识的工作表「{sheet}」，未读入",
                        nearest=nearest(sheet, by_name),
                        do="是数据就改名；不是就不用管",
                        level="warning",
                        code="unknown_table",
                    )
                )
        elif table in found.values():
            faults.append(
                Fault(
                    file.name,
                    f"工作表「{sheet}」与另一张是同一张表",
                    do="只留一张",
                    code="doubled_table",
                )
            )
        else:
            found[sheet] = table
    short = any(sheet.strip() in SHORT for sheet in book.sheet_names)
    missing = [table for table in NEEDED if table not in found.values() and not short]
    faults += [
        Fault(
            file.name,
            f"缺少工作表「{next(iter(schema[table].values())).sheet}」",
            do="补上这张表",
            code="missing_table",
        )
        for table in missing
    ]
    return found


def _short_form(file, book, structure, faults) -> dict[str, Raw]:
    """The two tables of the short form, where the workbook has its sheet."""
    raws, own = {}, []
    for sheet in book.sheet_names:
        if sheet.strip() in SHORT:
            lines = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for table, columns, start, end in parts(lines):
                behind = structure.get(sheet, {})
                raw = _raw(file, sheet, lines[start:end], columns, behind, own, start)
                if raw is not None:
                    raws[table] = raw
    faults += dict.fromkeys(own)  # of the one sheet both tables say the same
    return raws


def _raw(file, sheet, lines, columns, structure, faults, above=0) -> Raw | None:
    """A table of a sheet; `above`: rows of the sheet before the first of `lines`."""
    at = header_at(lines, columns)
    if at is None:
        faults.append(
            Fault(
                f"{file.name} 工作表「{sheet}」",
                "前五行里找不到列名",
                do="第一行写列名；可用 onexmodel template 生成空表",
                code="no_header_row",
            )
        )
        return None
    header, body, rows = lines[at], [], []
    for number, line in enumerate(lines[at + 1 :], above + at + 2):
        if any(cell != "" for cell in line):
            body.append(line)
            rows.append(number)
    where = f"{file.name} 工作表「{sheet}」"
    _structure_faults(file.name, sheet, where, structure, above + at + 1, rows, faults)
    cells = (
        [
            _column(column, header[j], where, file.name, sheet, rows, j, faults)
            for j, column in enumerate(zip(*body, strict=True))
        ]
        if body
        else [()] * len(header)
    )
    return assemble(
        file.name,
        sheet,
        [str(cell) for cell in header],
        cells,
        rows,
        above + at + 1,
        columns,
        faults,
    )


def _column(values, header, where, file, sheet, rows, at, faults) -> list[str]:
    """Values of a column as words. A long number has lost its last digits already and is refused."""
    words = []
    for i, value in enumerate(values):
        if isinstance(value, str):
            words.append(value)
            if value.startswith("#") and re.fullmatch(
                r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", value
            ):
                faults.append(
                    Fault(
                        f"{where} {column_letter(at)}{rows[i]}（{header}）",
                        f"公式出错（{value}）",
                        do="改正公式，或粘贴为数值",
                        code="formula_error",
                        at=(file, sheet, rows[i], at),
                    )
                )
                words[-1] = ""
        elif isinstance(value, bool):
            words.append("是" if value else "否")
        elif isinstance(value, float | int):
            if abs(value) >= 1e15:
                faults.append(
                    Fault(
                        f"{where} {column_letter(at)}{rows[i]}（{header}）",
                        "超过15位的数字在 Excel 中已丢失末位",
                        do="把这一列设为文本格式后重新填写",
                        code="long_number",
                        at=(file, sheet, rows[i], at),
                    )
                )
            words.append(
                str(int(value))
                if float(value).is_integer() and abs(value) < 1e15
                else repr(float(value))
            )
        elif isinstance(value, dt.datetime):
            words.append(
                value.strftime("%Y-%m-%d") if value.time() == dt.time() else value.isoformat(" ")
            )
        elif isinstance(value, dt.date):
            words.append(value.isoformat())
        else:
            words.append(str(value))
    return words


def _structure_faults(file, sheet, where, structure, header_row, rows, faults) -> None:
    used = set(rows)
    for reference, (first, last), (left, _) in structure.get("merged", ()):
        if last > header_row or (first == header_row):
            faults.append(
                Fault(
                    f"{where} {reference}",
                    "有合并单元格，合并区只有左上格有值",
                    do="取消合并，每格各填",
                    code="merged",
                    at=(file, sheet, first, left),
                )
            )
    for reference, row, column in structure.get("uncalculated", ()):
        faults.append(
            Fault(
                f"{where} {reference}",
                "公式没有计算结果",
                do="在 Excel 中打开、重新计算并保存，或粘贴为数值",
                code="formula",
                at=(file, sheet, row, column),
            )
        )
    hidden = [row for row in structure.get("hidden", ()) if row in used]
    if hidden:
        faults.append(
            Fault(
                f"{where} 第 {'、'.join(map(str, hidden[:20]))} 行",
                f"有 {len(hidden)} 行被隐藏或筛去，仍按数据读入",
                do="取消隐藏或筛选，确认要不要这些行",
                level="warning",
                code="hidden_rows",
                at=(file, sheet, hidden[0], 0),
            )
        )


_SHEET = re.compile(rb'<sheet\b[^>]*?\bname="([^"]*)"[^>]*?\br:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_MERGED = re.compile(rb'<mergeCell\b[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]+)(\d+)"[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:</c>|<v\s*/>|<v></v>)'
)


def _structures(archive: zipfile.ZipFile) -> dict[str, dict]:
    """sheet → {merged, hidden, uncalculated}."""
    from html import unescape

    targets = {}
    for element in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        name, target = (
            re.search(rb'\bId="([^"]*)"', element),
            re.search(rb'\bTarget="([^"]*)"', element),
        )
        if name and target:
            targets[name[1].decode()] = target[1].decode()
    made = {}
    for name, relation in _SHEET.findall(archive.read("xl/workbook.xml")):
        path = targets.get(relation.decode(), "").lstrip("/")
        path = path if path.startswith("xl/") else f"xl/{path}"
        if path in archive.namelist():
            made[unescape(name.decode("utf-8"))] = _structure(archive.read(path))
    return made


def _structure(xml: bytes) -> dict:
    merged = (
        [
            (
                f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}",
                (int(top), int(bottom)),
                (_number(left), _number(right)),
            )
            for left, top, right, bottom in _MERGED.findall(xml)
        ]
        if b"<mergeCell" in xml
        else []
    )
    hidden = [int(row) for row in _ROW.findall(xml)] if b"hidden=" in xml else []
    formulas = (
        [
            (f"{column.decode()}{row.decode()}", int(row), _number(column))
            for column, row in _FORMULA.findall(xml)
        ]
        if b"<f" in xml
        else []
    )
    return {"merged": merged, "hidden": hidden, "uncalculated": formulas}


def _number(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1
