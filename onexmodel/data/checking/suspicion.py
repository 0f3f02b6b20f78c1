"""What is well formed and still looks wrong: totals rows, personal data, swapped dates."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...errors import Fault
from ..reading.words import TOTALS_ROW, Words, is_total
from ..schema import Column
from ..tables import Origin, by_code
from .row_checks import say_fault

IDENTITY = re.compile(
    r"(?<!\d)[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"
)
PHONE = re.compile(r"(?<![\dA-Za-z])1[3-9]\d{9}(?!\d)")
PREFIXED = re.compile(r"[A-Za-z]{1,6}[-_]?[\w-]*")  # a code that says it is one
SURNAMES = set(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
_SUMS = re.compile("[计和数全汇页年]|total|sum", re.I)  # one of these is in the name of every sum
PROSE = ("title", "quote", "issuer", "document", "special_document", "address")
WHOLE = ("全省", "全国", "全校", "全市", "全院", "全区", "全部", "总数", "汇总", "本页", "本年")
OF_PLACES = (
    "provinces",
    "colleges",
    "offerings",
    "workload",
    "pay_pools",
    "assessments",
    "payments",
    "budget_lines",
)
PLACE_COLUMNS = (
    "province",
    "college",
    "name",
    "name_zh",
    "certificate",
    "teacher",
    "assessment",
    "voucher",
)
STAFF_SLACK = 0.05  # people come and go within a year


def personal(
    words: Mapping[str, Words],
    columns: Mapping[str, Column],
    origin: Origin,
    faults: list[Fault],
) -> None:
    """Identity and telephone numbers anywhere; a teacher's or payee's name where a code belongs."""
    for name, column in columns.items():
        if name not in words or column.numeric or column.type in ("date", "bool", "enum"):
            continue
        different = words[name].different
        text = "\n".join(
            word for word in different if len(word) > 10
        )  # most columns hold none: one look at all words before one at each
        suspect = different if IDENTITY.search(text) or PHONE.search(text) else ()
        bad = {
            word
            for word in suspect
            if (IDENTITY.search(word) or (PHONE.search(word) and column.type != "code"))
            and not (column.type == "id" and name != "teacher" and PREFIXED.fullmatch(word.strip()))
        }
        if name in ("teacher", "payee"):
            bad |= {
                word
                for word in different
                if 2 <= len(word.strip()) <= 4
                and word.strip()[0] in SURNAMES
                and re.fullmatch("[一-鿿]+", word.strip())
            }
        for row in np.flatnonzero(words[name].are(bad)) if bad else ():
            faults.append(_hidden(origin, int(row), column))


def _hidden(origin: Origin, row: int, column: Column) -> Fault:
    """The message does not repeat the value: it may be somebody's number."""
    do = "换成编号（如 T0173）；对照表留在校内"
    if column.type == "id" and column.column != "teacher":
        start = column.example.split("-")[0] if column.example[:1].isalpha() else "PZ"
        do = (
            f"换成编号；本来就是单位、凭证或批次的编号，就在前面加字母（如 {start}-），各表写成一样"
        )
    return origin.fault(
        row,
        column.column,
        "像是个人的姓名、电话或身份证号，不收",
        do,
        code="personal",
    )


def totals(
    words: Mapping[str, Words | np.ndarray],
    origin: Origin,
    faults: list[Fault],
    columns: Mapping[str, Column] | None = None,
) -> np.ndarray:
    """(rows,) bool: rows that are a sum of others; each is a fault."""
    found = np.zeros(len(origin.rows), bool)
    for name, column_of in words.items():
        cells = Words.of(column_of)
        if _plainly_numbers(cells.different):
            continue
        column = (columns or {}).get(name)
        free = column is not None and column.column in PROSE
        whole = column is not None and column.table in OF_PLACES and column.column in PLACE_COLUMNS
        sums = [
            word
            for word in cells.different
            if _SUMS.search(word)
            and (
                (is_total(word) and not (free and len(word.strip()) > 3))
                or (whole and re.sub(r"\s", "", word) in WHOLE)
            )
        ]
        hit = cells.are(sums) & ~found if sums else np.zeros(len(found), bool)
        found |= hit
        faults += [
            origin.fault(int(row), name, *TOTALS_ROW, code="totals_row")
            for row in np.flatnonzero(hit)
        ]
    return found


def _plainly_numbers(different: np.ndarray) -> bool:
    """A quick no: most columns hold digits only."""
    joined = "".join(different)
    if joined.isascii() and not any(letter in joined for letter in "oOuU"):
        return True
    return joined.isascii() and not re.search("[tsTS][ouOU]", joined)


def inconsistent(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> list[Fault]:
    """Payments before their assessment, vouchers that come again, items that two bear. Warnings and notes."""
    faults: list[Fault] = []
    if "payments" in origins:
        _payments(frames, origins, faults)
    if "ingredients" in origins:
        _charged_twice(frames["ingredients"], origins["ingredients"], faults)
    return faults


def _payments(frames, origins, faults) -> None:
    payments = frames["payments"]
    if "assessments" in origins and len(payments) and len(frames["assessments"]):
        batches = frames["assessments"]
        day = payments["assessment"].map(by_code(batches, "assessment")["assessed_on"])
        early = payments["paid_on"] < day
        say_fault(
            faults,
            origins["payments"],
            "paid_on",
            early,
            "支付日期早于考核日期",
            "预付的请注明；会不会是两个日期填反了？",
            "paid_before_assessment",
            level="warning",
        )
        say_fault(
            faults,
            origins["assessments"],
            "assessed_on",
            batches["assessment"].isin(payments["assessment"][early]),
            "考核日期晚于支付日期",
            "核对这一批次的考核日期与支付日期",
            "paid_before_assessment",
            level="warning",
        )
    again = payments.duplicated(["college", "voucher"]) & ~payments.duplicated(
        ["college", "voucher", "assessment", "amount", "paid_on"]
    )
    say_fault(
        faults,
        origins["payments"],
        "voucher",
        again,
        "同一凭证号在本校出现多次",
        "一张凭证付多个批次的属正常；重复支付的请更正",
        "voucher_again",
        level="note",
    )


def _charged_twice(rows: pd.DataFrame, origin: Origin, faults) -> None:
    place = [
        "certificate",
        "level",
        "component",
        "phase",
        "item",
        "sub_item",
        "province",
        "college",
    ]
    say_fault(
        faults,
        origin,
        "borne_by",
        rows.groupby(place, sort=False)["borne_by"].transform("nunique") > 1,
        "同一地方同一费用项目由培训评价组织和院校重复列支",
        "明确一个承担方",
        "item_with_two_bearers",
        level="warning",
    )


def teachers_missing(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]
) -> list[Fault]:
    """A college's 教师工作量 of a year that holds other than its full-time teachers: shares of pay would be taken over those listed."""
    if not {"workload", "colleges"} <= origins.keys():
        return []
    rows, faults = frames["workload"], []
    staff = by_code(frames["colleges"], "college")["teachers"]
    for (college, year), listed in rows.assign(row=np.arange(len(rows))).groupby(
        ["college", "year"], sort=False
    ):
        count, full = listed["teacher"].nunique(), staff.get(college, np.nan)
        if full > 0 and abs(count - full) > STAFF_SLACK * full:
            less = (
                "补上其余教师（没有承担任务的，承担任务填「无」），或这一校整校不填"
                if count < full
                else "核对是否重复或含外聘教师"
            )
            what = f"{college} {year:g} 年列有 {count} 名教师，专任教师数是 {full:g}（{100 * count / full:.1f}%），绩效分配按所列教师计算"
            faults.append(
                origins["workload"].fault(
                    int(listed["row"].iloc[0]),
                    "college",
                    what,
                    less,
                    level="warning",
                    code="teachers_missing",
                )
            )
    return faults
