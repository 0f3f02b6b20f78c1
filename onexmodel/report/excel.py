"""Result tables as a workbook people can forward: Chinese headers with units, number formats, frozen panes, the data label on
every sheet, a sheet of sources and assumptions — the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ..data import codes
from ..data.sheets import FONT, new_book
from ..law.parameters import Law
from ..places import whole
from .annex.appendix import value_text
from .page.words import KINDS, STATUS

SHEETS = {
    "fees": "费用标准",
    "organisations": "评价组织",
    "offerings": "开考计划",
    "colleges": "院校",
    "provinces": "省份",
    "findings": "需说明的问题",
    "settlement": "结算台账",
}
KEY_NAMES = {
    "province": "省级代码",
    "certificate": "证书代码",
    "level": "等级",
    "year": "年度",
    "organisation": "评价组织",
    "college": "学校标识码",
    "table": "表",
    "key": "位置",
    "rule": "规则",
    "severity": "级别",
    "sentence": "说明",
    "mean_approved_fee": "平均核定标准",
}
FIGURES = {
    "funding_gap": ("院校经费缺口", "元/年"),
    "waterfall_gap": ("按学校使用次序的缺口", "元/年"),
    "order_loss": ("按序使用多出的缺口", "元/年"),
    "idle": ("闲置额度", "元/年"),
    "award": ("省级奖补", "元/年"),
    "unaffordable_candidates": ("经费不足以承担的考生", "人/年"),
    "bank_unrecovered": ("机构题库未分摊额", "元/年"),
    "unit_cost": ("人均成本", "元/人"),
    "cost_per_certificate": ("每证成本", "元/证"),
}  # columns that no single rule computes
PHRASES = {
    "training": "培训",
    "assessment": "考核颁证",
    "teacher_training": "教师培训",
    "performance_pay": "教师绩效工资",
}
WORDS = {
    zh_code: zh
    for table in (
        codes.LEVEL,
        {
            "上限": "cap",
            "核定": "verification",
            "申报价": "proposal",
            "协商": "bargaining",
            "特殊情况": "special",
            "全部传导": "full",
            "部分传导": "partial",
            "不传导": "none",
            "错误": "error",
            "需说明": "warning",
            "提示": "note",
        },
    )
    for zh, zh_code in table.items()
}


def header(name: str, law: Law) -> tuple[str, str]:
    """(Chinese header with its unit, number format) of a result column."""
    if name.startswith("baseline_"):
        text, style = header(name.removeprefix("baseline_"), law)
        return f"基准·{text}", style
    for stem in ("need_", "funding_gap_"):
        if name.startswith(stem):
            return (
                f"{'需求' if stem == 'need_' else '经费缺口'}·{PHRASES[name.removeprefix(stem)]}（元/年）",
                "#,##0.00",
            )
    if name in FIGURES:
        words, unit = FIGURES[name]
        return f"{words}（{unit}）", "#,##0.00" if "元" in unit else "#,##0.0"
    rule = law.rules.get(name)
    if rule is None:
        return KEY_NAMES.get(name, name), "General"
    unit = rule["unit"]
    style = "0.0%" if unit in ("share", "比例") else "#,##0.00" if "元" in unit else "#,##0.0"
    return f"{rule['zh']}（{'%' if style == '0.0%' else unit}）" if unit not in (
        "–",
        "-",
        "",
    ) else rule["zh"], style


def write_workbook(
    frames: Mapping[str, pd.DataFrame],
    law: Law,
    path: Path,
    label: str = "",
    simulated: bool = False,
    title: str = "",
    record: Mapping[str, object] | None = None,
) -> Path:
    """All frames as sheets of one workbook, whole or not at all. `label`: what the data are, on every sheet."""
    path = Path(path)
    with whole(path) as made:
        book = new_book(made)
        look = {
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
            "label": book.add_format(
                {**FONT, "bold": True, "font_color": "#8A5A00", "bg_color": "#FFF4DC"}
            ),
            "text": book.add_format({**FONT, "text_wrap": True, "valign": "top"}),
        }
        styles: dict = {}
        for name, frame in frames.items():
            _sheet(book, look, styles, SHEETS.get(name, name), frame, law, label, simulated)
        _assumptions(book, look, law, label, title, record or {})
        book.close()
    return path


def _sheet(book, look, styles, name, frame, law, label, simulated) -> None:
    sheet = book.add_worksheet(f"模拟·{name}" if simulated else name)
    top = 1 if label else 0
    if label:
        sheet.write(0, 0, label, look["label"])
    keys = sum(1 for column in frame if column in KEY_NAMES and column not in law.rules)
    sheet.freeze_panes(top + 1, min(keys, 4))
    sheet.set_row(top, 44)
    for at, column in enumerate(frame):
        text, style = header(column, law)
        look_of = styles.setdefault(style, book.add_format({**FONT, "num_format": style}))
        sheet.write(top, at, text, look["head"])
        sheet.set_column(at, at, 60 if column == "sentence" else 13, look_of)
        for down, value in enumerate(_cells(frame[column], column, simulated), top + 1):
            if value is not None:
                sheet.write(down, at, value)
    if len(frame):
        sheet.autofilter(top, 0, top + len(frame), len(frame.columns) - 1)


def _cells(values: pd.Series, column: str, simulated: bool) -> list:
    if column == "province" and simulated:
        return [f"模拟·{value}" for value in values]
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        return [
            None
            if value is None or value is pd.NA or value != value
            else WORDS.get(value, str(value))
            for value in values
        ]
    if pd.api.types.is_bool_dtype(values):
        return ["是" if value else "否" for value in values]
    if pd.api.types.is_datetime64_any_dtype(values):
        return [None if pd.isna(value) else value.strftime("%Y-%m-%d") for value in values]
    return [None if not np.isfinite(value) else float(value) for value in values.to_numpy(float)]


def _apart(parameter) -> str:
    """（province=44：0.3；…）: what a scenario sets at some places, with its words."""
    said = []
    for one in parameter.local:
        where = "，".join(f"{key}={'、'.join(words)}" for key, words in one.where)
        said.append(f"{where}：{value_text(one.value)}")
    return f"（{'；'.join(said)}）" if said else ""


def _assumptions(book, look, law, label, title, record) -> None:
    sheet = book.add_worksheet("依据与假设")
    sheet.freeze_panes(2, 0)
    sheet.write(0, 0, label or title, look["label"] if label else look["text"])
    head = ("参数", "名称", "取值", "单位", "类别", "性质", "依据", "理由")
    for at, (name, width) in enumerate(zip(head, (30, 26, 26, 12, 10, 10, 52, 60), strict=True)):
        sheet.write(1, at, name, look["head"])
        sheet.set_column(at, at, width, look["text"])
    for down, parameter in enumerate(law.parameters.values(), 2):
        last = parameter.values[-1] if parameter.values else None
        source = (
            law.sources[last.source]["title"]
            if last and last.source in law.sources
            else last.source
            if last
            else "数据集提供"
        )
        sheet.write_row(
            down,
            0,
            (
                parameter.name,
                parameter.zh,
                (value_text(last.value) if last else "须提供") + _apart(parameter),
                parameter.unit,
                KINDS[parameter.kind][0],
                STATUS[parameter.status][0],
                source,
                parameter.reason or "",
            ),
        )
    for down, (name, value) in enumerate(record.items(), 3 + len(law.parameters)):
        sheet.write_row(down, 0, (name, str(value)))
