"""The one-page summary of province_comparison: the focus's fee level with its interval, the nation beside it, and what is not there left out."""

from __future__ import annotations

from html import escape

import numpy as np

from ...analysis import comparison as pc
from ...analysis.derive import derivation
from ...analysis.node import Node
from ...analysis.place_tree import place_tree
from ..annex.notes import Note
from ..opening import beyond_said, data_state, how_to_read, meta_line
from ..page.html import Block, front_box, number, percent, points, wan
from ..page.press import SMALL
from ..page.words import LEVELS


def front(report) -> Block:
    """Summary page."""
    say, (first, title) = report.press.say, level_said(report)
    second = (
        say(
            f"院校人均考核支出的差异中{points(report.within)}%来自省内院校之间。",
            f"{points(report.within)} % of the differences between colleges in outlay a candidate lie within provinces.",
        )
        if np.isfinite(report.within)
        else ""
    )
    few = int(report.table["small"].sum())
    also = [*beyond_said(report.study, report.press), ranks_said(report)]
    also += (
        [
            say(
                f"{number(few)}个省样本不足，不作排名和判断。",
                f"{number(few)} provinces are too small to rank or judge.",
            )
        ]
        if few
        else []
    )
    also += assumptions_said(report) + [
        say(
            "公开的1+X费用中没有一个证书在两地都有价：真实费用目前不可比（表2）。",
            "Of the published 1+X fees no certificate is priced by two places: real fees cannot be compared yet "
            "(Table 2).",
        )
    ]
    return front_box(
        report.press.bands(),
        say("分省比较 · 测算", "Provinces compared"),
        title,
        meta_line(report.study, report.press),
        first + second,
        also,
        report.keys(),
        who(report),
        say("一页摘要", "Summary"),
    ) + how_to_read(report.press)


def level_said(report) -> tuple[str, str]:
    """(first sentence, title) on fee levels."""
    say, known = (
        report.press.say,
        report.levels[
            report.levels["province"].isin(report.shown["province"])
            & np.isfinite(report.levels["level"])
        ],
    )
    if report.at >= 0 and np.isfinite(report.levels["level"].iloc[report.at]):
        row = report.levels.iloc[report.at]
        reach = (
            report.press.span((row["low"], row["high"]), percent, row["level"], named=True)
            if np.isfinite(row["low"])
            else say("（只有一个共同证书，没有区间）", " (one shared certificate: no interval)")
        )
        return (
            say(
                f"按标准化篮子，{report.place}费用水平为全国的{percent(row['level'])}%{reach}。",
                f"On a standard basket fees in {report.place} are {percent(row['level'])} % of the national mean{reach}. ",
            ),
            say(
                f"{report.place}费用水平为全国的{percent(row['level'])}%",
                f"Fees in {report.place}: {percent(row['level'])} % of the national mean",
            ),
        )
    if len(report.fees.places) == 1:
        return say(
            "数据只有一个省，没有可比较的对象。",
            "The data hold one province: there is nothing to compare it with. ",
        ), say("只有一个省，没有比较", "One province: no comparison")
    if len(known) > 1:
        low, high = known["level"].min(), known["level"].max()
        return (
            say(
                f"按标准化篮子，各省费用水平在全国的{percent(low)}%到{percent(high)}%之间。",
                f"On a standard basket fee levels run from {percent(low)} to {percent(high)} % of the national mean. ",
            ),
            say(
                f"各省费用水平在{percent(low)}%到{percent(high)}%之间",
                f"Fee levels between {percent(low)} and {percent(high)} %",
            ),
        )
    if np.isfinite(report.levels["level"]).any():
        return say(
            "各省院校都少，费用水平不单列。",
            "Every province has few colleges: levels are not shown singly. ",
        ), say("分省比较", "Provinces compared")
    return say(
        "各省没有共同定价的证书，费用水平不可比。",
        "No two provinces price a certificate in common: not comparable. ",
    ), say("费用水平不可比", "Fee levels are not comparable")


def assumptions_said(report) -> list[str]:
    """What the focus's interval is over, and the other one, over the assumptions."""
    reach = report.press.span(
        report.drawn_level,
        percent,
        report.levels["level"].iloc[report.at] if report.at >= 0 else float("nan"),
    )
    if not reach:
        return []
    return [
        report.press.say(
            f"{report.place}的区间说的是换一批证书会差多少；若变动的是测算假设，费用水平的80%区间为{reach}。",
            f"The interval of {report.place} is over which certificates happen to be shared; over the assumptions its 80 % "
            f"interval is{reach}.",
        )
    ]


def ranks_said(report) -> str:
    """Whether anything is ranked."""
    return (
        report.press.say(
            "本报告含模拟数据，任何地方都不作排名；各省按行政区划代码排列。",
            "The data are simulated: nothing is ranked; provinces stand in administrative order.",
        )
        if report.unranked
        else report.press.say(
            "各省按行政区划代码排列；名次只给区间（表3）。",
            "Provinces stand in administrative order; ranks only as intervals (Table 3).",
        )
    )


def key_figures(report) -> list[tuple]:
    """(key figure, its tree): name with the place it is about, value, unit, what stands beside it. What there is not is left out."""
    say, found = report.press.say, []
    if report.at >= 0 and np.isfinite(report.levels["level"].iloc[report.at]):
        row = report.levels.iloc[report.at]
        beside = report.press.span(
            (row["low"], row["high"]), percent, row["level"], named=True
        ).strip()
        found.append(
            (
                (
                    say(f"{report.place}费用水平", f"fee level, {report.place}"),
                    percent(row["level"]),
                    "%",
                    beside,
                ),
                level_tree(report),
            )
        )
    here = report.table[report.table["province"] == report.focus]
    own = f"{report.place} {number(here['each'].iloc[0])}" if report.at >= 0 and len(here) else ""
    derived, lang = derivation(report.study, "none", stored=True), report.press.lang
    bill, cash, served = (
        place_tree(derived, "scenario", name, lang)
        for name in ("fee_bill", "college_cash_cost", "served")
    )
    each = Node(
        "outlay_per_candidate",
        say("人均考核支出", "outlay a candidate"),
        "",
        report.nation,
        say("元", "yuan"),
        "rule",
        say("（考核费＋学校自担考核现金）÷ 可考核人数", "(fees + own cash) ÷ candidates served"),
        children=(bill, cash, served),
    )
    whole = say("全国", "nation: ") if len(report.table) > 1 else ""
    found.append(
        (
            (
                whole + say("人均考核支出", "outlay a candidate"),
                number(report.nation),
                say("元", "yuan"),
                own,
            ),
            each,
        )
    )
    found.append(
        (
            (
                whole + say("考核费支出", "fee bill"),
                wan(report.colleges["fee_bill"].sum()),
                say("万元", "10⁴ yuan"),
                "",
            ),
            bill,
        )
    )
    if np.isfinite(report.within):
        found.append(
            (
                (
                    whole + say("院校差异的省内占比", "differences within provinces"),
                    points(report.within),
                    "%",
                    "",
                ),
                theil_tree(report),
            )
        )
    if report.table["small"].any():
        few = number(report.table["small"].sum())
        rule = say(
            f"院校少于{report.view['compare.min_colleges']:g}所或考生少于{report.view['compare.min_candidates']:g}人",
            f"under {report.view['compare.min_colleges']:g} colleges or {report.view['compare.min_candidates']:g} candidates",
        )
        found.append(
            (
                (say("样本不足的省", "provinces too small"), few, say("个", ""), ""),
                Node(
                    "small",
                    say("样本不足的省", "small samples"),
                    "",
                    float(report.table["small"].sum()),
                    say("个", ""),
                    "rule",
                    rule,
                ),
            )
        )
    return found


def noted(report) -> list[Note]:
    """Trees of the key figures."""
    return [
        Note(i, name, f"{value} {unit}", (tree,))
        for i, ((name, value, unit, _), tree) in enumerate(report.figures, start=1)
    ]


def theil_tree(report) -> Node:
    """The within-province share and its parts."""
    say, parts = report.press.say, report.spread
    return Node(
        "theil",
        say("泰尔指数省内部分占比", "within-province share of Theil's T"),
        "",
        100 * report.within,
        "%",
        "rule",
        say(
            "省内部分 ÷ 总指数；T＝Σ 人数份额·(x/均值)·ln(x/均值)（Theil 1967）",
            "within ÷ total; T = Σ share · (x/mean) · ln(x/mean) (Theil 1967)",
        ),
        children=tuple(
            Node(name, words, "", parts[name], "", "rest")
            for name, words in (
                ("between", say("省际", "between")),
                ("within", say("省内", "within")),
                ("total", say("合计", "total")),
            )
        ),
    )


def level_tree(report) -> Node:
    """The focus's level: the fees of its largest products beside what the basket's level says they cost at the mean."""
    say, children = report.press.say, []
    if report.at >= 0:
        found, row = pc.fee_levels(report.fees, report.view)[1], report.at
        at_work = np.flatnonzero(
            np.isfinite(report.fees.prices[row]) & (report.fees.candidates[row] > 0)
        )
        few = report.table.set_index("province").loc[report.focus, "colleges"] < SMALL
        for j in at_work[np.argsort(-report.fees.candidates[row, at_work], kind="stable")][:5]:
            certificate, level = report.fees.products[j]
            children.append(
                Node(
                    "price",
                    f"{certificate} {report.press.word(LEVELS, level)}",
                    say("本省标准 ÷ 全国水平价格", "fee here ÷ price at the mean level"),
                    float(report.fees.prices[row, j] / found.product[j]),
                    "",
                    "rest",
                    note=say(
                        f"本省{number(report.fees.prices[row, j], 1)}元，全国{number(found.product[j], 1)}元，"
                        f"{number(report.fees.candidates[row, j])}人",
                        f"{number(report.fees.prices[row, j], 1)} here, {number(found.product[j], 1)} at the mean, "
                        f"{number(report.fees.candidates[row, j])} candidates",
                    ),
                    private=bool(few),
                )
            )
    return Node(
        "level",
        say("费用水平", "fee level"),
        report.focus,
        float(report.levels["level"].iloc[report.at]) if report.at >= 0 else float("nan"),
        "",
        "rule",
        say(
            "ln 标准＝省份效应＋证书等级效应＋误差，按考生人数加权最小二乘；水平＝exp(省份效应)（Summers 1973，Rao 2005）",
            "ln fee = place + product + error, least squares weighted by candidates; level = exp(place) (Summers 1973, Rao 2005)",
        ),
        children=tuple(children),
    )


def who(report) -> list[tuple[str, str]]:
    """How compared, limits and risks, state of the data."""
    say = report.press.say
    how = say(
        "同一证书、同一等级的标准在各省相差多少，按考生人数平均；只比有共同证书的省（方法见表3注）。",
        "How far the fee of the same certificate and level differs between provinces, averaged by candidates; only provinces that share "
        "certificates (method: note of Table 3).",
    )
    limits = say(
        "平均费用受证书结构影响，不能直接比；水平、均值和比例都给80%区间，样本小的加标记。",
        "Mean fees depend on which certificates are offered and are not compared; levels, means and shares carry 80 % intervals, small "
        "samples are marked.",
    )
    return [
        (say("怎样比", "How compared"), f"<p>{escape(how)}</p>"),
        (say("约束与风险", "Limits and risks"), f"<p>{escape(limits)}</p>"),
        (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press)),
    ]
