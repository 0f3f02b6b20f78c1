"""How cells of the workbooks handed out look, and what they refuse."""

from __future__ import annotations

from .. import codes
from ..reading.raw import MARK, MARKS
from ..schema import Column
from ..sheets import FONT

ROWS = 5000  # rows the drop-downs reach
EXAMPLE = "示例"
TYPED_OVER = {
    "validate": "custom",
    "value": "=FALSE",
    "ignore_blank": True,
    "error_title": "这是示例行",
    "error_message": "示例行不读入。请从下面的空行填起，不要改示例行。",
    "show_input": False,
}  # the commonest slip: a plan typed over the grey row is lost


def looks(book) -> dict:
    """name → format of a workbook."""
    head = {**FONT, "bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
    return {
        "plain": book.add_format(FONT),
        "title": book.add_format({**FONT, "bold": True, "font_size": 14}),
        "head": book.add_format({**head, "bg_color": "#E8EEF4"}),
        "example": book.add_format(
            {**FONT, "italic": True, "font_color": "#808080", "bg_color": "#F6F6F6"}
        ),
        "text": book.add_format({**FONT, "num_format": "@"}),
        "wrap": book.add_format({**FONT, "text_wrap": True, "valign": "top"}),
        "cell": book.add_format({**FONT, "border": 1, "border_color": "#9AA5B1"}),
        "cell_text": book.add_format(
            {**FONT, "border": 1, "border_color": "#9AA5B1", "num_format": "@"}
        ),
    }


def mark_column(sheet, look, header_row: int, last: int) -> None:
    """The first column: 标记, the example row's mark, and its choices below."""
    sheet.write(header_row, 0, MARK, look["head"])
    sheet.write(header_row + 1, 0, EXAMPLE, look["example"])
    sheet.data_validation(header_row + 1, 0, header_row + 1, 0, TYPED_OVER)
    choices = [word for word in MARKS if word not in ("", EXAMPLE)]
    sheet.data_validation(header_row + 2, 0, last, 0, {"validate": "list", "source": choices})


def comment(column: Column, need: str) -> str:
    """What stands in the note of a header."""
    return (
        f"{column.header}（{column.column}）\n单位：{column.unit}\n规则：{column.rule_zh or '–'}\n"
        f"来自：{column.comes_from}\n{need}"
    )


def hint(column: Column, need: str) -> dict[str, str]:
    """What a cell says when it is entered."""
    return {
        "input_title": column.header[:32],
        "input_message": f"单位：{column.unit}。{need}。{column.rule_zh}"[:255],
    }


def is_text(column: Column) -> bool:
    """Whether cells of the column are kept as text: codes lose their zeros and dates their form otherwise."""
    return column.type in ("id", "code", "text", "date")


def choices(column: Column) -> list[str] | None:
    """Chinese words to choose from where a short list holds them all."""
    if column.type == "bool":
        return ["是", "否"]
    known = codes.BY_COLUMN.get(column.column)
    return list(known) if known and column.type == "enum" else None
