"""The empty short form (简表): one sheet with a table for the college and a row a certificate, and what is taken for all it does not ask."""

from __future__ import annotations

from pathlib import Path

from ..codes import LEVEL
from ..schema import Column, short_schema
from ..sheets import new_book
from .defaults import STATUS, defaults, left_out, published_provinces
from .example_rows import example_row
from .looks import TYPED_OVER, choices, comment, hint, is_text, looks, mark_column
from .short_form import COLLEGE, PLANS

TITLE = "1+X 证书经费简表"
LEAD = "填两张表的空行：上面一行院校，下面一行一个证书和等级。带 * 的必填；灰色是示例，不读入，也不让改。"
NEED = {"R": "必填", "O": "可空"}
FIRST = {COLLEGE: 2, PLANS: 7}  # the header's line on the sheet, from 0
CELLS = {COLLEGE: 1, PLANS: 12}  # bordered lines to fill; more may follow below the last
REACH = 500  # lines that drop-downs of the second table reach
HOW = (
    "一、填「简表」：院校一行，证书一行一个等级，六行约四十格。证书编号、学校编号不用填，由程序编出。",
    "二、核对：onexmodel check 本文件.xlsx",
    "三、出预算：onexmodel report budget_and_settlement --data 本文件.xlsx",
    "全部报告：onexmodel report all --data 本文件.xlsx",
    "要填得更细：onexmodel template 院校.xlsx --data 本文件.xlsx 转成完整工作簿，填过的都在；",
    "也可在本工作簿里加一张完整工作簿的表，如「经费来源额度」。",
)


def write_short_form(path: Path) -> None:
    """The workbook with sheets 简表 and 说明."""
    book = new_book(path)
    look = looks(book)
    _form(book, look)
    _about(book, look)
    book.close()


def _form(book, look) -> None:
    sheet = book.add_worksheet("简表")
    sheet.set_tab_color("#2E7D5B")
    sheet.set_column(0, 0, 7, look["plain"])
    sheet.set_column(1, 1, 30, look["plain"])
    sheet.set_column(2, 8, 14, look["plain"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write(0, 1, TITLE, look["title"])
    sheet.write(1, 1, LEAD, look["plain"])
    for table, columns in short_schema().items():
        _table(sheet, look, table, columns)
    sheet.set_selection(FIRST[COLLEGE] + 2, 1, FIRST[COLLEGE] + 2, 1)


def _table(sheet, look, table: str, columns: dict[str, Column]) -> None:
    top, example = FIRST[table], example_row(table)
    last = top + 1 + CELLS[table]
    reach = last if table == COLLEGE else REACH
    sheet.set_row(top, 32)
    mark_column(sheet, look, top, reach)
    for at, column in enumerate(columns.values(), 1):
        need = NEED[column.need]
        sheet.write(top, at, ("*" if column.need == "R" else "") + column.header, look["head"])
        sheet.write_comment(top, at, comment(column, need), {"x_scale": 1.6, "author": "onexmodel"})
        sheet.write(top + 1, at, example[column.column], look["example"])
        sheet.data_validation(top + 1, at, top + 1, at, TYPED_OVER)
        sheet.data_validation(top + 2, at, reach, at, _validation(column, need))
        for down in range(top + 2, last + 1):
            sheet.write_blank(down, at, None, look["cell_text" if is_text(column) else "cell"])


def _validation(column: Column, need: str) -> dict:
    words = choices(column)
    if column.column == "province":
        words = list(published_provinces()["name_zh"])
    if column.column == "level":
        words = [word for word in words or () if LEVEL[word] != "all"]
    return (
        {"validate": "list", "source": words, **hint(column, need)}
        if words
        else {
            "validate": "any",
            **hint(column, need),
        }
    )


def _about(book, look) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 26, look["plain"])
    sheet.set_column(1, 1, 110, look["plain"])
    sheet.set_column(2, 2, 70, look["plain"])
    sheet.write(0, 0, f"{TITLE}　怎样填", look["title"])
    for at, line in enumerate(HOW, 1):
        sheet.write(at, 0, line)
    down = len(HOW) + 2
    sheet.write_row(down, 0, ("没有问的", "不填时取什么", "填了能多说什么"), look["head"])
    for one in defaults().values():
        down += 1
        taken = f"{STATUS[one.given['status']]}：{one.given['source']['zh']}"
        value = one.given.get("value")
        if value is not None and not isinstance(value, (dict, str)):
            taken = f"{one.amount(value).strip()}。{taken}"
        sheet.write_row(down, 0, (one.given["zh"], taken, one.given["adds"]["zh"]))
    for given in left_out().values():
        down += 1
        sheet.write_row(down, 0, (given["zh"], "不取值，报告中写没有填报", given["adds"]["zh"]))
