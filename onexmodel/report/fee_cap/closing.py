"""fee_cap's scheme in words, conclusions, the sensitivity in plain words, and the derivations of the key figures."""

from __future__ import annotations

import re

from ...analysis import sensitivity as se
from ...analysis.derive import derivation
from ...analysis.node import Node
from ...analysis.place_tree import place_tree
from ...data.schema import load_schema
from ...engine.compile import mid_year
from ..annex.appendix import value_text
from ..annex.notes import Note
from ..annex.places import where_said
from ..page.html import Block, bullets, paragraphs, wan
from ..page.words import HEADLINES, foreign
from .areas import USES_TOLD, change_said
from .front import key_figures, lead, passing_sentence
from .service import critical_draws, critical_ends, critical_title, unjudged, view_said


def scheme_paragraphs(report) -> Block:
    """Each change of the scheme with its days and its reason; notes of the composition."""
    say, law, day = report.press.say, report.study.composition.law, mid_year(report.study.year)
    operations = {
        "value": say("改为", "set to"),
        "scale": say("乘以", "times"),
        "add": say("加", "plus"),
        "remove": say("取消", "removed"),
    }
    lines = []
    for scenario in report.study.composition.scenarios:
        for change in scenario.changes:
            name = _name_of(change, report.study, report.press)
            operand = (
                ""
                if change.operation == "remove"
                else f" {value_text(change.operand, report.press.lang, law.parameters.get(change.target) if change.operation == 'value' else None)}"
            )
            start = (
                say(f"自{change.start}起", f"from {change.start}")
                if change.start.year > 1900 and change.start > day.replace(month=1, day=1)
                else ""
            )
            until = say(f"至{change.until}前", f"until {change.until}") if change.until else ""
            asleep = (
                ""
                if change.holds(day)
                else say(
                    "本年度7月1日不生效，不影响结果",
                    "not in force on 1 July of the year, without effect here",
                )
            )
            within = (
                say("全年按7月1日的状态计", "the whole year counts as on 1 July")
                if change in report.touched.within
                else ""
            )
            told = say("；", "; ").join(
                part
                for part in (
                    foreign(str(change.reason), report.press.lang),
                    start + until,
                    asleep,
                    within,
                )
                if part
            )
            lines.append(
                say(
                    f"{name}：{operations[change.operation]}{operand}（{told}）",
                    f"{name}: {operations[change.operation]}{operand} ({told})",
                )
            )
    lines += [
        f"{name} = {value}（--set）" if report.press.lang == "zh" else f"{name} = {value} (--set)"
        for name, value in report.study.composition.sets.items()
    ]
    if "response.mode" in report.study.composition.sets:
        lines.append(
            say(
                "响应方式：本报告把两种口径并列，不按 --set 取一种。",
                "response.mode: this report shows both views; --set does not choose one.",
            )
        )
    lines += list(report.study.composition.notes)
    return (
        bullets(lines)
        if lines
        else paragraphs(say("没有改动，基准与方案相同。", "Nothing is changed."))
    )


def _name_of(change, study, press) -> str:
    """The parameter's name with the places meant; or the table's and column's Chinese names with the rows meant (English: as in the file)."""
    if not change.is_data:
        place = where_said(press, study, change.where)
        return study.law.parameters[change.target].title(press.lang) + (
            press.say(f"［{place}］", f" [{place}]") if place else ""
        )
    table, column = change.target.split("/")
    known = load_schema()[table][column]
    rows = press.say("；", "; ").join(f"{key}={'、'.join(words)}" for key, words in change.where)
    return press.say(f"{known.sheet}「{known.header}」", change.target) + (
        press.say(f"［{rows}］", f" [{rows}]") if rows else ""
    )


def conclusions(report) -> Block:
    """From the run: what the scheme does and does not do, and what should go with it."""
    say, p, none, touched = report.press.say, report.passing, report.heads["none"], report.touched
    lines = [lead(report)]
    if touched.sleeps or not touched.areas:
        lines.append(
            say(
                "要看方案的作用，请选改动生效的年度，或核对情景文件。",
                "To see the scheme at work choose a year in which it holds, or check the scenario file.",
            )
        )
    else:
        lines.append(passing_sentence(report))
        lines += _burden_lines(report, none)
    if report.basis.assessed:
        title = critical_title(report)
        ends = (
            say(f"临界上限{critical_ends(report)}；", f"critical cap{critical_ends(report)}; ")
            if report.critical.solved > 0
            else ""
        )
        lines.append(
            say(
                f"{title}（{ends}{critical_draws(report).rstrip('。')}）；比例以数据集给出的上限为100，金额更正后应重算。",
                f"{title} ({ends}{critical_draws(report).rstrip('.')}); run again once the cap amounts are corrected.",
            )
        )
        lines.append(
            say(
                "已知简化：机构退出按全年成本整体比较；盈余与未覆盖额按计划人次计；补考与首考同场；只走一遍，不循环。",
                "Known simplifications: exit compares full yearly cost; margins are on plans; resits share sessions; one pass.",
            )
        )
    else:
        lines.append(unjudged(report))
    if p["given"] < 0.5:
        lines.append(
            say(
                "过半人次的限制是模型测算的，不是给定的：先补充核定成本和申报价，再据此决策。",
                "Over half of the sittings rest on modelled limits: collect verified costs first.",
            )
        )
    return bullets(lines)


def _burden_lines(report, none) -> list[str]:
    """Shortfall of organisations and gap of colleges, which are never added, and what follows for a planner."""
    say, lines = report.press.say, []
    gap = change_said(
        report.press,
        none[0]["funding_gap"],
        none[1]["funding_gap"],
        wan,
        say("万元", " × 10,000 yuan"),
        0.5,
    )
    text = say(f"院校经费缺口{gap}（不考虑响应）", f"Colleges' gap (no response): {gap}")
    if report.basis.assessed:
        shortfall = change_said(
            report.press,
            *(head["supplier_shortfall"] for head in report.heads["supply"]),
            wan,
            say("万元", " × 10,000 yuan"),
            0.5,
        )
        text = (
            say(f"机构成本未覆盖额{shortfall}，", f"Organisations' shortfall: {shortfall}; ")
            + text[0].lower()
            + text[1:]
        )
    up, down = (
        report.change("none", "funding_gap") >= 0.5,
        report.change("none", "funding_gap") <= -0.5,
    )
    if report.fees_move and up:
        text += say(
            "：负担移向院校，须同时落实经费来源", ": the burden moves to colleges and needs funds"
        )
    elif (
        report.fees_move
        and down
        and report.basis.assessed
        and report.change("supply", "unmet_share") > 5e-7
    ):
        text += say(
            "：院校少付，服务随之减少，须看能否承受",
            ": colleges pay less and service shrinks with it",
        )
    lines.append(text + say("。", "."))
    if not report.fees_move and report.caps[0] != "none":
        lines.append(
            say(
                "上限不是现行标准的约束；要减轻机构亏损，须从核定成本、申报价或降本入手。",
                "The caps do not bind: look at verified costs, proposals or cost reduction instead.",
            )
        )
    return lines


def sobol_points(report) -> int:
    """log2 of the points an input: as many as the report's draws, and no fewer than indices need."""
    return max(se.LEAST_LOG2, int(report.parameters["log2_draws"]))


def sobol_words(report) -> Block:
    """Which assumptions decide the answer, with interaction, and which readings do (Sobol first and total effects)."""
    say, measure = report.press.say, report.moved_measure
    if not measure:
        return paragraphs(
            say(
                "方案不改变支出、缺口与机构未覆盖额，没有可分解的不确定性。",
                "The scheme moves no spending, gap or shortfall: there is no uncertainty to take apart.",
            )
        )
    size = sobol_points(report)
    found = se.sensitivity(
        report.study, measure, report.main, size, int(report.parameters["seed"]), se.VISIBLE
    )
    others = se.other_readings(report.study, measure, report.main)
    lines = se.in_words(found, others, report.press.lang)
    if report.press.lang == "zh":  # options by their words
        lines = [
            re.sub(r"＝([a-z_]+)", lambda found: "＝" + value_text(found.group(1)), line)
            for line in lines
        ]
    head = say(
        f"整体敏感性（Sobol，对象为{report.press.word(HEADLINES, measure)}的变化；每维{2**size}点）：各假设同时变动时，各自占方案结果方差的多少。",
        f"Global sensitivity (Sobol, of the change in {report.press.word(HEADLINES, measure)}; {2**size} points a dimension): the share of the variance each assumption brings when all vary at once.",
    )
    return paragraphs(head + view_said(report)) + bullets(lines)


def noted(report) -> list[Note]:
    """The key figures, each with the trees of what it is made of."""
    say, lang, derived = (
        report.press.say,
        report.press.lang,
        {mode: derivation(report.study, mode, stored=True) for mode in report.modes},
    )

    def total(mode, name):
        return place_tree(derived[mode], "scenario", name, lang)

    bill, payable = total("none", "fee_bill"), total("none", "payable_sittings")
    fee = Node(
        "mean_approved_fee",
        say("平均核定标准", "mean approved fee"),
        "",
        bill.value / payable.value if payable.value else float("nan"),
        say("元/人次", "yuan"),
        "rule",
        say("考核费合计 ÷ 计费人次合计", "fee bill ÷ payable sittings"),
        children=(bill, payable),
    )
    figures = key_figures(report)
    money = [bill, _outlay_tree(report, total)]
    if figures[1][0] != report.press.word(HEADLINES, "fee_bill"):
        money.reverse()
    trees = [fee, money[0]]
    if report.basis.assessed:
        served, planned = total("supply", "served"), total("supply", "planned_candidates")
        trees += [
            Node(
                "unmet_share",
                say("未满足考核需求", "unmet demand"),
                "",
                100 * (1 - served.value / planned.value) if planned.value else float("nan"),
                "%",
                "rule",
                say("1 − 可考核人数合计 ÷ 计划考生合计", "1 − served ÷ planned"),
                children=(served, planned),
            ),
            total("supply", "supplier_shortfall"),
        ]
    else:
        trees += [money[1], total("none", "awarded")]
    trees.append(total("none", "funding_gap"))
    return [
        Note(
            i, f"{name}{say('（方案）', ' (scheme)')}", f"{value.split(' → ')[-1]} {unit}", (tree,)
        )
        for i, ((name, value, unit, *_), tree) in enumerate(
            zip(figures, trees, strict=True), start=1
        )
    ]


def _outlay_tree(report, total) -> Node:
    say = report.press.say
    uses = tuple(total("none", f"need_{use}") for use in USES_TOLD)
    return Node(
        "college_outlay",
        report.press.word(HEADLINES, "college_outlay"),
        "",
        sum(node.value for node in uses),
        say("元/年", "yuan a year"),
        "rule",
        say("四项用途需要之和", "sum of the four uses"),
        children=uses,
    )
