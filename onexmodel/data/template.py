"""The workbook a college or province fills: sheets, drop-downs, hints, marked example rows and a dictionary, from the schema."""

from __future__ import annotations

from pathlib import Path

from ..errors import DataError, Fault, ParameterError, nearest
from ..places import whole
from . import codes
from .reading.raw import MARK, MARKS
from .schema import CORE, Column, load_schema
from .sheets import FONT, chinese_rows, new_book
from .tables import Tables, column_letter

KINDS = {"college": "院校填报表", "province": "省级汇总表"}
SHARED = (
    "provinces",
    "organisations",
    "certificates",
    "components",
    "ingredients",
    "caps",
    "fees",
    "eligibility",
    "sources",
)  # one set for a province
NOT_FOR = {"college": (), "province": ("workload",)}
MARK_OF = {"observed": "", "estimated": "估算", "simulated": "模拟"}
ROWS = 5000  # rows the drop-downs reach
NEED = {"R": "必填", "O": "可空", "C": "按规则必填"}
ABOUT = (
    ("数据名称", "", ""),
    ("数据状态", "观测", "没有标记的行：观测、估算或模拟"),
    ("数据说明", "", "模拟或估算数据必须写明"),
    ("混合使用", "否", "观测与模拟的行可否合在一个总数里：是 或 否"),
    ("填补", "", "如：院校.标准年课时"),
    ("填补", "", "办法：同省同层次中位数"),
)
HOW = (
    "每张表第一行是列名，带 * 的必填；把鼠标放在列名上可看单位与规则。",
    "标记为「示例」的行不会读入；标记为「模拟」「估算」的行按此计入，换成自己的数后把标记改为「观测」。",
    "金额一律以元计；比例填 0 到 1 或 85%；日期写成 2020-11-28。",
    "不要合并单元格，不要加合计行；没有的数留空，不要填 0 或「无」。",
    "教师只填编号，不填姓名、电话、身份证号。",
    "填好后运行：onexmodel check 本文件.xlsx",
)


def write_template(
    path: Path,
    tables: Tables | None = None,
    provinces: tuple[str, ...] = (),
    overwrite: bool = False,
) -> Path:
    """college.xlsx or province.xlsx. With `tables`, what a province sets once for all (fees, caps, cost lists …) is filled in; rows
    that are simulated or estimated there carry that mark. Raises ParameterError where the name says neither kind, DataError
    where the file exists: it may be filled."""
    path = Path(path)
    kind = next(
        (kind for kind, zh in KINDS.items() if kind in path.stem or zh[:2] in path.stem), ""
    )
    if path.suffix != ".xlsx" or not kind:
        raise ParameterError(
            Fault(
                str(path.name),
                "文件名要说明是哪一种",
                nearest=f"{nearest(path.stem, KINDS) or 'college'}.xlsx",
                do="写成 college.xlsx（院校）或 province.xlsx（省）",
            )
        )
    if path.exists() and not overwrite:
        raise DataError(
            Fault(
                path.name,
                "已有这个文件，可能已经填过，没有覆盖",
                do="换一个文件名，或先移走",
                code="exists",
            )
        )
    with whole(path) as made:
        _write(made, kind, tables, provinces)
    return path


def _write(path: Path, kind: str, tables: Tables | None, provinces: tuple[str, ...]) -> None:
    book = new_book(path)
    look = {
        "plain": book.add_format(FONT),
        "title": book.add_format({**FONT, "bold": True, "font_size": 14}),
        "head": book.add_format(
            {
                **FONT,
                "bold": True,
                "bg_color": "#E8EEF4",
                "border": 1,
                "text_wrap": True,
                "valign": "vcenter",
            }
        ),
        "example": book.add_format(
            {**FONT, "italic": True, "font_color": "#808080", "bg_color": "#F6F6F6"}
        ),
        "text": book.add_format({**FONT, "num_format": "@"}),
        "wrap": book.add_format({**FONT, "text_wrap": True, "valign": "top"}),
    }
    schema = {
        table: columns for table, columns in load_schema().items() if table not in NOT_FOR[kind]
    }
    _about(book, look, kind, tables)
    where = _code_positions()
    for table, columns in schema.items():
        rows = (
            _prefilled(table, provinces, tables, columns)
            if tables is not None and table in SHARED
            else []
        )
        _sheet(book, look, table, columns, rows, where)
    _dictionary(book, look, schema)
    _code_sheet(book, look)
    book.close()


def _prefilled(table, provinces, tables, columns) -> list[list[object]]:
    """The mark and the cells of each row that a province sets for all its colleges."""
    frame = _of_provinces(table, provinces, tables)
    return [
        [MARK_OF[mark], *row]
        for mark, row in zip(frame["_mark"], chinese_rows(frame, columns), strict=True)
    ]


def _of_provinces(table, provinces, tables):
    """Without rows of single colleges; no special case without its document. `_mark`: observed | estimated | simulated."""
    frame = tables[table].assign(_mark=tables.row_status(table))
    if provinces and "province" in frame:
        frame = frame[frame["province"].isin(("", *provinces))]
    if table in ("components", "ingredients"):
        frame = frame[frame["college"] == ""]
    if table == "fees":
        bare = frame["special_case"].astype(bool) & (frame["special_document"] == "")
        frame = frame.assign(special_case=frame["special_case"].astype(bool) & ~bare)
    return frame


def _about(book, look, kind, tables) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 14, look["plain"])
    sheet.set_column(1, 2, 48, look["wrap"])
    sheet.write(0, 0, f"1+X 证书成本与经费测算　{KINDS[kind]}", look["title"])
    for at, line in enumerate(HOW, 1):
        sheet.write(at, 1, line, look["wrap"])
    start = len(HOW) + 2
    made_up = tables is not None and any(
        (tables.row_status(table) == "simulated").any() for table in SHARED
    )
    for at, (name, value, hint) in enumerate(ABOUT, start):
        if name == "混合使用" and made_up:
            value, hint = (
                "是",
                f"预填的行取自「{tables.title.get('zh', '')}」，标记为「模拟」；填 否 则须全部换成自己的数才能计算",
            )
        sheet.write(at, 0, name, look["head"])
        sheet.write(at, 1, value, look["wrap"])
        if name != "填补":
            sheet.write(at, 2, hint, look["example"])
    sheet.write(
        start + len(ABOUT),
        1,
        "「填补」一行两格：列（如 院校.标准年课时）和办法（同省同层次中位数、全国同层次中位数）；填补的格会在报告中注明。",
        look["example"],
    )


def _code_positions() -> dict[str, tuple[int, int]]:
    return {name: (at, len(known)) for at, (name, known) in enumerate(codes.BY_COLUMN.items())}


def _sheet(book, look, table: str, columns: dict[str, Column], rows, where) -> None:
    sheet = book.add_worksheet(next(iter(columns.values())).sheet)
    sheet.set_tab_color("#9AA5B1" if table in SHARED else "#2E7D5B")
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 34)
    sheet.write(0, 0, MARK, look["head"])
    sheet.set_column(0, 0, 7, look["plain"])
    sheet.write(1, 0, "示例", look["example"])
    sheet.data_validation(
        1, 0, ROWS, 0, {"validate": "list", "source": [word for word in MARKS if word]}
    )
    for at, column in enumerate(columns.values(), 1):
        text = column.type in ("id", "code", "text", "date")
        sheet.set_column(
            at, at, max(10, 2.1 * len(column.header)), look["text"] if text else look["plain"]
        )
        sheet.write(0, at, ("*" if column.need == "R" else "") + column.header, look["head"])
        words = f"{column.header}（{column.column}）\n单位：{column.unit}\n规则：{column.rule_zh or '–'}\n来自：{column.comes_from}\n{NEED[column.need]}"
        sheet.write_comment(0, at, words, {"x_scale": 1.6, "author": "onexmodel"})
        sheet.write(1, at, _example(column), look["example"])
        sheet.data_validation(1, at, ROWS, at, _validation(column, where))
    for down, row in enumerate(rows, 2):
        sheet.write_row(down, 0, row)


def _example(column: Column) -> object:
    try:
        return float(column.example) if column.numeric else column.example
    except ValueError:
        return column.example


def _validation(column: Column, where) -> dict:
    hint = {
        "input_title": column.header[:32],
        "input_message": f"单位：{column.unit}。{NEED[column.need]}。{column.rule_zh}"[:255],
    }
    if column.type == "bool":
        return {"validate": "list", "source": ["是", "否"], **hint}
    if column.column in where and column.type in ("enum", "text"):
        at, count = where[column.column]
        letter = column_letter(at)
        free = {"error_type": "information"} if column.column in codes.FREE else {}
        return {
            "validate": "list",
            "source": f"=代码表!${letter}$2:${letter}${count + 1}",
            **free,
            **hint,
        }
    return {"validate": "any", **hint}


def _dictionary(book, look, schema) -> None:
    sheet = book.add_worksheet("数据字典")
    sheet.freeze_panes(1, 0)
    head = (
        "工作表",
        "列名",
        "英文名",
        "单位",
        "类型",
        "规则",
        "英文规则",
        "例",
        "来自",
        "是否必填",
    )
    for at, (name, width) in enumerate(
        zip(head, (14, 20, 24, 12, 8, 44, 44, 20, 20, 10), strict=True)
    ):
        sheet.write(0, at, name, look["head"])
        sheet.set_column(at, at, width, look["wrap"])
    lines = [column for columns in schema.values() for column in columns.values()]
    for down, c in enumerate(lines, 1):
        need = (
            "必填"
            if c.need == "R" and c.table in CORE
            else "用到本表时必填"
            if c.need == "R"
            else NEED[c.need]
        )
        sheet.write_row(
            down,
            0,
            (
                c.sheet,
                c.header,
                c.column,
                c.unit,
                c.type_zh,
                c.rule_zh,
                c.rule_en,
                c.example,
                c.comes_from,
                need,
            ),
        )


def _code_sheet(book, look) -> None:
    sheet = book.add_worksheet("代码表")
    columns = [
        next(
            column
            for columns in load_schema().values()
            for column in columns.values()
            if column.column == name
        )
        for name in codes.BY_COLUMN
    ]
    headers = [column.header for column in columns]
    for at, (column, known) in enumerate(zip(columns, codes.BY_COLUMN.values(), strict=True)):
        header = (
            column.header
            if headers.count(column.header) == 1
            else f"{column.header}（{column.sheet}）"
        )
        sheet.write(0, at, header, look["head"])
        sheet.set_column(at, at, 18, look["plain"])
        sheet.write_column(1, at, list(known))
