"""fee_cap's dynamic adjustment (C5): the fee index by rule over the published years, and what it does to the scheme's fees."""

from __future__ import annotations

from ...analysis.dynamic import ASSUMED, FACTORS, RULES, SINCE, effect, moved_in
from ..page.html import Block, number, paragraphs, percent, signed, wan
from . import curves as cap_figures
from .areas import shares

RULE = {
    "accumulated": ("累计触发", "accumulated"),
    "yearly": ("逐年调整", "yearly"),
    "never": ("不调整", "never"),
}
SERIES = {
    "wage_non_private": (
        "城镇非私营单位平均工资增幅",
        "growth of the mean wage, urban non-private units",
    ),
    "cpi": ("居民消费价格涨幅", "change of consumer prices"),
}
SHORT = {
    "wage_non_private": ("工资涨幅 %", "wages %"),
    "cpi": ("消费价格涨幅 %", "consumer prices %"),
}
PARTS = {"wages": ("工资", "wages"), "materials": ("材料", "materials"), "it": ("信息系统", "IT")}
BASIS = {
    "ledger": ("按台账中机构承担的考核成本计算", "from what organisations bear in the ledger"),
    "given": ("按情景或 --set 给定", "as the scenario or --set gives them"),
    "assumed": (
        "台账没有机构承担的成本，取假设值",
        "assumed: the ledger has no cost borne by organisations",
    ),
}


def figure(report) -> Block:
    """图2: fee index by rule and year."""
    say, press, a = report.press.say, report.press, report.adjustment
    if not a.years:
        return paragraphs(
            say(
                f"图2、表5、表6从略：{SINCE}年之后没有各序列齐全的年份。",
                f"Figure 2 and tables 5 and 6 are left out: no year after {SINCE} has every series.",
            )
        )
    names = {rule: press.word(RULE, rule) for rule in RULES}
    moves = {rule: moved_in(path, a.years) for rule, path in a.paths.items()}
    return press.figure(
        say("图2", "Figure 2"),
        finding(report),
        cap_figures.index_paths(press, [SINCE, *a.years], a.paths, names, moves),
        source=say("国家统计局公布数（出处见表5下）", "NBS releases, listed below table 5"),
        note=terms(report),
    )


def finding(report) -> str:
    """When the accumulated rule moves, and where each rule ends."""
    say, a = report.press.say, report.adjustment
    last, moves = a.years[-1], moved_in(a.paths["accumulated"], a.years)
    ends = {rule: f"{path[-1]:.2f}" for rule, path in a.paths.items()}
    if moves:
        head = say(
            f"按{SINCE}年以来公布的工资与物价，累计触发规则在{'、'.join(map(str, moves))}年末调整，{last}年末指数{ends['accumulated']}",
            f"With wages and prices published since {SINCE}, the accumulated rule moves at the end of {', '.join(map(str, moves))} and stands at {ends['accumulated']} in {last}",
        )
    else:
        head = say(
            f"按{SINCE}年以来公布的工资与物价，累计触发规则到{last}年末没有触发",
            f"With wages and prices published since {SINCE}, the accumulated rule has not moved by the end of {last}",
        )
    return head + say(f"；逐年调整到{ends['yearly']}", f"; yearly: {ends['yearly']}")


def terms(report) -> str:
    """Signal, shares and the rule's terms in words."""
    say, press, a = report.press.say, report.press, report.adjustment
    told = dict(zip(FACTORS, shares([a.shares[factor] for factor in FACTORS]), strict=True))
    parts = say("、", ", ").join(
        f"{press.word(PARTS, factor)}{say('', ' ')}{told[factor]}%" for factor in FACTORS
    )
    view = {
        name: a.view[f"fees.adjust.{name}"] for name in ("x", "dead_band", "collar", "review_years")
    }
    stands = say("、", " and ").join(press.word(PARTS, factor) for factor in ASSUMED)
    return say(
        f"信号＝Σ份额×当年涨幅−X。份额：{parts}（{press.word(BASIS, a.basis)}）；工资用城镇非私营单位平均工资，{stands}没有单独的公开序列，用居民消费价格代替，是假设。"
        f"累计触发：每{view['review_years']:.0f}年末评估，累计涨幅达到{percent(view['dead_band'])}%才动，每次不超过{percent(view['collar'])}%，超出部分不结转；X为{percent(view['x'])}%（均为假设）。",
        f"Signal = Σ share × growth − X. Shares: {parts} ({press.word(BASIS, a.basis)}). Wages: urban non-private units; {stands} have no series of their own and take consumer prices, an assumption. "
        f"Accumulated: reviewed at the end of every {view['review_years']:.0f} years, moves from {percent(view['dead_band'])} %, at most {percent(view['collar'])} %, the excess dropped; X = {percent(view['x'])} % (all assumed).",
    )


def path_table(report) -> Block:
    """表5: growth, signal and index by year; years that lack a series are named, never filled; sources in a fold."""
    say, press, a = report.press.say, report.press, report.adjustment
    if not a.years:
        return Block("")
    moves = {rule: moved_in(path, a.years) for rule, path in a.paths.items()}
    rows = [[str(SINCE), "—", "—", "—", "—", *(f"{path[0]:.2f}" for path in a.paths.values())]]
    for i, year in enumerate(a.years):
        growth = [_growth(a.found[series][year]) for series in SERIES]
        rows.append(
            [
                str(year),
                *growth,
                signed(percent(a.signal[i])),
                signed(percent(a.signal[i] - a.view["fees.adjust.x"])),
                *(
                    f"{path[i + 1]:.2f}{'▲' if year in moves[rule] else ''}"
                    for rule, path in a.paths.items()
                ),
            ]
        )
    for year in a.missing:
        rows.append(
            [
                str(year),
                *(
                    _growth(one[year]) if year in one else say("缺", "missing")
                    for one in (a.found[series] for series in SERIES)
                ),
                *["—"] * 5,
            ]
        )
    header = [
        say("年份", "year"),
        *(press.word(SHORT, series) for series in SERIES),
        say("信号 %", "signal %"),
        say("减X后 %", "less X %"),
        *(press.word(RULE, rule) for rule in RULES),
    ]
    lacking = (
        say(
            f"{'、'.join(map(str, a.missing))}年缺序列，不计算也不补数。",
            f" {', '.join(map(str, a.missing))}: a series is missing; not computed, not filled in.",
        )
        if a.missing
        else ""
    )
    return press.table(
        say("表5", "Table 5"),
        say("费用标准调整指数：三种规则", "Fee index under three rules"),
        header,
        rows,
        source=say("国家统计局，逐项见下", "NBS, item by item below"),
        note=say(
            "▲为指数在该年末变动。涨幅为公开统计数，份额按数据集。",
            "▲: the index moves at the end of the year. Growth: published statistics; shares: the data set.",
        )
        + lacking,
        columns=(
            "fees.adjust.rule",
            "fees.adjust.x",
            "fees.adjust.dead_band",
            "fees.adjust.collar",
        ),
    ) + _sources(report)


def _growth(change) -> str:
    return signed(percent(change.growth)) + ("（M）" if change.confidence == "M" else "")


def _sources(report) -> Block:
    """Where each growth comes from, as published."""
    say, press, a = report.press.say, report.press, report.adjustment
    rows = [
        [
            str(year),
            press.word(SERIES, series),
            one.published,
            one.source,
            say(
                {"H": "原文或忠实转载", "M": "二手来源"}[one.confidence],
                {"H": "own text or faithful repost", "M": "secondary"}[one.confidence],
            ),
        ]
        for year in (*a.years, *a.missing)
        for series in SERIES
        for one in [a.found[series].get(year)]
        if one
    ]
    header = [
        say(*pair)
        for pair in (
            ("年份", "year"),
            ("序列", "series"),
            ("公布数", "as published"),
            ("发布单位与文件", "issuer and document"),
            ("可信程度", "confidence"),
        )
    ]
    table = press.table(
        say("表5出处", "Sources of table 5"),
        say("物价与工资序列的出处", "Where prices and wages come from"),
        header,
        rows,
        text=True,
        note=say("公开统计数，不是模拟数据。", "Published statistics, not simulated data."),
    )
    return Block(
        f'<details class="how"><summary>{say("表5各数的出处", "Sources of table 5, value by value")}</summary>{table.html}</details>'
    )


def effect_table(report) -> Block:
    """表6: the scheme's fees and bill with its standards moved by each rule's index at the end of the last published year."""
    say, press, a = report.press.say, report.press, report.adjustment
    if not a.years:
        return Block("")
    base, rows = report.heads["none"][1], []
    for rule, path in a.paths.items():
        head = effect(report.study, float(path[-1]), "none")
        fee, bill = head["mean_approved_fee"], head["fee_bill"]
        rows.append(
            [
                press.word(RULE, rule)
                + (say("（现取规则）", " (as set)") if rule == a.view["fees.adjust.rule"] else ""),
                f"{path[-1]:.2f}",
                number(fee),
                signed(number(fee - base["mean_approved_fee"], 1)),
                wan(bill),
                signed(wan(bill - base["fee_bill"])),
            ]
        )
    header = [
        say(*pair)
        for pair in (
            ("规则", "rule"),
            ("指数", "index"),
            ("平均核定标准 元", "mean fee, yuan"),
            ("比不调整 元", "against no move"),
            ("考核费支出 万元", "fee bill, 10,000 yuan"),
            ("比不调整 万元", "against no move"),
        )
    ]
    return press.table(
        say("表6", "Table 6"),
        say(
            f"方案标准按{a.years[-1]}年末指数调整后的费用（不考虑机构响应）",
            f"The scheme's fees moved by the index at the end of {a.years[-1]} (no response)",
        ),
        header,
        rows,
        source=report.source,
        note=say(
            "人次与成本按本报告年度。指数只移动给定申报价与核定成本，协商价与上限不随之移动（上限是国家公布的，只有假设国家发文的情景才动），所以平均标准的变动小于指数。",
            "Sittings and costs of the report's year. The index moves given proposals and verified costs; bargains and the caps stay (caps are national), so fees move by less than the index.",
        ),
        columns=("mean_approved_fee", "fee_bill"),
    )
