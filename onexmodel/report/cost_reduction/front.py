"""The sentences of cost_reduction: front box, key figures, derivations, conclusions. Every number comes from the run."""

from __future__ import annotations

from html import escape

from ...analysis.derive import derivation
from ...analysis.lever_draws import LEAST, deciding
from ...analysis.node import Node
from ...analysis.place_tree import place_tree
from ...analysis.scheme import touched
from ..annex.centre import Led, few_draws, off_centre
from ..annex.notes import Note
from ..fee_cap.areas import asleep_said
from ..opening import beyond_said, data_state, meta_line
from ..page.html import Block, bullets, front_box, number, percent, share, signed, wan
from ..page.parts import NOTHING, TRIFLE, fitted
from .figures import ends_of


def named(report, row) -> str:
    """A lever's name in the report's language."""
    return row["zh" if report.press.lang == "zh" else "en"]


def saving(report, amount: float, kind: tuple[str, str]) -> str:
    """现金节约X万元, or what is spent more."""
    zh, en = ("节约", "saved") if amount >= 0 else ("多支出", "more spent")
    return report.press.say(
        f"{kind[0]}{zh}{wan(abs(amount))}万元",
        f"{wan(abs(amount))} × 10,000 yuan {en} in {kind[1]}",
    )


def front(report) -> Block:
    """Conclusion first; then key figures, who keeps it, risks, state of the data."""
    say, joint = report.press.say, report.found.joint
    title = say("考核培训降本：", "Cost reduction: ") + say("，", ", ").join(
        saving(report, joint[name], kind)
        for name, kind in (("cash", ("现金", "cash")), ("economic", ("资源", "resources")))
    )
    return front_box(
        report.press.bands(),
        say("考核培训降本方案 · 测算", "Cost reduction · calculation"),
        title,
        meta_line(report.study, report.press),
        lead(report),
        [*beyond_said(report.study, report.press), *also(report)],
        keys(report),
        notes(report),
        say("一页摘要", "Summary"),
    )


def moves_pass_rate(report) -> bool:
    """Does any lever change the pass rate? If none does it is an input: what levers do to it is not modelled."""
    return any(
        change.target == "offerings/pass_rate"
        for lever in report.found.bench.levers.values()
        for change in lever.changes
    )


def pass_rate_said(report, rate) -> str:
    """Under which pass rate the saving is counted, and whether that is an input or what the levers make of it."""
    say, now, floor = report.press.say, number(rate["after"], 1), number(rate["floor"], 1)
    if not moves_pass_rate(report):
        return say(
            f"在通过率保持{now}%的前提下（这是输入而不是测算结果：没有一项措施改动它，措施对通过率的影响未建模；底线{floor}%）",
            f"With the pass rate kept at {now} % (an input, not a finding: no lever moves it, and what levers do to it is not modelled; floor {floor} %)",
        )
    then = number(rate["before"], 1)
    return say(
        f"在通过率{'保持' if then == now else f'由{then}%变为'}{now}%（底线{floor}%）的前提下",
        f"With the pass rate {'at' if then == now else f'going from {then} to'} {now} % (floor {floor} %)",
    )


def lead(report) -> str:
    """The sentence cost_reduction leads with (结论一句话), with its intervals."""
    say, found, (before, after), r = (
        report.press.say,
        report.found,
        report.per_candidate,
        report.ranges,
    )
    rate, joint, base = (
        found.quality.set_index("indicator").loc["pass_rate"],
        found.joint,
        found.baseline,
    )
    held = pass_rate_said(report, rate)
    parts = [
        say(
            f"{held}，人均考核培训成本（现金，含教师绩效核增）由{number(before)}元变为{number(after)}元",
            f"{held}, cash cost of training and assessment per candidate (teachers' pay uplift included) goes from {number(before)} to {number(after)} yuan",
        )
    ]
    for measure, kind in (("cash", ("现金", "cash")), ("economic", ("经济口径", "resources"))):
        parts.append(
            saving(report, joint[measure], kind)
            + report.press.span(r[measure], wan, joint[measure])
            + say(
                f"（占{kind[0].removesuffix('口径')}成本{wan(base[measure])}万元的{percent(joint[measure] / base[measure])}%）",
                f" ({percent(joint[measure] / base[measure])} % of {wan(base[measure])})",
            )
        )
    best = found.table.loc[found.table["cash_shapley"].idxmax()]
    tail = (
        say(
            f"。其中「{named(report, best)}」贡献最大（{wan(best['cash_shapley'])}万元，占现金节约的{share(best['cash_shapley'] / joint['cash'])}%）",
            f". '{named(report, best)}' contributes most ({wan(best['cash_shapley'])}, {share(best['cash_shapley'] / joint['cash'])} % of the cash saving)",
        )
        if joint["cash"] > 0.5
        else ""
    )
    only = found.table[
        (found.table["cash_alone"] > 0.5) & (found.table["economic_alone"].abs() < 0.005)
    ]
    cash_only = (
        say(
            "；"
            + "、".join(f"「{name}」" for name in only["zh"])
            + "只减少现金支出，不减少资源消耗",
            "; " + ", ".join(f"'{name}'" for name in only["en"]) + " saves cash only, no resources",
        )
        if len(only)
        else ""
    )
    return say("，", ", ").join(parts) + tail + cash_only + say("。", ".")


def also(report) -> list[str]:
    """What the saving costs in quality and outlay, what the brackets hold, whom it is about."""
    say, found, r = report.press.say, report.found, report.ranges
    joint, q = found.joint, found.quality.set_index("indicator")
    minutes, ratio = q.loc["minutes_per_candidate"], q.loc["candidates_per_assessor"]
    lines = [
        say(
            f"质量变化：人均操作时长由{number(minutes['before'], 1)}分钟变为{number(minutes['after'], 1)}分钟（{moved_by(minutes)}，底线{number(minutes['floor'])}分钟），"
            f"每名考评员带考由{number(ratio['before'], 1)}人变为{number(ratio['after'], 1)}人（上限{number(ratio['floor'])}人）；底线均为假设，逐校检查，{_refused_zh(found)}。",
            f"Quality: minutes per candidate {number(minutes['before'], 1)} → {number(minutes['after'], 1)} ({moved_by(minutes)}, floor {number(minutes['floor'])}); candidates per assessor "
            f"{number(ratio['before'], 1)} → {number(ratio['after'], 1)} (at most {number(ratio['floor'])}); floors are assumptions, checked college by college: {int(found.table['refused'].sum())} refusals.",
        )
    ]
    net = joint["cash"] - joint["one_off_yearly"]
    lines.append(
        say(
            f"一次性投入{wan(joint['one_off'])}万元，年化{wan(joint['one_off_yearly'])}万元，扣除后现金净节约{wan(net)}万元{report.press.span(r['net'], wan, net)}。"
            + ("净节约为负：投入大于节约。" if net < 0 else ""),
            f"One-off cost {wan(joint['one_off'])}, yearly {wan(joint['one_off_yearly'])}; net cash saving {wan(net)}{report.press.span(r['net'], wan, net)} (× 10,000 yuan).",
        )
    )
    if not report.sampled:
        lines.append(few_draws(report.press))
    else:
        lines.append(
            say(
                "括号内为80%区间：核增弹性等假设按各自范围同时变动，措施按全部到位计。",
                "Brackets: 80 % intervals over the assumptions (elasticity of the uplift and others), the levers fully carried out.",
            )
        )
    if report.varies and report.sampled:
        part = [report.press.span(r[f"part_{name}"], wan) for name in ("cash", "economic", "net")]
        lines.append(
            say(
                f"措施幅度没有统计分布；若各项只做到所列幅度的{number(100 * LEAST)}%至100%（假设，各值同样可能），现金节约为{part[0]}、经济口径{part[1]}、现金净节约{part[2]}万元。",
                f"The cuts have no distribution; carried out {number(100 * LEAST)} to 100 % as listed (an assumption, all equally likely) the levers save{part[0]} in cash,{part[1]} in resources,{part[2]} net (× 10,000 yuan).",
            )
        )
    lines += [
        text
        for text in [asleep_said(report.press, touched(report.study), report.study.year)]
        if text
    ]
    lines += off_centre(
        report.press,
        [
            Led(zh, en, value, report.draws[name].to_numpy(), wan, ("万元", " × 10,000 yuan"))
            for name, zh, en, value in (
                ("cash", "现金节约", "cash saved", joint["cash"]),
                ("economic", "经济口径节约", "resources saved", joint["economic"]),
                ("net", "现金净节约", "net cash saving", net),
            )
        ],
    )
    inside = int(report.study.scope()["college"].sum())
    lines.append(
        say(
            f"范围内{inside}所院校中，{found.colleges}所本年有开考计划，成本与措施只涉及这{found.colleges}所。",
            f"Of {inside} colleges here {found.colleges} plan sittings this year; costs and levers concern these alone.",
        )
    )
    if report.study.composition.changes_anything:
        lines.append(
            say(
                f"措施在基准政策下比较，情景「{report.title}」不参与本报告的测算。",
                f"Levers are compared under the baseline; the scenario '{report.title}' takes no part.",
            )
        )
    return lines


def _refused_zh(found) -> str:
    count = int(found.table["refused"].sum())
    return f"触线不采用的有{count}所·次" if count else "没有院校触线"


def moved_by(row) -> str:
    """Change of an indicator in % of its baseline."""
    return signed(percent(row["after"] / row["before"] - 1)) + "%" if row["before"] else "—"


def keys(report) -> list[tuple]:
    """Key figures of the front box with their note numbers."""
    press, found, (before, after), r = (
        report.press,
        report.found,
        report.per_candidate,
        report.ranges,
    )
    say, joint, base, minutes = (
        press.say,
        found.joint,
        found.baseline,
        found.quality.set_index("indicator").loc["minutes_per_candidate"],
    )
    change, net = (
        tuple(-x for x in reversed(r["share_cash"])),
        joint["cash"] - joint["one_off_yearly"],
    )
    return [
        (
            say("人均成本（现金）", "cash per candidate"),
            f"{number(before)} → {number(after)}",
            say("元", "yuan"),
            signed(percent(after / before - 1))
            + "%"
            + press.span(change, percent, after / before - 1),
            1,
        ),
        (
            say("现金节约", "cash saved"),
            wan(joint["cash"]),
            say("万元/年", "10⁴ yuan"),
            press.span(r["cash"], wan, joint["cash"])
            + say(f"　占{wan(base['cash'])}万元的", f" of {wan(base['cash'])}: ")
            + percent(joint["cash"] / base["cash"])
            + "%",
            2,
        ),
        (
            say("经济口径节约", "resources saved"),
            wan(joint["economic"]),
            say("万元/年", "10⁴ yuan"),
            press.span(r["economic"], wan, joint["economic"])
            + say(f"　占{wan(base['economic'])}万元的", f" of {wan(base['economic'])}: ")
            + percent(joint["economic"] / base["economic"])
            + "%",
            3,
        ),
        (
            say("净节约（现金）", "net cash"),
            wan(net),
            say("万元/年", "10⁴ yuan"),
            press.span(r["net"], wan, net) + say("　扣除年化投入", " after yearly outlay"),
            4,
        ),
        (
            say("人均操作时长", "minutes each"),
            f"{number(minutes['before'], 1)} → {number(minutes['after'], 1)}",
            say("分钟", "minutes"),
            moved_by(minutes)
            + say(f"，底线{number(minutes['floor'])}", f", floor {number(minutes['floor'])}"),
            5,
        ),
    ]


def resources_hang_on(report) -> str:
    """What the saving of resources hangs most on; "" where nothing moves it by a thousandth."""
    frame, whole, say = (
        deciding(report.found, report.study, report.curve, "economic"),
        report.found.joint["economic"],
        report.press.say,
    )
    if not len(frame) or abs(frame["p90"].iloc[0] - frame["p10"].iloc[0]) <= max(
        NOTHING, TRIFLE * abs(whole)
    ):
        return ""
    top = frame.iloc[0]
    (low, high), ends = (
        report.press.ends(sorted((top["p10"], top["p90"])), wan, whole),
        ends_of(report.press, top),
    )
    return say(
        f"经济口径节约最取决于「{top['zh']}」：取{ends[0]}至{ends[1]}时在{low}至{high}万元之间。",
        f" The saving of resources hangs most on '{top['en']}': from {ends[0]} to {ends[1]} it is {low} to {high}.",
    )


def notes(report) -> list[tuple[str, str]]:
    """Who keeps the saving, risks, state of the data (HTML)."""
    say = report.press.say
    kept = {
        name: dict(zip(("college", "organisation", "uplift"), parts, strict=True))
        for name, parts in report.kept_parts().items()
    }
    who = say(
        "；".join(
            f"{words}，院校少支出{number(kept[name]['college'], 1)}万元、培训评价组织少支出{number(kept[name]['organisation'], 1)}万元、教师绩效少核增{number(kept[name]['uplift'], 1)}万元"
            for name, words in (("held", "标准不变"), ("reverified", "重新核定"))
        )
        + f"，各合计{wan(report.found.joint['cash'])}万元。",
        "; ".join(
            f"{words}: colleges {number(kept[name]['college'], 1)}, organisations {number(kept[name]['organisation'], 1)}, less uplift of pay {number(kept[name]['uplift'], 1)}"
            for name, words in (("held", "fees held"), ("reverified", "re-verified"))
        )
        + f"; each adds to {wan(report.found.joint['cash'])} (× 10,000 yuan).",
    )
    risk = say(
        "措施幅度与一次性投入均为假设，证据等级见表3；单独或合用触及质量底线的院校不采用该措施。",
        "Sizes and one-off costs are assumptions; a college where levers break a guard, alone or together, does not take them.",
    )
    risk += (
        ""
        if moves_pass_rate(report)
        else say(
            "通过率是输入：没有一项措施改动它，人均时长缩短、考评员带考增多会不会降低通过率，须另行评估。",
            " The pass rate is an input: no lever moves it; whether less time or more candidates an assessor lower it has to be judged apart.",
        )
    )
    return [
        (say("谁得到节约", "Who keeps it"), f"<p>{escape(who)}</p>"),
        (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
        (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press)),
    ]


def noted(report) -> list[Note]:
    """Trees of the key figures: the baseline's cost as it is made, less each lever's exact share."""
    say, lang, found = report.press.say, report.press.lang, report.found
    derived, yearly = derivation(report.study, "none", stored=True), say("元/年", "yuan a year")
    cost = [
        place_tree(derived, "baseline", name, lang)
        for name in ("organisation_cash_cost", "college_cash_cost", "training_cash_cost", "uplift")
    ]
    whole = [
        place_tree(derived, "baseline", name, lang)
        for name in ("assessment_cost", "training_cost", "teacher_time_cost")
    ]

    def each(column, unit=yearly):
        return tuple(
            Node(
                row.lever,
                row.zh if lang == "zh" else row.en,
                "",
                float(getattr(row, column)),
                unit,
                "rest",
                source=f"data/scenarios/{row.lever}.yaml",
            )
            for row in found.table.itertuples()
        )

    cash, economic = (
        Node(
            f"joint_{measure}",
            say("合用全部措施的节约", "saving of all levers"),
            "",
            found.joint[measure],
            yearly,
            "sum",
            say(
                "基准成本 − 采用各校接受的措施后的成本；逐项为合用分摊（Shapley值）",
                "baseline cost − cost with the levers each college takes; Shapley shares",
            ),
            children=(
                *each(f"{measure}_shapley"),
                Node(
                    "baseline",
                    say("基准成本", "baseline cost"),
                    "",
                    found.baseline[measure],
                    yearly,
                    "sum",
                    children=tuple(parts),
                ),
            ),
        )
        for measure, parts in (("cash", cost), ("economic", whole))
    )
    spent = Node(
        "one_off_yearly",
        say("年化投入", "yearly outlay"),
        "",
        found.joint["one_off_yearly"],
        yearly,
        "sum",
        say("一次性投入 × 年金系数，逐项相加", "one-off cost × annuity"),
        children=each("one_off_yearly"),
    )
    net = Node(
        "net_cash",
        say("净节约", "net saving"),
        "",
        found.joint["cash"] - found.joint["one_off_yearly"],
        yearly,
        "rule",
        say("现金节约 − 年化投入", "cash saved − yearly outlay"),
        children=(cash, spent),
    )
    person = Node(
        "per_candidate",
        say("人均成本（现金）", "cash per candidate"),
        "",
        report.per_candidate[1],
        say("元", "yuan"),
        "rule",
        say("（基准成本 − 节约）÷ 考生", "(baseline − saving) ÷ candidates"),
        children=(cash,),
    )
    minutes = found.quality.set_index("indicator").loc["minutes_per_candidate", "after"]
    quality = Node(
        "minutes_per_candidate",
        say("人均操作时长（方案）", "minutes per candidate, scheme"),
        "",
        float(minutes),
        say("分钟", "minutes"),
        "rule",
        say(
            "每场课时 × 45 ÷（每场容量 ÷ 工位数），按考生加权",
            "hours × 45 ÷ (capacity ÷ stations), weighted by candidates",
        ),
        children=each("refused", say("所院校不采用", "colleges refuse")),
    )
    return [
        Note(i, name, f"{value.split(' → ')[-1]} {unit}", (tree,))
        for i, ((name, value, unit, *_), tree) in enumerate(
            zip(keys(report), (person, cash, economic, net, quality), strict=True), start=1
        )
    ]


def conclusions(report) -> Block:
    """八: conclusions."""
    say, table = report.press.say, report.found.table.sort_values("net_cash", ascending=False)
    key, joined = say("zh", "en"), say("、", ", ")
    good, bad = table[table["net_cash"] > 0], table[table["net_cash"] <= 0]
    lines = (
        [
            say(
                f"先做净节约为正的{len(good)}项：{joined.join(good[key])}。",
                f"First the {len(good)} levers with a positive net saving: {joined.join(good[key])}.",
            )
        ]
        if len(good)
        else [
            say(
                "没有一项措施的现金节约大于年化投入。",
                "No lever saves more cash than it costs a year.",
            )
        ]
    )
    if len(bad):
        lines.append(
            say(
                f"{joined.join(bad[key])}的年化投入不低于现金节约，现阶段不宜全面铺开。",
                f"{joined.join(bad[key])}: yearly outlay is not below the saving.",
            )
        )
    part = fitted(report.found.table["cash_shapley"])
    cuts = sum(
        value
        for value, row in zip(part, report.found.table.itertuples(), strict=True)
        if row.guard in ("minutes_per_candidate", "candidates_per_assessor")
    )
    lines.append(
        say(
            f"现金节约中有{number(cuts, 1)}万元来自压缩考核时长、场地或考评员的措施，须先定质量底线再推行。",
            f"{number(cuts, 1)} of the cash saving comes from levers on time, rooms or assessors: settle the quality floors first.",
        )
    )
    lines.append(
        say(
            "标准不变时节约留在承担成本的一方；要让学校和财政受益，需要同时重新核定标准（表4）。",
            "With fees held the saving stays with the bearer; re-verify fees to pass it on (Table 4).",
        )
    )
    lines.append(
        say(
            "共享考点的选址与调度将另行测算，这里只看单校措施。",
            "Shared sites are a later study; here each college stands alone.",
        )
    )
    return bullets(lines)
