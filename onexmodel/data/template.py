"""The workbook a college or province fills: sheets, drop-downs, hints, marked example rows and a dictionary, from the schema."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

from ..errors import DataError, Fault, ParameterError, nearest
from ..law.yamlfile import read_yaml
from ..places import package_file, whole
from . import codes
from .forms.example_rows import example_row
from .forms.looks import ROWS, TYPED_OVER, choices, comment, hint, is_text, looks, mark_column
from .forms.short_form import from_short_form
from .forms.short_template import write_short_form
from .schema import CORE, Column, load_schema
from .sheets import chinese_rows, new_book
from .tables import Tables, column_letter

KINDS = {"college": "院校填报表", "province": "省级汇总表", "short": "简表"}
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
NEED = {"R": "必填", "O": "可空", "C": "按规则必填"}
TWO_LINES = 32  # points
IF_USED = "用到本表时必填"
ABOUT = (
    ("数据名称", "", ""),
    ("数据状态", "观测", "没有标记的行：观测、估算或模拟"),
    ("数据说明", "", "模拟或估算数据必须写明"),
    ("混合使用", "否", "观测与模拟的行可否合在一个总数里：是 或 否"),
    ("填补", "", "如：院校.标准年课时"),
    ("填补", "", "办法：同省同层次中位数"),
)
HOW = (
    "每张表第一行是列名：带 * 的必填，带 ○ 的用到本表时必填；把鼠标放在列名上可看单位与规则。",
    "第二行灰色是示例，不读入，从第三行填起；标记为「模拟」「估算」的行按此计入，换成自己的数后把标记改为「观测」。",
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
    """college.xlsx, province.xlsx, or the short form 简表.xlsx. With `tables`, what a province sets once for all (fees, caps, cost lists …)
    is filled in, of a filled short form everything; rows that are simulated or estimated there carry that mark. Raises ParameterError
    where the name says no kind, DataError where the file exists: it may be filled."""
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
                do="写成 college.xlsx（院校）、province.xlsx（省）或 简表.xlsx（一张表，先出预算）",
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
    if kind == "short" and tables is not None:
        raise ParameterError(
            Fault(path.name, "简表没有可预填的内容", "不写 --data；要预填的用 college.xlsx")
        )
    with whole(path) as made:
        if kind == "short":
            write_short_form(made)
        else:
            _write(made, kind, tables, provinces)
    return path


def _write(path: Path, kind: str, tables: Tables | None, provinces: tuple[str, ...]) -> None:
    book = new_book(path)
    look = looks(book)
    schema = {
        table: columns for table, columns in load_schema().items() if table not in NOT_FOR[kind]
    }
    _about(book, look, kind, tables)
    where = {name: (at, len(known)) for at, (name, known) in enumerate(codes.BY_COLUMN.items())}
    own = tables is not None and from_short_form(tables)
    for table, columns in schema.items():
        rows = (
            _prefilled(table, provinces, tables, columns, own)
            if tables is not None and (own or table in SHARED)
            else []
        )
        _sheet(book, look, table, columns, rows, where)
    _dictionary(book, look, schema)
    _code_sheet(book, look)
    book.close()


def _prefilled(table, provinces, tables, columns, own) -> list[list[object]]:
    """The mark and the cells of each row that a province sets for all its colleges, or of every row of one's `own` data."""
    frame = (
        tables[table].assign(_mark=tables.row_status(table))
        if own
        else _of_provinces(table, provinces, tables)
    )
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
    sheet.set_column(0, 0, 16, look["plain"])
    sheet.set_column(1, 2, 72, look["wrap"])
    sheet.write(0, 0, f"1+X 证书成本与经费测算　{KINDS[kind]}", look["title"])
    for at, line in enumerate(HOW, 1):
        sheet.write(at, 1, line, look["wrap"])
    down = _about_set(sheet, look, tables, len(HOW) + 2)
    _guide(sheet, look, down + 2)


def _about_set(sheet, look, tables, start: int) -> int:
    """What the set says of itself, from line `start`; the line after."""
    made_up = tables is not None and any(
        (tables.row_status(table) == "simulated").any() for table in SHARED
    )
    own = tables is not None and from_short_form(tables)
    for at, (name, value, words) in enumerate(ABOUT, start):
        if own and tables is not None and name == "数据名称":
            value = tables.title.get("zh", "")
        if name == "混合使用" and made_up:
            value, words = (
                "是",
                f"预填的行取自「{tables.title.get('zh', '')}」，标记为「模拟」；填 否 则须全部换成自己的数才能计算",
            )
        sheet.write(at, 0, name, look["head"])
        sheet.write(at, 1, value, look["wrap"])
        if name != "填补":
            sheet.write(at, 2, words, look["example"])
    sheet.write(
        start + len(ABOUT),
        1,
        "「填补」一行两格：列（如 院校.标准年课时）和办法（同省同层次中位数、全国同层次中位数）；填补的格会在报告中注明。",
        look["example"],
    )
    return start + len(ABOUT) + 1


def _guide(sheet, look, down: int) -> None:
    """In which order to fill, and which sheets serve which report."""
    guide = read_yaml(package_file("data", "forms", "guide.yaml")).data
    sheet.write(down, 0, "填写顺序", look["head"])
    sheet.write(down, 1, guide["order"], look["wrap"])
    sheet.set_row(down, TWO_LINES)
    sheet.write(down + 1, 1, guide["short"], look["wrap"])
    sheet.write_row(down + 3, 0, ("要哪份报告", "填哪几张表", "再填什么，能多说什么"), look["head"])
    for at, report in enumerate(guide["reports"], down + 4):
        sheet.set_row(at, TWO_LINES)
        sheet.write(at, 0, report["name"], look["head"])
        sheet.write(at, 1, f"{report['sheets']}\n{report['command']}", look["wrap"])
        sheet.write(at, 2, report["more"], look["wrap"])


def _need(column: Column) -> str:
    return IF_USED if column.need == "R" and column.table not in CORE else NEED[column.need]


def _star(column: Column) -> str:
    """What stands before a header: * where it must always be filled, ○ where it must be if its sheet is used."""
    return "" if column.need != "R" else "*" if column.table in CORE else "○"


def _sheet(book, look, table: str, columns: dict[str, Column], rows, where) -> None:
    sheet, example = book.add_worksheet(next(iter(columns.values())).sheet), example_row(table)
    sheet.set_tab_color("#9AA5B1" if table in SHARED else "#2E7D5B")
    sheet.freeze_panes(2, 1)
    sheet.set_row(0, 34)
    sheet.set_column(0, 0, 7, look["plain"])
    mark_column(sheet, look, 0, ROWS)
    for at, column in enumerate(columns.values(), 1):
        width = max(10, 2.1 * len(column.header) + 2)
        sheet.set_column(at, at, width, look["text" if is_text(column) else "plain"])
        sheet.write(0, at, _star(column) + column.header, look["head"])
        words = comment(column, _need(column))
        sheet.write_comment(0, at, words, {"x_scale": 1.6, "author": "onexmodel"})
        sheet.write(1, at, example[column.column], look["example"])
        sheet.data_validation(1, at, 1, at, TYPED_OVER)
        sheet.data_validation(2, at, ROWS, at, _validation(column, where))
    sheet.set_selection(2, 1, 2, 1)
    for down, row in enumerate(rows, 2):
        sheet.write_row(down, 0, row)


def _validation(column: Column, where) -> dict:
    words = hint(column, _need(column))
    if column.type == "bool":
        return {"validate": "list", "source": choices(column), **words}
    if column.column in where and column.type in ("enum", "text"):
        at, count = where[column.column]
        letter = column_letter(at)
        free = {"error_type": "information"} if column.column in codes.FREE else {}
        return {
            "validate": "list",
            "source": f"=代码表!${letter}$2:${letter}${count + 1}",
            **free,
            **words,
        }
    return {"validate": "any", **words}


def _dictionary(book, look, schema) -> None:
    sheet = book.add_worksheet("数据字典")
    sheet.freeze_panes(1, 0)
    for at, (name, width, _) in enumerate(DICTIONARY):
        sheet.write(0, at, name, look["head"])
        sheet.set_column(at, at, width, look["wrap"])
    lines = [column for columns in schema.values() for column in columns.values()]
    for down, column in enumerate(lines, 1):
        sheet.write_row(down, 0, [said(column) for _, _, said in DICTIONARY])


DICTIONARY: tuple[tuple[str, int, Callable[[Column], str]], ...] = (
    ("工作表", 14, attrgetter("sheet")),
    ("列名", 20, attrgetter("header")),
    ("英文名", 24, attrgetter("column")),
    ("单位", 12, attrgetter("unit")),
    ("类型", 8, attrgetter("type_zh")),
    ("规则", 44, attrgetter("rule_zh")),
    ("英文规则", 44, attrgetter("rule_en")),
    ("例", 20, attrgetter("example")),
    ("来自", 20, attrgetter("comes_from")),
    ("是否必填", 10, _need),
)  # header, width and content of each column


def _code_sheet(book, look) -> None:
    sheet = book.add_worksheet("代码表")
    first = {
        name: column
        for columns in reversed(load_schema().values())
        for name, column in columns.items()
    }
    columns = [first[name] for name in codes.BY_COLUMN]
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
