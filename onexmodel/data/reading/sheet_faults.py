"""What is said of a sheet's cells beyond their words: errors, formats that show another value, merged cells, what is hidden."""

from __future__ import annotations

from collections import Counter

from ...errors import Fault
from ..schema import Column
from ..tables import column_letter
from .ooxml.cells import Behind, Grid
from .raw import Raw
from .records import LISTED
from .words import FAULTY

ROWS = 20  # rows named in one sentence
TALL = 5000  # rows of a merged area that are looked at
AREAS = 100  # merged areas listed
UNCALCULATED = ("公式没有计算结果", "在 Excel 中打开、重新计算并保存，或粘贴为数值")
LONG = ("超过15位的数字在 Excel 中已丢失末位", "把这一列设为文本格式后重新填写")


def far(grid: Grid, file: str, sheet: str, where, faults) -> None:
    """What stands so far out that it belongs to no table: one fault, at the first such cell."""
    more = f"（这样的格子共 {grid.beyond} 个）" if grid.beyond > 1 else ""
    what = f"离表很远的地方还有内容{more}，没有读入"
    do = "删去表外的内容（按 Ctrl+End 看用到哪里），保存后再用"
    place = grid.far or (0, 0)
    at = (file, sheet, *place)
    faults.append(cell_fault(where, place, "", what, do, at, "far_cell"))


def cell_fault(where, place, header, what, do, at, code, near="", level="error") -> Fault:
    number, column = place
    address = f"{where} {column_letter(column)}{number}" + (f"（{header}）" if header else "")
    return Fault(address, what, do, near, level, code, at)


def behind(grid: Grid, kept, raw: Raw, columns, header, where, faults) -> None:
    """What stands behind the words: each fault at its cell, the words of codes as they are seen."""
    name_at = {at: name for name, at in raw.origin.columns.items()}
    file, sheet = raw.origin.file, raw.origin.sheet
    unseen = []
    told: Counter = Counter()
    for (number, at), found in grid.behind.items():
        if number not in kept:
            continue
        row, name = kept[number], name_at.get(at)
        column = columns[name] if name else None

        def say(what, do, code, near="", level="error", spot=(number, at)):
            told[spot[1], code, do, level] += 1
            if told[spot[1], code, do, level] > LISTED:
                return
            title = header[spot[1]].lstrip("*＊★○● ").strip()
            faults.append(
                cell_fault(where, spot, title, what, do, (file, sheet, *spot), code, near, level)
            )

        if found.kind == "error":
            say(f"公式出错（{found.value}）", "改正公式，或粘贴为数值", "formula_error")
        elif found.kind == "uncalculated":
            say(*UNCALCULATED, "formula")
        elif found.kind == "long":
            say(*LONG, "long_number")
        elif column is None or name is None:
            continue
        elif found.kind == "odd":
            unseen += _odd(found, column, raw.words[name], row, say)
        elif column.numeric:
            raw.words[name][row] = FAULTY
            what = f"显示为「{found.shown}」（{KIND[found.kind]}），值是 {found.value}"
            say(what, "把这一格的格式改为常规，核对后再保存", "date_format", _meant(found, column))
        elif column.type in ("id", "code"):
            raw.words[name][row] = FAULTY
            what = (
                f"是{KIND[found.kind]}「{found.shown}」，不是编号；Excel 会把像日期的编号改成日期"
            )
            say(what, "把这一列设为文本格式后重新填写编号", "code_as_date")
    for (at, code, do, level), count in told.items():
        if count > LISTED:
            title = header[at].lstrip("*＊★○● ").strip()
            what = f"同类问题还有 {count - LISTED} 处"
            faults.append(Fault(f"{where}「{title}」", what, do, level=level, code=code))
    if unseen:
        first = unseen[0]
        more = f"；同表共 {len(unseen)} 格" if len(unseen) > 1 else ""
        what = f"单元格看起来是空的，而值是 {first[1]}，仍按此读入{more}"
        do = "取消隐藏数值的格式，核对要不要这些数"
        faults.append(Fault(f"{where} {first[0]}", what, do, level="warning", code="hidden_value"))


KIND = {"date": "日期", "time": "时刻", "duration": "时长"}


def _meant(found: Behind, column: Column) -> str:
    """The number in a cell that shows a date; of a length in a column of hours, the hours."""
    if column.type == "hours" and found.kind == "duration":
        return f"{float(found.value) * 24:g}"
    return found.value


def _odd(found: Behind, column: Column, words, row: int, say) -> list[tuple[str, str]]:
    """A number whose format shows another one is a fault; a code is read as it is seen."""
    value = float(found.value)
    if column.numeric:
        if found.format.misleads(value):
            words[row] = FAULTY
            what = f"显示为「{found.shown}」，而值是 {found.value}"
            do = "两个里填对的一个：把数值写成它要说的数，格式改为常规"
            say(what, do, "shown_otherwise", _shown_number(found))
        elif found.format.hides(value):
            return [(f"「{column.header}」", found.value)]
    elif column.type in ("id", "code", "text"):
        words[row] = found.format.code(value) or words[row]
    return []


def _shown_number(found: Behind) -> str:
    """What the cell seems to say, as a number."""
    value, one = float(found.value), found.format.section(float(found.value))
    if not one.digits or one.unit == 1:
        return ""
    return f"{value * one.unit / one.scale:.10g}"


def merged(grid: Grid, kept, raw: Raw, header_row: int, first_row: int, where, faults) -> None:
    """Merged cells among the records: one fault each; the cells they cover are not also called empty."""
    by_column = sorted((at, name) for name, at in raw.origin.columns.items())
    told, rest = 0, TALL * AREAS  # rows that may still be looked at, of all areas together
    for reference, top, bottom, left, right in grid.merged:
        tall = min(bottom - top, TALL, max(rest, 0)) + 1
        rest -= tall
        inside = [number for number in range(top, top + tall) if number in kept]
        names = [(at, name) for at, name in by_column if left <= at <= right]
        in_header = first_row == header_row == top and right > left
        if not (inside and names) and not in_header:
            continue
        told += 1
        if told <= AREAS:
            what = "有合并单元格，合并区只有左上格有值"
            at = (raw.origin.file, raw.origin.sheet, top, left)
            faults.append(
                Fault(f"{where} {reference}", what, "取消合并，每格各填", code="merged", at=at)
            )
        for number in inside:
            for column, name in names:
                if (number, column) != (top, left) and raw.words[name][kept[number]] == "":
                    raw.words[name][kept[number]] = FAULTY
    if told > AREAS:
        what = f"同类问题还有 {told - AREAS} 处"
        faults.append(Fault(where, what, "取消合并，每格各填", code="merged"))


def hidden(grid: Grid, kept, raw: Raw, where, faults) -> None:
    rows = [row for row in grid.hidden_rows if row in kept]
    if rows:
        faults.append(
            Fault(
                f"{where} 第 {'、'.join(map(str, rows[:ROWS]))} 行",
                f"有 {len(rows)} 行被隐藏或筛去，仍按数据读入",
                do="取消隐藏或筛选，确认要不要这些行",
                level="warning",
                code="hidden_rows",
                at=(raw.origin.file, raw.origin.sheet, rows[0], 0),
            )
        )
    columns = [
        name
        for name, at in raw.origin.columns.items()
        if any(left <= at <= right for left, right in grid.hidden_columns) and any(raw.words[name])
    ]
    if columns:
        headers = "、".join(raw.origin.headers[name] for name in columns)
        faults.append(
            Fault(
                where,
                f"列「{headers}」被隐藏，仍按数据读入",
                do="取消隐藏，核对要不要这些数",
                level="warning",
                code="hidden_columns",
            )
        )
