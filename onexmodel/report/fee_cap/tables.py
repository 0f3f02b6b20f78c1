"""fee_cap's tables. Shares print so that they add; what is not judged or has no answer is left out or said so."""

from __future__ import annotations

import numpy as np

from ...analysis import cap_study as cs
from ...analysis import scheme as sc
from ...analysis import winners
from ...analysis.grouping import REST, adjacent, in_order, pooled
from ...analysis.headline import headline, pass_through_shares
from ...law.parameters import FORMS
from ..annex.appendix import value_text
from ..page.html import Block, count, number, paragraphs, percent, points, signed, wan
from ..page.press import SMALL
from ..page.words import BINDS, HEADLINES, LEVELS, TIERS
from ..page.words import FORMS as FORM_WORDS
from .areas import printed_parts, shares, sides_said
from .front import removed_sentence
from .service import judged_note, unjudged, view_said

SCHEMES = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "cap_removed")
SERVICE = (
    "supplier_shortfall",
    "suppliers_short",
    "unmet_share",
)  # what only the response view can tell
MEASURES = (
    ("mean_approved_fee", count, "平均核定标准（元/人次）", "mean approved fee, yuan"),
    ("fee_bill", wan, "考核费支出（万元）", "fee bill, 10,000 yuan"),
    ("college_outlay", wan, "学校年支出（万元）", "college outlay, 10,000 yuan"),
    ("funding_gap", wan, "院校经费缺口（万元）", "funding gap of colleges, 10,000 yuan"),
    (
        "supplier_shortfall",
        wan,
        "机构成本未覆盖额（万元）",
        "shortfall of organisations, 10,000 yuan",
    ),
    ("suppliers_short", count, "过半需求无人承接的机构（家）", "organisations serving under half"),
    ("unmet_share", percent, "未满足考核需求（%）", "unmet demand, %"),
)
WHY = {
    "fee": ("标准变动", "fee standards"),
    "volume": ("可考人次变动", "sittings served"),
    "own_cash": ("本校考核支出", "own assessment items"),
    "training": ("培训支出", "training"),
    "teacher_training": ("教师培训", "teacher training"),
    "performance_pay": ("绩效工资", "performance pay"),
}


def modes_table(report) -> Block:
    """表1: views none and supply side by side; none alone where the response cannot be judged."""
    say, rows = report.press.say, []
    for name, write, zh, en in MEASURES:
        if name in SERVICE and not report.basis.assessed:
            continue
        row = [say(zh, en)]
        for mode in report.modes:
            before, after = (head[name] for head in report.heads[mode])
            row += [
                write(before),
                write(after),
                f"{signed(write(after - before))}{report.press.span(report.ranges[mode][name], write, after - before)}",
            ]
        rows.append(row)
    titles = {"none": ("无响应：", "none:"), "supply": ("有响应：", "supply:")}
    header = [
        say("指标", "measure"),
        *[
            f"{say(*titles[mode])} {say(*what)}"
            for mode in report.modes
            for what in (
                ("基准", "baseline"),
                ("方案", "scheme"),
                ("变化〔80%区间〕", "change [80 %]"),
            )
        ],
    ]
    caption = (
        say("不考虑与考虑机构响应，两种口径并列", "Without and with the organisations' response")
        if report.basis.assessed
        else say(
            "不考虑机构响应（机构响应不评估）",
            "Without the organisations' response, which is not judged",
        )
    )
    opposite = (
        say(
            "机构成本未覆盖额与院校经费缺口方向相反，不可相加。",
            "The two shortfalls have opposite signs and are never added.",
        )
        if report.basis.assessed
        else unjudged(report)
    )
    return report.press.table(
        say("表1", "Table 1"),
        caption,
        header,
        rows,
        source=report.source,
        note=opposite + judged_note(report) + removed_sentence(report),
        columns=(
            "mean_approved_fee",
            "fee_bill",
            "college_outlay",
            "funding_gap",
            "supplier_shortfall",
            "suppliers_short",
            "unmet_share",
        ),
    )


def forms_table(report) -> Block:
    """表2: by form of the practical (or only) part: what binds, where a raise passes through, given and modelled."""
    say, after = report.press.say, report.runs["none"][1]
    component = after.compiled.leaves["component_form"]
    form, weight, rows = (
        np.where(component[1] >= 0, component[1], component[0]),
        sc.planned_weight(after, report.scope_after),
        [],
    )
    for code, name in [*enumerate(FORMS), (-1, "")]:
        cells = (form == code) if name else np.ones(len(form), bool)
        if (weight * cells).sum():
            share = pass_through_shares(after, report.scope_after, cells)
            rows.append(
                [
                    report.press.word(FORM_WORDS, name) if name else say("合计", "total"),
                    number((weight * cells).sum()),
                    *shares([share[key] for key in ("full", "partial", "none", "unmoved")]),
                    *shares([share["given"], 1 - share["given"]]),
                ]
            )
    header = [
        say(*pair)
        for pair in (
            ("考核形式", "form"),
            ("计划人数", "candidates"),
            ("全额传导", "full"),
            ("部分传导", "partial"),
            ("不传导", "none"),
            ("上限未变", "cap unmoved"),
            ("依给定限制", "on given limits"),
            ("依测算限制", "on modelled limits"),
        )
    ]
    caption = {
        "raise": (
            "提高上限在哪里起作用（占考核人次，%）",
            "Where the raise takes effect, % of sittings",
        ),
        "lower": (
            "降低上限在哪里起作用（占考核人次，%）",
            "Where lower caps take effect, % of sittings",
        ),
        "none": (
            "标准依据哪类限制（上限未变，占考核人次，%）",
            "What fees rest on (caps unchanged), % of sittings",
        ),
    }
    return report.press.table(
        say("表2", "Table 2"),
        say(
            *caption.get(
                report.caps[0],
                (
                    "调整上限在哪里起作用（占考核人次，%）",
                    "Where the change takes effect, % of sittings",
                ),
            )
        ),
        header,
        rows,
        total=True,
        source=report.source,
        note=say(
            "按实操环节（没有实操的按理论环节）的形式分组。给定限制：上限、核定成本、申报价、特殊情况；测算限制：协商价、按台账核定。",
            "By form of the practical part. Given: cap, verified cost, given proposal, special case; modelled: bargain, "
            "verification out of the ledger.",
        ),
        columns=("offerings.candidates", "pass_through", "pass_through_class", "binds"),
    )


def binding_table(report) -> Block:
    """表3: what binds before and after."""
    say, (before, after) = report.press.say, report.binds
    old, new = (shares(list(one.values())) for one in (before, after))
    rows = [
        [
            report.press.word(BINDS, name),
            old[i],
            new[i],
            signed(number(_value(new[i]) - _value(old[i]))),
        ]
        for i, name in enumerate(before)
    ]
    header = [
        say(*pair)
        for pair in (
            ("起作用的限制", "binding limit"),
            ("基准 %", "baseline %"),
            ("方案 %", "scheme %"),
            ("变化 百分点", "points"),
        )
    ]
    return report.press.table(
        say("表3", "Table 3"),
        say("标准由哪一道限制决定（占考核人次）", "Which limit decides the fee, share of sittings"),
        header,
        rows,
        source=report.source,
        columns=("binds",),
    )


def _value(text: str) -> float:
    return float("nan") if text == "—" else float(text)


def schemes_table(report) -> Block:
    """表4: the scheme beside the shipped ones; a row that bargaining without a cap decides has no numbers."""
    say, press = report.press.say, report.press
    rows, open_ = (
        [_scheme_row(report, say("基准方案", "baseline"), report.heads[report.main][0])],
        [],
    )
    _add(report, rows, open_, "★ " + report.title, report.heads[report.main][1], report.answered)
    asked = {one.id for one in report.study.composition.scenarios}
    for name in SCHEMES:
        if name not in asked:
            other = report.study.with_composition([name])
            before, after = other.pair(report.main)
            head = {
                k: float(v)
                for k, v in headline(after, other.scope(other.prepared.scenario)).items()
            }
            _add(
                report,
                rows,
                open_,
                other.composition.scenarios[-1].title[press.lang],
                head,
                sc.answered(before, after, other.scope()),
            )
    every = (
        ("方案", "scheme"),
        ("平均核定标准 元", "mean fee, yuan"),
        ("考核费支出 万元", "fee bill, 10,000 yuan"),
        ("学校年支出 万元", "outlay, 10,000 yuan"),
        ("院校缺口 万元", "funding gap, 10,000 yuan"),
        ("机构未覆盖 万元", "shortfall, 10,000 yuan"),
        ("无人承接机构", "organisations short"),
        ("未满足需求 %", "unmet %"),
    )
    header = [say(*pair) for pair in every[: 8 if report.basis.assessed else 5]]
    caption = (
        say("方案对照总表（考虑机构响应）", "Schemes compared (response supply)")
        if report.basis.assessed
        else say("方案对照总表（不考虑机构响应）", "Schemes compared (no response)")
    )
    return press.table(
        say("表4", "Table 4"),
        caption,
        header,
        rows,
        source=report.source,
        note="".join([say("★ 为本报告方案。", "★ this report's scheme."), *open_]),
        columns=(
            "mean_approved_fee",
            "fee_bill",
            "college_outlay",
            "funding_gap",
            "supplier_shortfall",
            "suppliers_short",
            "unmet_share",
        ),
    )


def _add(report, rows, open_, name: str, head, answered) -> None:
    """A scheme's row; where its cap is gone and bargaining decides, 无法测算 and, in the note, what can be said."""
    if answered["share"] <= 0:
        rows.append(_scheme_row(report, name, head))
        return
    say = report.press.say
    rows.append([name, *[say("无法测算", "no answer")] * (7 if report.basis.assessed else 4)])
    a, part = answered, points(answered["share"])
    rest = (
        say(
            f"其余人次平均标准{number(a['before'])}元到{number(a['after'])}元",
            f"the others' mean fee goes from {number(a['before'])} to {number(a['after'])} yuan",
        )
        if a["share"] < 1
        else ""
    )
    open_.append(
        say(
            f"{name.removeprefix('★ ')}：{part}%的考核人次由协商决定，协商分的是上限以内的余地，没有上限就没有答案，合计无法测算"
            + (f"；{rest}" if rest else "")
            + "。",
            f" {name.removeprefix('★ ')}: {part} % of sittings rest on a bargain over the room under the cap, which has no answer without one"
            + (f"; {rest}" if rest else "")
            + ".",
        )
    )


def _scheme_row(report, name: str, head) -> list[str]:
    row = [
        name,
        number(head["mean_approved_fee"]),
        wan(head["fee_bill"]),
        wan(head["college_outlay"]),
        wan(head["funding_gap"]),
    ]
    return row + (
        [
            wan(head["supplier_shortfall"]),
            number(head["suppliers_short"]),
            percent(head["unmet_share"]),
        ]
        if report.basis.assessed
        else []
    )


def winners_table(report) -> Block:
    """表7: who is better and who worse off, by tier and by size; at least five colleges a row in a circulated report."""
    say, changes = report.press.say, report.changes
    least = 1 if report.press.internal else SMALL
    tiers = pooled(changes["tier"], least)
    sizes = adjacent(changes["decile"], range(1, 11), least)
    rows = []
    whole = _as_printed(winners.by_group(changes, "tier").iloc[-1:])
    for title, labels in ((say("类型", "tier"), tiers), (say("规模", "size"), sizes)):
        if labels.nunique() == 1 and (labels is sizes or labels.iloc[0] == REST):
            continue  # nothing could be told apart: the total says it all
        table = _as_printed(
            winners.by_group(changes.assign(group=labels), "group").iloc[:-1], whole.iloc[0]
        ).set_index("group")
        order = (
            labels.sort_values(key=lambda some: some.str.split("–").str[0].astype(int))
            if labels is sizes
            else labels
        )
        for group in in_order(order):
            rows.append(
                _winners_row(report, f"{title} · {_group_word(report, group)}", table.loc[group])
            )
    rows.append(_winners_row(report, say("合计", "all"), whole.iloc[0]))
    pairs = [
        ("组别", "group"),
        ("院校数", "colleges"),
        ("支出减少 %", "pay less %"),
        ("支出增加 %", "pay more %"),
        ("支出变化 万元", "outlay, 10,000 yuan"),
        ("缺口变化 万元", "gap, 10,000 yuan"),
    ]
    pairs += (
        [("多考 %", "serve more %"), ("少考 %", "serve fewer %"), ("可考人数变化", "candidates")]
        if report.basis.assessed
        else []
    )
    tenths = (
        say("规模为在校生十等分，1为最小。", "Size: tenths by students, 1 smallest. ")
        if any(row[0].startswith(say("规模", "size")) for row in rows)
        else ""
    )
    small = (
        ""
        if report.press.internal
        else say(
            "每行至少5所院校：不足的并入其余或相邻的档。",
            " At least five colleges a row: smaller groups are joined.",
        )
    )
    return report.press.table(
        say("表7", "Table 7"),
        _winners_caption(report),
        [say(*pair) for pair in pairs],
        rows,
        total=True,
        source=report.source,
        note=tenths
        + say("支出与缺口按", "Cash ")
        + (
            say("考虑机构响应的口径。", "with the response.")
            if report.basis.assessed
            else say(
                "不考虑机构响应的口径；机构响应不评估，不列服务。",
                "without the response, which is not judged; no service columns.",
            )
        )
        + small,
        columns=("college_outlay", "funding_gap", "served"),
    )


def _winners_caption(report) -> str:
    say, changes = report.press.say, report.changes
    if (changes["cash_side"] == "same").all():
        return say("得失：没有院校的支出变化", "Winners and losers: no college's outlay moves")
    return say("得失：", "Winners and losers: ") + sides_said(report.press, changes["cash_side"])


def _group_word(report, group: str) -> str:
    if group == REST:
        return report.press.say("其余", "the rest")
    return (
        report.press.word(TIERS, group)
        if group in TIERS
        else report.press.say(f"第{group}档", f"tenth {group}")
    )


def _winners_row(report, name: str, row) -> list[str]:
    made = [
        name,
        number(row["colleges"]),
        points(row["better_cash"]),
        points(row["worse_cash"]),
        signed(number(-row["cash"], 1)),
        signed(number(row["gap_change"], 1)),
    ]
    return made + (
        [
            points(row["better_service"]),
            points(row["worse_service"]),
            signed(number(row["service"])),
        ]
        if report.basis.assessed
        else []
    )


def _as_printed(table, whole=None):
    """Rows of `winners.by_group` with sums as they are printed: 万元 with one decimal, persons whole, adding to those of `whole`."""
    sums = {
        name: (table[name].to_numpy(float) / unit, places)
        for name, unit, places in (("cash", 1e4, 1), ("gap_change", 1e4, 1), ("service", 1.0, 0))
    }
    return table.assign(
        **{
            name: printed_parts(
                values, round(float(values.sum()), places) if whole is None else whole[name], places
            )
            for name, (values, places) in sums.items()
        }
    )


def largest_table(report) -> Block:
    """表8: the ten largest each way with why; internal reports only."""
    say = report.press.say
    if not report.press.internal:
        return paragraphs(
            say(
                "增减最大的院校及原因只在内部版列出。",
                "The colleges that gain and lose most, and why, stand in the internal report only.",
            )
        )
    some = winners.largest(report.changes)
    if some.empty:
        return paragraphs(
            say("表8从略：没有院校的支出变化。", "Table 8 is left out: no college's outlay moves.")
        )
    names = report.study.tables["colleges"].set_index("college")["name"]
    rows = [
        [
            names.get(row.college) or row.college,
            report.press.word(TIERS, row.tier),
            number(row.students),
            signed(wan(-row.cash)),
            signed(number(-row.cash / row.students, 1) if row.students else "—"),
            report.press.word(WHY, row.why),
            signed(wan(-row.why_yuan)),
        ]
        for row in some.itertuples()
    ]
    header = [
        say(*pair)
        for pair in (
            ("院校", "college"),
            ("类型", "tier"),
            ("在校生", "students"),
            ("支出变化 万元", "outlay, 10,000 yuan"),
            ("每生 元", "per student, yuan"),
            ("主要原因", "why"),
            ("其中 万元", "of it, 10,000 yuan"),
        )
    ]
    return report.press.table(
        say("表8", "Table 8"),
        say(
            "支出增加最多与减少最多的院校（各不超过10所）",
            "Colleges that pay most more and most less (up to ten each)",
        ),
        header,
        rows,
        source=report.source,
        note=say(
            "主要原因：与支出变化同向、数额最大的一项；标准变动按基准人次，人次变动按方案标准。",
            "Why: the largest part of the same sign; fees at the baseline's sittings, sittings at the scheme's fees.",
        )
        + view_said(report),
        columns=("college_outlay",),
    )


def readings_table(report) -> Block:
    """Open readings of the text, each at its other options; those that move neither amount are named in the note."""
    say, lang = report.press.say, report.press.lang
    spent = "college_outlay" if report.moved_measure == "college_outlay" else "fee_bill"
    frame, chosen = (
        cs.readings(report.study, "none"),
        {name: report.change("none", name) for name in (spent, "funding_gap")},
    )
    rows, same = (
        [
            [
                say("本报告所取读法", "as read here"),
                "—",
                *(signed(wan(value)) for value in chosen.values()),
            ]
        ],
        [],
    )
    for row in frame.itertuples():
        word = row.zh if lang == "zh" else row.en
        if all(abs(getattr(row, name) - value) < 0.5 for name, value in chosen.items()):
            same.append(word)
            continue
        unit = report.study.law.parameters[row.parameter].unit
        taken, other = (
            percent(value) + "%"
            if unit == "share" and isinstance(value, int | float)
            else value_text(value, lang)
            for value in (row.chosen, row.option)
        )
        rows.append(
            [word, f"{taken} → {other}", *(signed(wan(getattr(row, name))) for name in chosen)]
        )
    header = [say(*pair) for pair in (("读法", "reading"), ("改为", "instead"))]
    header += [
        say(
            f"{report.press.word(HEADLINES, name)}变化 万元",
            f"change in {report.press.word(HEADLINES, name)}, 10,000 yuan",
        )
        for name in chosen
    ]
    unmoved = (
        say(
            f"这一口径下换了也不改变这两项的读法：{'、'.join(dict.fromkeys(same))}。",
            f" Readings that move neither in this view: {', '.join(dict.fromkeys(same))}.",
        )
        if same
        else ""
    )
    return report.press.table(
        report.label("table", 8 + report.press.internal),
        say("换一种读法，结论变多少（不考虑响应）", "Other readings of the text (no response)"),
        header,
        rows,
        source=report.source,
        note=say(
            "基准与方案同用该读法；读法不抽样。", "Baseline and scheme are both taken under it."
        )
        + view_said(report, "none")
        + unmoved,
        columns=("fee_bill", "funding_gap"),
    )


def fees_table(report) -> Block:
    """附表1: the largest cells, fee by fee."""
    say, (before, after), weight = report.press.say, report.runs["none"], report.weight
    order, names = (
        np.argsort(-weight, kind="stable")[:20],
        report.study.tables["certificates"].set_index("certificate")["name"],
    )
    places = report.study.tables["provinces"].set_index("province")[
        "name_zh" if report.press.lang == "zh" else "name_en"
    ]
    cells, rows, colleges = (
        before.compiled.keys["cell"],
        [],
        sc.colleges_in_cells(before, report.scope),
    )
    for i in order[weight[order] > 0]:
        cell = cells.iloc[i]
        where = [] if report.study.province else [report.press.place(places[cell["province"]])]
        rows.append(
            [
                names[cell["certificate"]],
                *where,
                report.press.word(LEVELS, cell["level"]),
                report.press.shown(number(weight[i]), int(colleges[i])),
                *(_cap(report, result.plan["cap"][i]) for result in (before, after)),
                number(before.plan["approved_fee"][i]),
                number(after.plan["approved_fee"][i]),
                report.press.word(BINDS, list(BINDS)[int(after.plan["binds"][i])]),
            ]
        )
    header = [
        say(*pair)
        for pair in (
            ("证书", "certificate"),
            *([] if report.study.province else [("省份", "province")]),
            ("等级", "level"),
            ("计划人数", "candidates"),
            ("上限 基准", "cap"),
            ("上限 方案", "cap, scheme"),
            ("标准 基准", "fee"),
            ("标准 方案", "fee, scheme"),
            ("方案下起作用", "binds"),
        )
    ]
    return report.press.table(
        say("附表1", "Table A1"),
        say("分证书明细（人次最多的20项，元/人次）", "By certificate (20 largest), yuan"),
        header,
        rows,
        source=report.source,
        columns=("offerings.candidates", "cap", "approved_fee", "binds"),
    )


def _cap(report, value: float) -> str:
    return report.press.say("取消", "removed") if np.isinf(value) else number(value)
