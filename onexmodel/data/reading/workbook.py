"""A workbook → raw tables. What its own XML says decides: the type of each cell, what its format shows, what is hidden or merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ...errors import Fault, nearest
from ..about import About, about_of_sheet
from ..forms.two_tables import SHORT, parts
from ..schema import NEEDED, Column
from .layout import header_at, known_headers, named, two_rows
from .names import recognised, table_names
from .ooxml.archive import Unreadable
from .ooxml.cells import EMPTY, FILLED, Grid
from .ooxml.fast import grid_of
from .ooxml.package import Package, Sheet, open_package
from .parse_cache import digest_of
from .raw import Layout, Raw, assemble
from .records import few
from .sheet_faults import UNCALCULATED, behind, cell_fault, far, hidden, merged
from .words import FAULTY

HELP = (
    "说明",
    "数据字典",
    "代码表",
    "填写说明",
    "核对结果",
)  # sheets of the template that hold no data
TEMPLATE = ("数据字典", "代码表")  # a workbook with one of these came from the template


def read_workbook(
    file: Path, schema, without, faults: list[tuple[str, Fault]]
) -> tuple[dict[str, Raw], str, About]:
    """(raw tables, hash of the file, description from sheet 说明); to each fault its table, "" for the whole. Raises DataError where it is not a readable workbook."""
    package = open_package(file)
    with package.archive:
        raws, whole = {}, []
        tables = _sheets(file, package, schema, whole)
        raws |= _short_form(file, package, tables, whole)
        faults += [("", fault) for fault in whole]
        names = {sheet.name for sheet in package.sheets}
        for sheet, table in tables:
            if table in schema and table not in without:
                own: list[Fault] = []
                grid, ours = _grid(file, sheet, package, own), bool(names & set(TEMPLATE))
                if grid is not None and (
                    raw := table_of(
                        file.name, sheet.name, grid, schema[table], own, ours, package.old_dates
                    )
                ):
                    raws[table] = raw
                where = f"{file.name} 工作表「{sheet.name}」"
                faults += [(table, fault) for fault in few(own, where)]
        whole = []
        lines = sheet_lines(
            package, next((one for one in package.sheets if one.name == "说明"), None)
        )
    about = about_of_sheet(lines, file.name, whole)
    faults += [("", fault) for fault in whole]
    return raws, digest_of(file), about


def sheet_lines(package: Package, sheet: Sheet | None) -> list[list[str]]:
    """Every row of a sheet as words, counted as in the file; none where there is no such sheet or it cannot be read."""
    if sheet is None or not sheet.part:
        return []
    try:
        return grid_of(package, sheet).by_row()
    except Unreadable:
        return []


def _sheets(file, package, schema, faults) -> list[tuple[Sheet, str]]:
    """Each data sheet with its table, the short form as SHORT[0]. A sheet of a near name is one fault, not also a missing one."""
    by_name = table_names(schema) | dict.fromkeys(SHORT, SHORT[0])
    given = [sheet.name for sheet in package.sheets if sheet.name.strip() not in HELP]
    tables = recognised(given, by_name)
    found: dict[str, Sheet] = {}
    strange = []
    for sheet in package.sheets:
        table, exact = tables.get(sheet.name, ("", True))
        if not table:
            if sheet.name.strip() not in HELP:
                strange.append(sheet.name)
        elif table in found:
            faults.append(
                Fault(
                    file.name,
                    f"工作表「{sheet.name}」与「{found[table].name}」是同一张表"
                    if not exact
                    else f"工作表「{sheet.name}」与另一张是同一张表",
                    do="只留一张",
                    code="doubled_table",
                )
            )
        else:
            found[table] = sheet
            sheet_name = next(iter(schema[table].values())).sheet if table in schema else table
            if not exact:
                what = f"工作表「{sheet.name}」按「{sheet_name}」读入"
                faults.append(Fault(file.name, what, level="note", code="renamed_table"))
            if not sheet.visible:
                what = f"工作表「{sheet.name}」被隐藏，仍按数据读入"
                faults.append(
                    Fault(
                        file.name,
                        what,
                        do="取消隐藏，核对要不要这张表",
                        level="warning",
                        code="hidden_sheet",
                    )
                )
    for table in NEEDED:
        if table not in found and SHORT[0] not in found:
            name = next(iter(schema[table].values())).sheet
            near = nearest(name, strange) or nearest(table, strange)
            strange = [one for one in strange if one != near]
            do = "是这张就改名，不是就补上这张表" if near else "补上这张表"
            faults.append(Fault(file.name, f"缺少工作表「{name}」", do, near, code="missing_table"))
    faults += [
        Fault(
            file.name,
            f"不认识的工作表「{name}」，未读入",
            nearest=nearest(name, by_name),
            do="是数据就改名；不是就不用管",
            level="warning",
            code="unknown_table",
        )
        for name in strange
    ]
    return [(sheet, table) for table, sheet in found.items()]


def _short_form(file, package: Package, tables, faults) -> dict[str, Raw]:
    """The two tables of the short form, where the workbook has its sheet."""
    raws, own = {}, []
    for sheet in [sheet for sheet, table in tables if table == SHORT[0]]:
        grid = _grid(file, sheet, package, own)
        if grid is None:
            continue
        for table, columns, start, end in parts(grid.lines):
            numbers = grid.numbers[start:end] or [0]
            part = grid.between(numbers[0], numbers[-1])
            raw = table_of(file.name, sheet.name, part, columns, own, True, package.old_dates)
            if raw is not None:
                raws[table] = raw
    faults += few(list(dict.fromkeys(own)), file.name)  # of the one sheet both tables say the same
    return raws


def _grid(file, sheet: Sheet, package, faults) -> Grid | None:
    try:
        return grid_of(package, sheet)
    except Unreadable as error:
        what = f"读不出：{error}"
        do = "在 Excel 中打开修复，另存为 .xlsx"
        where = f"{file.name} 工作表「{sheet.name}」"
        faults.append(Fault(where, what, do, code="broken_sheet"))
        return None


def table_of(
    file: str,
    sheet: str,
    grid: Grid,
    columns: Mapping[str, Column],
    faults: list[Fault],
    from_template: bool,
    old_dates: bool = False,
) -> Raw | None:
    """The table that stands in a grid, which is a whole sheet or some rows of one (Grid.between). `from_template`: rows marked 示例
    are held against the shipped example; `old_dates`: days count from 1904."""
    where = f"{file} 工作表「{sheet}」"
    top = _header(grid, columns)
    if top is None:
        what = "表是空的" if not grid.lines else "前二十行里找不到列名"
        do = "第一行写列名；可用 onexmodel template 生成空表"
        faults.append(Fault(where, what, do, code="no_header_row"))
        return None
    at, first, header = top
    if header is None:
        what = "列名占两行，又有合并单元格，对不上每一列的列名"
        do, number = "取消合并，列名只留一行，每列写全", grid.numbers[at]
        spot = (file, sheet, number, 0)
        faults.append(Fault(f"{where} 第 {number} 行", what, do, code="merged", at=spot))
        return None
    numbers, lines = grid.numbers[at + 1 :], grid.lines[at + 1 :]
    header_row = grid.numbers[at]
    width = max(map(len, (header, *lines)))
    if grid.far:
        far(grid, file, sheet, where, faults)
    if width * len(lines) > EMPTY + FILLED * sum(map(len, lines)):
        what = f"用到 {len(lines)} 行、{width} 列，几乎都是空格"
        do = "删去表外的内容（按 Ctrl+End 看用到哪里），保存后再用"
        faults.append(Fault(where, what, do, code="far_cell"))
        return None
    header = _header_words(grid, at, [*header, *[""] * (width - len(header))], where, faults)
    cells = _columns(lines, header, width)
    layout = Layout(
        file,
        sheet,
        header,
        numbers,
        header_row,
        grid.numbers[first],
        from_template,
        "1904-01-01" if old_dates else "1899-12-30",
    )
    said: list[Fault] = []
    raw = assemble(layout, cells, columns, said)
    if raw is None:
        return None
    kept = {int(number): row for row, number in enumerate(raw.origin.rows)}
    merged(grid, kept, raw, header_row, grid.numbers[first], where, faults)
    behind(grid, kept, raw, columns, header, where, faults)
    hidden(grid, kept, raw, where, faults)
    faults += said
    return raw


def _header(grid: Grid, columns) -> tuple[int, int, list[str] | None] | None:
    """(line of the header, its first line, its words); no words where it takes two lines that cannot be put together; None without one."""
    shown = [line for number, line in zip(grid.numbers, grid.lines, strict=True) if number <= 400][
        :60
    ]
    at = header_at(shown, columns)
    if at is None:
        return None
    known = known_headers(columns)
    if at + 1 < len(shown) and (joined := two_rows(shown[at], shown[at + 1], known)):
        return at + 1, at, joined
    if at and (joined := two_rows(shown[at - 1], shown[at], known)):
        return at, at - 1, joined
    number = grid.numbers[at]
    tall = [
        (top, bottom)
        for _, top, bottom, _, _ in grid.merged
        if top <= number <= bottom and bottom > top
    ]
    needed = {name for name, column in columns.items() if column.need == "R"}
    if tall and needed - {named(word, known) for word in shown[at]}:
        return at, at, None
    return at, at, shown[at]


def _header_words(grid: Grid, at: int, header, where, faults) -> list[str]:
    """The header with the text of error cells, and formulas never calculated named."""
    made, number = [], grid.numbers[at]
    for column, word in enumerate(header):
        if word == FAULTY:
            found = grid.behind[number, column]
            word = found.value if found.kind == "error" else ""
            if found.kind == "uncalculated":
                faults.append(cell_fault(where, (number, column), "", *UNCALCULATED, (), "formula"))
        made.append(word)
    return made


def _columns(lines: Sequence[list[str]], header, width: int) -> list[Sequence[str]]:
    """One sequence a column; a column without header and without content is empty."""
    if not lines:
        return [()] * width
    named = [at for at, word in enumerate(header) if word]
    last = named[-1] + 1 if named else 0
    full = [
        line[:last] if len(line) >= last else [*line, *[""] * (last - len(line))] for line in lines
    ]
    cells: list[Sequence[str]] = list(zip(*full, strict=True)) or [()] * last
    beyond = {at for line in lines if len(line) > last for at in range(last, len(line)) if line[at]}
    return cells + [
        [line[at] if at < len(line) else "" for line in lines] if at in beyond else ()
        for at in range(last, width)
    ]
