"""The accounts in budget_and_settlement: payable and paid, ageing, months, clearing, why spending changed, what to explain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...analysis import settlement_study as ss
from ...analysis.grouping import joined_groups
from ...engine.settle_findings import in_general, ledger_facts
from ..annex.appendix import findings_table
from ..page.adding import add_up
from ..page.html import Block, number, paragraphs, percent, wan
from ..page.press import SMALL
from . import figures as settle_figures
from .pot import tier_words

AGES = (
    ("0–30天", "0–30 days"),
    ("31–90天", "31–90"),
    ("91–180天", "91–180"),
    ("180天以上", "over 180"),
)
MONEY = (
    "payable_fen",
    "paid_fen",
    "arrears_fen",
    "overpaid_fen",
    "price_exception_fen",
    "quantity_exception_fen",
    "payment_exception_fen",
)


def no_accounts(report) -> Block | None:
    """What stands instead of a part that needs assessment records, where there are none up to the day."""
    return None if report.has_accounts else paragraphs(why_none(report))


def why_none(report) -> str:
    """Why there are no accounts to show."""
    if not len(report.ledger.batches):
        return report.press.say(
            f"截至{report.at}没有考核记录，不作结算。",
            f"No assessment records up to {report.at}: nothing to settle.",
        )
    return report.press.say(
        f"截至{report.at}有考核记录的院校不足{SMALL}所，流转版不列结算。",
        f"Fewer than {SMALL} colleges have assessment records up to {report.at}: a circulated report shows no settlement.",
    )


def tiers_of(report) -> list[tuple[str, ...]]:
    """Tiers of the accounts that may stand alone, smaller ones joined."""
    counts = report.ledger.batches.groupby("tier", sort=True)["college"].nunique().to_dict()
    return joined_groups(counts, 1 if report.press.internal else SMALL)


def _without_twin(table: pd.DataFrame) -> pd.DataFrame:
    """One group is the total: it is not printed twice."""
    return table if len(table) > 2 else table.iloc[-1:]


def settlement_table(report) -> Block:
    """应付已付核对表: by tier, or by batch in a college's own report."""
    if empty := no_accounts(report):
        return empty
    press, say = report.press, report.press.say
    alone = bool(report.study.college)
    table = ss.by_group(
        report.ledger, "assessment" if alone else "tier", () if alone else tiers_of(report)
    )
    groups = table["group"].tolist()
    money = add_up(
        table.set_index("group")[list(MONEY)] / 1e6,
        {"all": groups[:-1]},
        {"payable_fen": {"paid_fen": 1, "arrears_fen": 1, "overpaid_fen": -1}},
        decimals=2 if alone else 1,
    )
    rows = []
    for row in _without_twin(table).to_dict("records"):
        cells = [
            *(number(value, 2 if alone else 1) for value in money.loc[row["group"]]),
            percent(row["settlement_rate"]),
        ]
        name = row["group"] if alone and row["group"] != "all" else tier_words(press, row["group"])
        rows.append(
            [name, number(row["batches"]), *(press.shown(cell, row["colleges"]) for cell in cells)]
        )
    header = [
        say(*pair)
        for pair in (
            ("范围", "group"),
            ("批次", "batches"),
            ("应付", "payable"),
            ("已付", "paid"),
            ("未结清", "arrears"),
            ("多付", "overpaid"),
            ("价格差异", "price"),
            ("数量差异", "quantity"),
            ("付款差异", "payment"),
            ("结清率%", "settled %"),
        )
    ]
    return press.table(
        report.tag("table", "settled"),
        say(
            f"应付已付核对表（{report.years()}考核，截至{report.at}，万元）",
            f"Payable and paid: assessments {report.years()}, at {report.at}, 10,000 yuan",
        ),
        header,
        rows,
        total=True,
        source=report.source,
        note=say(
            "应付＝考核日执行标准×计费人次；应付＝已付＋未结清－多付。价格差异＝发票金额－标准×发票人次，数量差异＝标准×（发票人次－计费人次），"
            "付款差异＝已付－发票金额（负数是已开票未付的部分，已含在未结清中；正数是多付）；已开票或已付款的批次，三项之和为已付与应付之差。"
            "一个批次有几张发票的先合计，同一张发票分次付款的不重复计；既未开票也未付款的批次不计差异，已付款而无发票的视同按应付开票。",
            "Payable = fee on the day × counted sittings = paid + arrears − overpaid. Price = invoiced − fee × invoiced sittings; "
            "quantity = fee × (invoiced − counted sittings); payment = paid − invoiced (below 0: billed and not paid, part of the "
            "arrears; above: overpaid); where a batch was billed or paid the three add to paid − payable. Several bills of a batch are "
            "summed first; a bill paid in parts counts once. A batch neither billed nor paid has no exception; one paid without a bill "
            "counts as billed what is payable.",
        ),
        columns=(
            "payable_fen",
            "payments.amount",
            "arrears",
            "overpaid",
            "price_exception",
            "quantity_exception",
            "payment_exception",
            "settlement_rate",
        ),
    )


def age_table(report) -> Block:
    """账龄表, and its figure."""
    if empty := no_accounts(report):
        return empty
    press, say = report.press, report.press.say
    table = ss.by_group(report.ledger, "tier", tiers_of(report))
    groups = table["group"].tolist()
    money = add_up(
        table.set_index("group")[[*ss.s.BUCKETS, "arrears_fen"]] / 1e6,
        {"all": groups[:-1]},
        {"arrears_fen": dict.fromkeys(ss.s.BUCKETS, 1)},
    )
    rows = [
        [
            tier_words(press, row.group),
            *(press.shown(number(value, 1), row.colleges) for value in money.loc[row.group]),
        ]
        for row in _without_twin(table).itertuples()
    ]
    made = press.table(
        report.tag("table", "ages"),
        say(
            f"未结清金额账龄表（截至{report.at}，万元）",
            f"Arrears by age at {report.at}, 10,000 yuan",
        ),
        [say("层次", "tier"), *(say(*pair) for pair in AGES), say("合计", "total")],
        rows,
        total=True,
        source=report.source,
        columns=("age_bucket", "ageing", "arrears"),
    )
    ages = report.ledger.ages()
    if not ages.sum():
        return made + paragraphs(
            say(f"截至{report.at}已全部结清。", f"All is settled at {report.at}.")
        )
    return made + press.figure(
        report.tag("figure", "ages"),
        say(
            f"截至{report.at}的未结清金额中{percent(ages[2:].sum() / ages.sum())}%超过90天",
            f"{percent(ages[2:].sum() / ages.sum())} % of arrears at {report.at} are older than 90 days",
        ),
        settle_figures.age_bars(
            press, money.loc["all", list(ss.s.BUCKETS)], [say(*pair) for pair in AGES]
        ),
        source=report.source,
    )


def need_figure(report) -> Block:
    """Fees by month against the money for fees of the same year."""
    if empty := no_accounts(report):
        return empty
    press, say = report.press, report.press.say
    found = ss.monthly_fees(report.study, report.ledger, report.runs[1])
    if found is None:
        return paragraphs(
            say(
                "考核记录没有应付金额，不画分月图。",
                "Nothing is payable by the records: no months are drawn.",
            )
        )
    over, busy = int((found.due > found.money).sum()), int((found.due > 0).sum())
    if found.pattern:
        basis = say(
            f"{found.year}年度还没有考核记录：计划的考核费按{found.pattern}年的考核月份分布推算（假设）。",
            f"No records of {found.year} yet: the plan's bill is spread by the months of {found.pattern} (an assumption).",
        )
        when = say(
            f"{found.year}年若仍按{found.pattern}年的月份考核",
            f"If {found.year} is assessed in the months of {found.pattern}",
        )
    else:
        basis = say(f"{found.year}年考核记录的应付。", f"Payable by the records of {found.year}.")
        when = say(f"{found.year}年", f"In {found.year}")
    title = (
        say(
            f"{when}，有考核的{busy}个月中{over}个月的考核费超过月均资金",
            f"{when}, fees of {over} of {busy} months with assessments exceed a twelfth of the money",
        )
        if over
        else say(
            f"{when}，没有一个月的考核费超过月均资金",
            f"{when}, no month's fees exceed a twelfth of the money",
        )
    )
    note = say(
        f"{basis}虚线为{found.year}年度统筹安排给考核费的资金的十二分之一；两者同一年度、同一用途。",
        f"{basis} Dashed: a twelfth of what the pooled plan of {found.year} gives to fees; the same year and use.",
    )
    return press.figure(
        report.tag("figure", "months"),
        title,
        settle_figures.need_bars(press, found),
        source=report.source,
        note=note,
    )


def burn_figure(report) -> Block:
    """Settlement burn-down and the plan that clears arrears out of each college's own idle money."""
    if empty := no_accounts(report):
        return empty
    press, say, plan, year = report.press, report.press.say, report.plan, report.study.year
    if not report.ledger.arrears:
        return paragraphs(
            say(
                f"截至{report.at}没有未结清金额，不需要清偿计划。",
                f"Nothing is owed at {report.at}: no clearing plan.",
            )
        )
    done, left = plan[plan["left_fen"] <= 0], wan(plan["left_fen"].iloc[-1] / 100)
    which = say(
        "本校" if report.study.college else "欠付院校",
        "the college" if report.study.college else "colleges that owe",
    )
    other = (
        not report.study.college
        and ss.idle_and_arrears(report.study, report.ledger, report.runs[1])["other"] > 500
    )
    more = say(
        "；其余闲置额度在已无欠付的院校，也可跨校统筹" if other else "",
        "; the rest of the idle money lies with colleges that owe no more, and may be pooled"
        if other
        else "",
    )
    finding = (
        say(
            f"{which}用自己{year}年度的闲置额度逐月清偿，{int(done['month'].iloc[0])}个月可全部结清",
            f"Out of their own idle money of {year} {which} clear all in {int(done['month'].iloc[0])} months",
        )
        if len(done)
        else say(
            f"{which}用自己{year}年度的闲置额度逐月清偿，全年额度用完仍剩{left}万元，须用下一年度的资金{more}",
            f"With all their own idle money of {year} paid out {which} still owe {left}, which needs next year's money{more}",
        )
    )
    burn = ss.burn(report.accounts, report.ledger, report.view)
    return press.figure(
        report.tag("figure", "burn"),
        finding,
        settle_figures.burn_lines(press, burn, plan, report.at),
        source=report.source,
        note=say(
            f"每校每月以本校{year}年度闲置额度的十二分之一先付最早的批次，余款结转；一年的额度只用一次，共十二个月；不跨校调剂。",
            f"Each college pays its oldest batches first out of a twelfth of its own idle limits of {year} a month, twelve "
            f"months in all: money of one year is spent once. Nothing moves between colleges.",
        ),
    )


def change_figure(report) -> Block:
    """Why fee spending changed: price, volume, mix."""
    press, say = report.press, report.press.say
    years = ss.ledger_change(report.ledger) if report.has_accounts else None
    if years is None and not report.study.composition.changes_anything:
        seen = (
            say(
                f"考核记录只有{report.years()}一个年度",
                f"Assessment records are of one year, {report.years()}",
            )
            if report.has_accounts
            else why_none(report).rstrip("。.")
        )
        return paragraphs(
            say(
                f"{seen}，也没有对照方案，不作价格—数量—结构分解；有两个年度的记录（或给出方案）时本处列出。",
                f"{seen}, and there is no scheme to compare: no price–volume–mix; it stands here with records of two years (or a "
                f"scheme).",
            )
        )
    gap = [str(year) for year in range(years[0] + 1, years[1])] if years else []
    words = (
        say(
            f"{years[0]}到{years[1]}年{'（中间缺' + '、'.join(gap) + '年）' if gap else ''}应付考核费",
            f"payable {years[0]} to {years[1]}{' (no records of ' + ', '.join(gap) + ')' if gap else ''}",
        )
        if years
        else say("方案与基准相比考核费支出", "fee spending, scheme against baseline")
    )
    parts = years[2] if years else ss.spending_change(report.study, *report.runs)
    frame = pd.DataFrame(
        {"yuan": [parts[name] / 1e4 for name in (*ss.PARTS, "change")]}, index=[*ss.PARTS, "change"]
    )
    shown = add_up(frame, {"change": ss.PARTS}, decimals=2 if report.study.college else 1)["yuan"]
    price, volume, mix, change = (
        number(shown[name], 2 if report.study.college else 1) for name in (*ss.PARTS, "change")
    )
    title = say(
        f"{words}变化{change}万元，其中价格{price}、数量{volume}、结构{mix}",
        f"{words}: change {change} = price {price} + volume {volume} + mix {mix} (10,000 yuan)",
    )
    if np.abs(shown).max() == 0:
        title = say(f"{words}没有变化", f"{words}: no change")
    return press.figure(
        report.tag("figure", "change"),
        title,
        settle_figures.change_bars(press, shown, 2 if report.study.college else 1),
        source=report.source,
        note=say(
            "价格＝标准变动×后一期人次；数量＝总人次变动×前一期平均标准；结构＝证书结构变动；三者之和等于变化。",
            "Price: change of fees × later sittings; volume: change of all sittings × earlier mean fee; mix: the rest; they "
            "add to the change.",
        ),
    )


def account_findings(report) -> Block:
    """What to explain or report upward: in a circulated report a general sentence a rule and its count."""
    if empty := no_accounts(report):
        return empty
    facts = ledger_facts(report.ledger, report.accounts)
    shown = (
        facts
        if report.press.internal and report.press.lang == "zh"
        else in_general(facts, report.press.lang)
    )
    return findings_table(report.press, shown, report.tag("table", "findings"))
