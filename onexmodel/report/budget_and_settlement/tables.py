"""收支预算总表: use × economic code × source, budgeted, final, left (section 五 of budget_and_settlement); parts add to totals in print."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from ...analysis.budget_sheet import OTHER, budget_sheet
from ...rules.funding import SOURCES as SOURCE_KEYS
from ..page.adding import add_up
from ..page.html import Block, number, paragraphs, ranged, share
from ..page.press import SMALL
from ..page.words import SOURCES, USES
from .ranges import enough_by_use, note_of, span_of

CODES = {
    "30107": ("绩效工资", "performance pay"),
    "30214": ("租赁费", "rental"),
    "30216": ("培训费", "training"),
    "30218": ("专用材料费", "materials"),
    "30226": ("劳务费", "labour"),
    "30227": ("委托业务费", "entrusted business"),
    "31003": ("设备", "equipment"),
    OTHER: ("其他", "other"),
}
REPORTED = ("budgeted", "final", "left")


def budget_table(report) -> Block:
    """The table, and in words where the budget falls short of the need."""
    press, sheet = (
        report.press,
        budget_sheet(
            report.study,
            report.accounts,
            report.runs[1],
            report.view,
            1 if report.press.internal else SMALL,
        ),
    )
    sheet = sheet[
        (sheet["need"] > 0) | sheet["budgeted"].notna() | (sheet["use"] == "all")
    ].reset_index(drop=True)
    used = [source for source in SOURCE_KEYS if sheet[source].iloc[-1] > 500]
    money = _rounded(sheet, used)
    order = [
        i
        for use in dict.fromkeys(sheet["use"])
        for i in sorted(
            np.flatnonzero(sheet["use"] == use), key=lambda i: (sheet["code"].iloc[i] != "", i)
        )
    ]  # a use, then its codes
    rows = [row for row in (_row(report, sheet, money, used, i) for i in order) if row]
    header = (
        [press.say(*pair) for pair in (("用途、经济分类", "use, economic code"), ("需求", "need"))]
        + [press.word(SOURCES, source) for source in used]
        + [
            press.say(*pair)
            for pair in (("缺口", "gap"), ("预算", "budgeted"), ("执行", "final"), ("结余", "left"))
        ]
    )
    note = press.say(
        "需求、来源和缺口为测算（专项先用、其余统筹；用途内各经济分类按需求分摊来源，分类对应为假设）；预算、执行取自预算表，没有填报的为「—」；结余＝预算－执行，只计两项都填报的；为使分项与合计相加一致，个别尾数调整0.1。",
        "Need, sources and gap are modelled (restricted money first, then pooled; within a use spread over its codes by need, the "
        "mapping to codes is an assumption); budgeted and final as reported, — where none; left = budgeted − final where both are; "
        "some last digits moved by 0.1 so that parts add.",
    ) + note_of(report)
    title = press.say(
        f"{report.study.year}年度收支预算总表（万元）",
        f"Budget of {report.study.year}, 10,000 yuan",
    )
    return (
        press.table(
            report.tag("table", "sheet"),
            title,
            header,
            rows,
            total=True,
            source=report.source,
            note=note,
            columns=(
                "needs",
                "flows",
                "funding_gap",
                "budget_lines.budgeted",
                "budget_lines.final",
            ),
        )
        + _short(report, sheet, money)
        + enough_by_use(report)
    )


def _rounded(sheet: pd.DataFrame, used) -> pd.DataFrame:
    """Columns in 万元 that add down (codes to uses to total) and across (sources and gap to need, left to budgeted − final)."""
    frame = sheet[["need", "gap", *REPORTED, *used]] / 1e4
    small = [source for source in SOURCE_KEYS if source not in used]
    frame["need"] -= (
        sheet[small].sum(axis=1) / 1e4
    )  # sources of under 500 yuan in all have no column
    frame.index = [f"{row.use}/{row.code}" for row in sheet.itertuples()]
    down = {
        f"{use}/": [f"{use}/{code}" for code in some["code"] if code]
        for use, some in sheet.groupby("use", sort=False)
        if use != "all"
    }
    down = {total: parts for total, parts in down.items() if parts} | {
        "all/": [f"{use}/" for use in dict.fromkeys(sheet["use"]) if use != "all"]
    }
    across = {"need": {**dict.fromkeys(used, 1), "gap": 1}}
    both = frame[list(REPORTED)].dropna()
    if (np.abs(both["budgeted"] - both["final"] - both["left"]) < 1e-6).all():
        across["budgeted"] = {"final": 1, "left": 1}
    return add_up(frame, down, across)


def _row(report, sheet: pd.DataFrame, money: pd.DataFrame, used, i: int) -> list[object] | None:
    """One line; a use stands before its codes, and alone with its code where it has one."""
    press, line, values = report.press, sheet.iloc[i], money.iloc[i]
    codes = sheet.loc[(sheet["use"] == line["use"]) & (sheet["code"] != ""), "code"].tolist()
    if line["code"] and len(codes) == 1:
        return None
    if line["code"]:
        name = "　" + _code_words(press, line["code"])
    else:
        name = (
            press.say("合计", "total")
            if line["use"] == "all"
            else press.word(USES, line["use"])
            + (f" {codes[0]}" if len(codes) == 1 and codes[0] != OTHER else "")
        )
    hidden = line["use"] == "all" and not press.internal and _any_hidden(sheet)
    reported = [
        number(values[column], 1)
        if not np.isfinite(values[column])
        else press.shown(number(values[column], 1), 0 if hidden else int(line["colleges"]))
        for column in REPORTED
    ]
    wide = _ranges_of(line["use"], line["code"], used)
    cells = {
        column: ranged(number(values[column], 1), span_of(report, wide[column]))
        if column in wide
        else number(values[column], 1)
        for column in ("need", *used, "gap")
    }
    return [
        Block(f'<span style="white-space:nowrap">{escape(name)}</span>'),
        *cells.values(),
        *reported,
    ]


def _ranges_of(use: str, code: str, used) -> dict[str, str]:
    """Column → the interval that stands in it: need and gap of a use and of all, sources of all; none of a code."""
    if code:
        return {}
    return (
        {"need": "need", "gap": "gap", **{source: source for source in used}}
        if use == "all"
        else {"need": f"need.{use}", "gap": f"gap.{use}"}
    )


def _code_words(press, code: str) -> str:
    """A code and its name where it is known."""
    return " ".join(
        part
        for part in (
            code if code != OTHER else "",
            press.word(CODES, code) if code in CODES else "",
        )
        if part
    )


def _any_hidden(sheet: pd.DataFrame) -> bool:
    """Is a use reported by so few that its cells are hidden? Then the total, less the others, must not give it away."""
    uses = sheet[(sheet["code"] == "") & (sheet["use"] != "all")]
    return bool(((uses["colleges"] > 0) & (uses["colleges"] < SMALL)).any())


def _short(report, sheet: pd.DataFrame, money: pd.DataFrame) -> Block:
    """Uses whose budget stands under nine tenths of the modelled need."""
    press, say = report.press, report.press.say
    uses = sheet[(sheet["code"] == "") & (sheet["use"] != "all") & sheet["budgeted"].notna()]
    if not press.internal:
        uses = uses[uses["colleges"] >= SMALL]
    short = uses[uses["budgeted"] < 0.9 * uses["need"]]
    if not len(uses):
        return paragraphs(
            say(
                f"数据中没有可列示的{report.study.year}年度预算行。",
                f"No budget lines of {report.study.year} that may be shown.",
            )
        )
    if not len(short):
        return paragraphs(
            say(
                "已填报预算的各项用途，预算数都不低于测算需求的九成。",
                "Every use with a budget has at least nine tenths of the modelled need.",
            )
        )
    words = say("；", "; ").join(
        say(
            f"{press.word(USES, row.use)}预算{number(money.loc[f'{row.use}/', 'budgeted'], 1)}万元，"
            f"只及需求{number(money.loc[f'{row.use}/', 'need'], 1)}万元的{share(row.budgeted / row.need)}%",
            f"{press.word(USES, row.use)}: {number(money.loc[f'{row.use}/', 'budgeted'], 1)} budgeted, "
            f"{share(row.budgeted / row.need)} % of the need of {number(money.loc[f'{row.use}/', 'need'], 1)}",
        )
        for row in short.itertuples()
    )
    words = words[:1].upper() + words[1:]
    pay = (
        say(
            "绩效工资的需求是按核增规则测算的数额，不是已批准的核增。",
            " The need for performance pay is what the uplift rule gives, not an approved uplift.",
        )
        if "performance_pay" in set(short["use"])
        else ""
    )
    return paragraphs(
        say(
            f"{words}：差额须补列预算或说明。{pay}",
            f"{words}. The rest is to be budgeted or explained.{pay}",
        )
    )
