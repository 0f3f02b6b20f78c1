"""Tables and figures of province_comparison: levels, cost, settlement, why provinces differ, inequality between colleges."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...analysis import comparison as pc
from ...analysis.factors import FACTORS as PARTS
from ...analysis.small_numbers import rank_intervals
from ..page.adding import add_up
from ..page.html import Block, count, gini, number, paragraphs, percent, points, share, signed
from ..page.words import FACTORS
from . import figures

FLAT = 0.005  # a concentration index nearer to 0 shows no gradient
SAME = 0.05  # yuan a candidate below which nothing differs in print


def level_table(report) -> Block:
    """Fee levels by province; ranks only as intervals, never of small samples nor of simulated rows."""
    press, say, rows, table = report.press, report.press.say, [], report.levels
    colleges = (
        report.table.set_index("province")["colleges"]
        .reindex(table["province"])
        .fillna(0)
        .astype(int)
    )
    best, worst = ranks(report)
    for i, (name, row) in enumerate(
        zip(report.place_names(table["province"]), table.itertuples(), strict=True)
    ):
        missing = say("不可比", "not comparable")
        cells = [
            f"{percent(row.level)}{press.span((row.low, row.high), percent, row.level)}"
            if np.isfinite(row.level)
            else missing,
            percent(row.geks) if np.isfinite(row.geks) else missing,
            number(row.mean),
            number(row.certificates),
        ]
        rank = (
            []
            if report.unranked
            else [
                f"{number(best[i])}{say('至', ' to ')}{number(worst[i])}"
                if np.isfinite(best[i])
                else "—"
            ]
        )
        rows.append(
            [
                name,
                *(press.shown(cell, int(colleges.iloc[i])) for cell in (*cells, *rank)),
                report.mark(row.province),
            ]
        )
    header = [
        say(*pair)
        for pair in (
            ("省份", "province"),
            ("费用水平（%）〔80%区间〕", "level, % [80 % interval]"),
            ("另一算法（%）", "other method, %"),
            ("按计划考生加权的平均（元）", "mean weighted by planned candidates, yuan"),
            ("证书", "certificates"),
        )
    ]
    header += ([] if report.unranked else [say("名次区间（80%）", "rank interval (80 %)")]) + [
        say("标记", "mark")
    ]
    note = say(
        "费用水平：对数标准＝省份效应＋证书等级效应，按考生加权（国家—产品虚拟变量法，CPD）；区间逐个去掉证书重算（刀切法）。另一算法为 GEKS-Fisher，只在共同证书够多的省之间。按计划考生加权的平均受证书结构影响，不用于比较。",
        "Level: ln fee = province + product, weighted by candidates (country-product-dummy, CPD); intervals leave out one certificate at a "
        "time (jackknife). Other method: GEKS-Fisher where enough certificates are shared. The mean weighted by planned candidates depends on the "
        "mix and is not compared.",
    )
    return press.table(
        report.label("table", 3),
        say("费用水平（全国加权平均＝100%）", "Fee levels (national weighted mean = 100 %)"),
        header,
        rows,
        source=report.source,
        note=note,
        columns=("approved_fee", "mean_approved_fee"),
    )


def ranks(report) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank of each place's level (80 %); nan for a small sample (docs/method.md §9)."""
    table = report.levels
    return rank_intervals(
        np.log(table["level"]).to_numpy(),
        np.where(report.small.reindex(table["province"]).to_numpy(), np.nan, table["error"]),
        pc.CONFIDENCE,
    )


def level_figure(report) -> Block:
    """Fee levels with intervals."""
    press, say = report.press, report.press.say
    table = report.levels[
        report.levels["province"].isin(report.shown["province"])
        & np.isfinite(report.levels["level"])
    ].reset_index(drop=True)
    if len(table) < 2:
        return paragraphs(
            say(
                "可单列且可比的省不足两个，不画费用水平图。",
                "Fewer than two provinces may be shown singly and compared: no figure of levels.",
            )
        )
    known = table[np.isfinite(table["low"])]
    clear = int(((known["low"] > 1) | (known["high"] < 1)).sum())
    focus = (
        int(table.index[table["province"] == report.focus][0])
        if report.focus in set(table["province"])
        else -1
    )
    title = (
        say(
            f"{len(known)}个有区间的省中{clear}个的80%区间不含全国平均",
            f"The 80 % interval of {clear} of {len(known)} provinces leaves out the national mean",
        )
        if len(known)
        else say(
            "只有一个共同证书，没有区间，不说谁高谁低",
            "One shared certificate: no intervals, so nobody is said to be higher",
        )
    )
    note = (
        say(
            "80%区间下，即使都等于平均，也会有约五分之一的省落在外面。",
            "With 80 % intervals about one in five leaves out the mean even where all are equal.",
        )
        if len(known)
        else ""
    )
    return press.figure(
        report.label("figure", 2),
        title,
        figures.level_dots(press, table, report.place_names(table["province"]), focus),
        source=report.source,
        note=note,
    )


def cost_table(report) -> Block:
    """Cost and funding by province."""
    press, say, rows = report.press, report.press.say, []
    for name, row in zip(
        report.place_names(report.table["province"]), report.table.itertuples(), strict=True
    ):
        mean = number(row.plain) + press.span(
            (row.plain - row.reach, row.plain + row.reach), count, row.plain
        )
        cells = [
            number(row.served),
            number(row.each),
            mean,
            f"{100 * row.burden:.2f}" if np.isfinite(row.burden) else "—",
            percent(row.coverage),
            number(row.gap_each, 1),
        ]
        rows.append(
            [
                name,
                number(row.colleges),
                *(press.shown(cell, row.colleges) for cell in cells),
                report.mark(row.province),
            ]
        )
    header = [
        say(*pair)
        for pair in (
            ("省份", "province"),
            ("院校", "colleges"),
            ("考生", "candidates"),
            ("人均考核支出 元", "outlay a candidate"),
            ("院校均值 元〔80%区间〕", "college mean [80 % interval]"),
            ("负担 %", "burden %"),
            ("需求覆盖率 %", "needs covered %"),
            ("生均缺口 元", "gap a student"),
            ("标记", "mark"),
        )
    ]
    note = say(
        "人均考核支出按考生平均（全省支出÷全省考生）；院校均值每所院校同等计，所以两者不同。负担＝公办院校考核费÷（在校生×生均拨款）。",
        "Outlay a candidate is over candidates (all outlay ÷ all candidates); the college mean counts each college once, so they differ. "
        "Burden: fees of public colleges over students × per-student appropriation.",
    )
    return press.table(
        report.label("table", 4),
        say("成本与资金保障", "Cost and funding"),
        header,
        rows,
        source=report.source,
        note=note,
        columns=("served", "fee_bill", "college_cash_cost", "burden", "coverage", "funding_gap"),
    )


def funnel_figure(report) -> Block:
    """Funnel plot of college means; raw and shrunk means. Says which mean each is drawn against."""
    press, say = report.press, report.press.say
    if len(report.shown) < 2:
        return paragraphs(
            say(
                "可单列的省不足两个，不画漏斗图。",
                "Fewer than two provinces may be shown singly: no funnel plot.",
            )
        )
    names, funnel, small = (
        report.place_names(report.shown["province"]),
        pc.funnel(report.shown),
        pc.shrunk(report.shown),
    )
    focus = (
        int(np.flatnonzero(report.shown["province"] == report.focus)[0])
        if report.focus in set(report.shown["province"])
        else -1
    )
    target, mean = funnel["target"].iloc[0], small["mean"].iloc[0]
    title = funnel_title(press, funnel)
    three = say(
        f"三个平均不同：按考生平均{number(report.nation)}元（一页摘要、表4），每所院校同等计{number(target)}元（图3虚线）",
        f"The means differ: over candidates {number(report.nation)} (summary, Table 4), each college once {number(target)} (dashed in "
        f"Figure 3)",
    )
    three += (
        say(
            f"，各省按精确程度加权{number(mean)}元（图4虚线）。",
            f", provinces by precision {number(mean)} (dashed in Figure 4).",
        )
        if np.isfinite(mean)
        else say("。", ".")
    )
    first = press.figure(
        report.label("figure", 3),
        title,
        figures.funnel_plot(press, funnel, names, focus),
        source=report.source,
        note=three + dispersion_said(press, funnel),
    )
    known = small[np.isfinite(small["own"])]
    if len(known) < 2:
        return first + paragraphs(
            say(
                "有标准误的省不足两个，不作收缩估计。",
                "Fewer than two provinces have a standard error: nothing is shrunk.",
            )
        )
    least = known.loc[known["own"].idxmin()]
    name = names[int(known["own"].idxmin())]
    words = (
        say(
            f"样本越小、院校差别越大，收缩越多：{name}只保留自身信息的{share(least['own'])}%",
            f"Smaller and more scattered samples shrink more: {name} keeps {share(least['own'])} % of its own value",
        )
        if least["own"] > 0
        else say(
            "省与省之间看不出差别，各省都收缩到同一平均",
            "No difference between provinces shows: all shrink to one mean",
        )
    )
    return first + press.figure(
        report.label("figure", 4),
        words,
        figures.shrink_arrows(press, small, names),
        source=report.source,
        note=say(
            "正态—正态收缩，省间方差按 DerSimonian–Laird 估计；收缩值不用于排名。",
            "Normal-normal shrinkage, DerSimonian–Laird variance; never used for ranks.",
        ),
    )


def funnel_title(press, funnel: pd.DataFrame) -> str:
    """How many provinces lie outside the limits, and outside those widened for overdispersion; what is inside is not explained, but not
    ruled out to be chance."""
    say, outside, wide, phi = (
        press.say,
        int(funnel["outside"].sum()),
        int(funnel["outside_wide"].sum()),
        float(funnel["phi"].iloc[0]),
    )
    if not outside:
        return say(
            "各省都在99.8%控制限内，不能排除差别只是院校少造成的",
            "Every province lies within the 99.8 % limits: that differences are but few colleges cannot be ruled out",
        )
    rest = (
        say(
            "；其余各省的差别，不能排除只是院校少造成的",
            "; that the others differ by few colleges only cannot be ruled out",
        )
        if outside < len(funnel)
        else ""
    )
    widened = (
        say(
            f"，按过度离散放宽后{f'仍有{wide}个' if wide else '无一超出'}",
            f", {wide or 'none'} outside those widened for overdispersion",
        )
        if phi > 1
        else ""
    )
    return say(
        f"{len(funnel)}个省中{outside}个超出99.8%控制限{widened}{rest}",
        f"{outside} of {len(funnel)} provinces lie outside the 99.8 % limits{widened}{rest}",
    )


def dispersion_said(press, funnel: pd.DataFrame) -> str:
    """What the widened limits are; "" where the provinces scatter no more than their colleges say."""
    say, phi = press.say, float(funnel["phi"].iloc[0])
    if not phi > 1:
        return ""
    chance = number(0.002 * len(funnel), 2)
    return say(
        f"各省只因院校少而不同时，{len(funnel)}个省约有{chance}个超出99.8%限；实际离散更大（过度离散，φ＝{number(phi, 1)}），省与省之间另有院校数以外的差别（如工资、标准）。"
        f"点线为按φ放宽到√φ倍的99.8%限（Spiegelhalter 2005，z值两端各缩尾10%）。",
        f" Did provinces differ by few colleges only, about {chance} of {len(funnel)} would lie outside the 99.8 % limits; they scatter more "
        f"(overdispersion, φ = {number(phi, 1)}): something else than numbers of colleges differs (wages, fees). Dotted: the 99.8 % limits √φ times as wide "
        f"(Spiegelhalter 2005, z-scores winsorised by 10 % at each end).",
    )


def settlement_table(report) -> Block:
    """Settlement by province; batches without a known fee are counted apart."""
    press, say = report.press, report.press.say
    if not len(report.ledger.batches):
        return paragraphs(
            say(
                "数据中没有考核记录，不作结清比较。",
                "No assessment records: settlement is not compared.",
            )
        )
    found, rows = pc.settlement(report.ledger), []
    unknown = bool(found["unknown"].any())
    for name, row in zip(report.place_names(found["province"]), found.itertuples(), strict=True):
        settled = (
            percent(row.share) + press.span((row.low, row.high), percent, row.share)
            if row.due
            else "—"
        )
        cells = [
            number(row.batches),
            *([number(row.unknown)] if unknown else []),
            settled,
            percent(row.rate),
        ]
        rows.append(
            [name, number(row.colleges), *(press.shown(cell, row.colleges) for cell in cells)]
        )
    header = [
        say(*pair)
        for pair in (
            ("省份", "province"),
            ("院校", "colleges"),
            ("批次", "batches"),
            *([("其中无应付", "nothing payable")] if unknown else []),
            ("全部结清的批次 %〔80%区间〕", "batches settled, % [80 %]"),
            ("金额结清率 %", "settled in money, %"),
        )
    ]
    note = say("区间为 Wilson 得分区间。", "Wilson score intervals.") + (
        say(
            "没有标准、协议价和发票（或无计费人次）的批次应付不明，不算结清。",
            " Batches without any known fee (or sittings) have nothing payable and do not count as settled.",
        )
        if unknown
        else ""
    )
    return press.table(
        report.label("table", 5),
        say(
            f"结清与执行（截至{report.ledger.at.date()}）",
            f"Settlement at {report.ledger.at.date()}",
        ),
        header,
        rows,
        source=report.source,
        note=note,
        columns=("settlement_rate",),
    )


def parts_figure(report) -> Block:
    """Why provinces differ from the national mean."""
    press, say = report.press, report.press.say
    if len(report.table) < 2:
        return paragraphs(
            say(
                "只有一个省，没有省际差别可分解。",
                "One province: there is no difference between provinces to split.",
            )
        )
    table = report.parts[report.parts["province"].isin(report.shown["province"])].reset_index(
        drop=True
    )
    if table.empty:
        return paragraphs(
            say(
                "没有可单列的省，不作差异来源分解。",
                "No province may be shown singly: no decomposition.",
            )
        )
    sizes = table[list(PARTS)].abs().sum()
    if sizes.max() < SAME * len(table):
        return paragraphs(
            say(
                "各省人均考核支出与全国均值没有差别，不作分解。",
                "No province differs from the national mean: nothing is split.",
            )
        )
    main, names = sizes.idxmax(), report.place_names(table["province"])
    title = say(
        f"各省之间的差别最多来自{press.word(FACTORS, main)}（占各部分之和的{share(sizes[main] / sizes.sum())}%）",
        f"Provinces differ most by {press.word(FACTORS, main)} ({share(sizes[main] / sizes.sum())} % of all parts)",
    )
    note = say(
        "Shapley 分解，六部分之和等于与全国均值（按考生平均）之差。场次规模：每人次摊到的场次、考评员等；院校自身成本：成本系数与本省、本校自己的成本行；通过率：补考人次与获证。",
        "Shapley decomposition: the six parts add to the difference from the national mean over candidates. Scale: sessions and assessors a "
        "sitting; colleges' own costs: cost factors and ledger rows of a province or college; pass rate: resits and awards.",
    )
    figure = press.figure(
        report.label("figure", 5),
        title,
        figures.factor_bars(press, table, names),
        source=report.source,
        note=note,
    )
    rows = [
        [
            name,
            number(row.each, 1),
            *(signed(number(getattr(row, factor), 1)) for factor in PARTS),
            signed(number(row.each - row.nation, 1)),
        ]
        for name, row in zip(names, _adding(table).itertuples(), strict=True)
    ]
    header = [
        say("省份", "province"),
        say("人均考核支出 元", "outlay a candidate"),
        *(press.word(FACTORS, factor) for factor in PARTS),
        say("合计", "total"),
    ]
    return figure + press.table(
        report.label("table", 6),
        say("与全国均值之差的来源（元/考生）", "Sources of the difference, yuan a candidate"),
        header,
        rows,
        source=report.source,
        columns=("fee_bill", "college_cash_cost", "served"),
    )


def _adding(table: pd.DataFrame) -> pd.DataFrame:
    """The parts rounded so that each row adds to its printed difference."""
    frame = table[list(PARTS)].assign(total=table["each"] - table["nation"])
    frame.index = [str(i) for i in range(len(frame))]
    made = add_up(frame, {}, {"total": dict.fromkeys(PARTS, 1)})
    return made.assign(
        each=table["each"].to_numpy(), nation=table["each"].to_numpy() - made["total"].to_numpy()
    )


def theil_figure(report) -> Block:
    """Inequality between colleges, within provinces and between them, and over fiscal capacity."""
    press, say, parts = report.press, report.press.say, report.spread
    if len(report.colleges) < 2 or not parts["total"] > 1e-9:
        return paragraphs(
            say(
                "各院校人均考核支出相同（或只有一所院校），没有差异可分。",
                "All colleges have the same outlay a candidate (or there is one): no differences to split.",
            )
        )
    even = say(
        f"按考生加权的基尼系数为{gini(parts['gini'])}",
        f"The Gini coefficient weighted by candidates is {gini(parts['gini'])}",
    )
    if len(report.table) < 2:
        return paragraphs(
            say(
                f"{even}；只有一个省，差异全在省内，不分省际。",
                f"{even}; there is one province, so all differences are within it.",
            )
        )
    title = say(
        f"院校差异中{points(report.within)}%在省内",
        f"{points(report.within)} % of the differences between colleges are within provinces",
    )
    figure = press.figure(
        report.label("figure", 6), title, figures.theil_bar(press, parts), source=report.source
    )
    return figure + paragraphs(even + _capacity_said(report))


def _capacity_said(report) -> str:
    """What the concentration index says, by its sign; near 0 there is no gradient, however far provinces lie apart."""
    say, parts = report.press.say, report.spread
    basis = (
        say("财政自给率", "fiscal capacity")
        if parts["by_capacity"]
        else say(
            "生均自有额度（数据没有财政自给率）",
            "own funds a student (the data have no fiscal capacity)",
        )
    )
    value = parts["concentration"]
    if not np.isfinite(value):
        return say("。", ".")
    if abs(value) < FLAT:
        each = report.shown["each"]
        reach = (
            say(
                f"（可单列的省人均{number(each.min())}至{number(each.max())}元）",
                f" (provinces shown: {number(each.min())} to {number(each.max())} yuan a candidate)",
            )
            if len(each) > 1
            else ""
        )
        words = say(
            f"接近0，即看不出人均支出随{basis.split('（')[0]}升降，不等于各省支出相同{reach}",
            f"near 0, so outlay a candidate shows no gradient along {basis.split(' (')[0]}, which does not mean that provinces spend the same{reach}",
        )
    else:
        words = (
            say("财力弱的省人均支出更高", "the poorer spend more a candidate")
            if value < 0
            else say("财力强的省人均支出更高", "the richer spend more a candidate")
        )
    return say(
        f"；相对{basis}的集中指数为{number(value, 3)}，{words}。",
        f"; the concentration index over {basis} is {number(value, 3)}: {words}.",
    )
