"""The sentences of fee_cap: front box, what the scheme changes, risks and conclusions. Every number comes from the run."""

from __future__ import annotations

from html import escape

import numpy as np

from ..analysis.derive import derivation
from ..analysis.trace import Node, place_tree
from .appendix import value_text
from .html import Block, bullets, front_box, number, paragraphs, percent, relative, signed, wan
from .notes import Note
from .opening import data_state, meta_line
from .words import OWN, SOURCES

NOTHING = 0.005


def moves(report) -> bool:
    """Does the scheme move any fee that is paid?"""
    before, after = (result.plan["approved_fee"] for result in report.runs["none"])
    cells = report.scope["cell"]
    return bool(np.nanmax(np.abs(after - before)[cells], initial=0.0) > NOTHING)


def front(report) -> Block:
    """Conclusion first; then key figures, who bears it, risks, state of the data."""
    say, (before, after) = report.press.say, report.heads["none"]
    bill = relative(before["fee_bill"], after["fee_bill"])
    title = say(f"{report.title}：考核费支出{bill}，平均核定标准{number(before['mean_approved_fee'])}元到{number(after['mean_approved_fee'])}元",
                f"{report.title}: fee bill {bill}, mean approved fee {number(before['mean_approved_fee'])} to {number(after['mean_approved_fee'])} yuan")
    if not moves(report):
        title = say(f"{report.title}：不改变任何核定标准", f"{report.title}: no fee changes")
    return front_box(report.press.bands(), say("考核成本上限与费用标准 · 情景测算", "Caps and fees of assessment · scenario"), title,
                     meta_line(report.study, report.press), lead(report), [passing_sentence(report), modes_sentence(report)],
                     key_figures(report), notes(report), say("一页摘要", "Summary"))


def lead(report) -> str:
    """The takeaway of reports.md (a)."""
    say, (before, after), p = report.press.say, report.heads["none"], report.passing
    if not moves(report):
        return say("方案不改变任何人次的核定标准：现行标准由核定、申报价或特殊情况决定，提高上限不起作用，支出、缺口与服务均不变。",
                   "The scheme moves no approved fee: verification, proposals or special cases decide today's fees, so spending, gaps and "
                   "service stay as they are.")
    low, high = report.ranges["none"]["college_outlay"]
    added, fee = after["college_outlay"] - before["college_outlay"], after["mean_approved_fee"] - before["mean_approved_fee"]
    own = sum(report.borne[name] for name in OWN)
    ceiling = _mean_ceiling(report)
    rate = say(f"（传导率{percent(fee / ceiling)}%）", f" ({percent(fee / ceiling)} % of the rise in the ceiling)") if np.isfinite(ceiling) and ceiling else ""
    share = say(f"，其中{percent(own / added)}%由学校自有资金承担、{percent(report.borne['funding_gap'] / added)}%尚无来源",
                f", {percent(own / added)} % of it from colleges' own money and {percent(report.borne['funding_gap'] / added)} % without a source"
                ) if abs(added) > 1 else ""
    asked = "" if not np.isfinite(report.asked) else say(f"上限平均{signed(percent(report.asked - 1))}%，", f"Caps {signed(percent(report.asked - 1))} % on average; ")
    return say(f"{asked}核定标准平均{signed(number(fee, 1))}元{rate}，学校年支出{signed(wan(added))}万元〔80%区间 {wan(low)}—{wan(high)}〕{share}；"
               f"在{percent(p['none'] + p['unmoved'])}%的考核人次中提高上限不改变核定标准。",
               f"{asked}mean approved fee {signed(number(fee, 1))} yuan{rate}, yearly outlay of colleges {signed(wan(added))} × 10,000 yuan [80 %: "
               f"{wan(low)} to {wan(high)}]{share}; for {percent(p['none'] + p['unmoved'])} % of sittings the raise changes no fee.")


def _mean_ceiling(report) -> float:
    before, after = report.runs["none"]
    weight = before.compiled.space.maps["offering", "cell"].sum(before.compiled.leaves["planned_candidates"] * report.scope["offering"])
    moved = after.plan["ceiling"] - before.plan["ceiling"]
    return float(np.nansum(weight * moved) / weight.sum()) if np.isfinite(moved[weight > 0]).all() else float("nan")


def passing_sentence(report) -> str:
    """The first number a planner needs (model.md §0.1)."""
    p = report.passing
    return report.press.say(
        f"传导：{percent(p['full'])}%的考核人次全额传导，{percent(p['partial'])}%部分传导，{percent(p['none'])}%不传导"
        + (f"，{percent(p['unmoved'])}%上限余额未变或无从比较" if p["unmoved"] > NOTHING else "")
        + f"；其中{percent(p['given'])}%依据给定限制（上限、核定成本、申报价、特殊情况），{percent(1 - p['given'])}%依据模型测算的协商价或台账核定。",
        f"Pass-through: {percent(p['full'])} % of sittings in full, {percent(p['partial'])} % in part, {percent(p['none'])} % not at all"
        + (f", {percent(p['unmoved'])} % not comparable" if p["unmoved"] > NOTHING else "")
        + f"; {percent(p['given'])} % rest on given limits, {percent(1 - p['given'])} % on modelled ones.")


def modes_sentence(report) -> str:
    """Modes none and supply side by side."""
    n, s = report.heads["none"], report.heads["supply"]
    d = {mode: pair[1]["fee_bill"] - pair[0]["fee_bill"] for mode, pair in (("none", n), ("supply", s))}
    return report.press.say(
        f"两种口径：不考虑机构响应，考核费支出{signed(wan(d['none']))}万元；考虑机构响应（亏损的机构少承接），{signed(wan(d['supply']))}万元，"
        f"未满足需求由{percent(s[0]['unmet_share'])}%变为{percent(s[1]['unmet_share'])}%。",
        f"Two views: without the organisations' response the fee bill moves by {signed(wan(d['none']))} × 10,000 yuan; with it by "
        f"{signed(wan(d['supply']))}, and unmet demand goes from {percent(s[0]['unmet_share'])} to {percent(s[1]['unmet_share'])} %.")


def key_figures(report) -> list[tuple[str, str, str, str]]:
    """Baseline → scheme, change, interval."""
    say, (b, a), r = report.press.say, report.heads["supply"], report.ranges["supply"]
    n = report.heads["none"]

    def span(low, high, write):
        return f"〔{write(low)}—{write(high)}〕"
    return [
        (say("平均核定标准", "mean approved fee"), f"{number(n[0]['mean_approved_fee'])} → {number(n[1]['mean_approved_fee'])}", say("元/人次", "yuan"),
         relative(n[0]["mean_approved_fee"], n[1]["mean_approved_fee"]), 1),
        (say("考核费支出", "fee bill"), f"{wan(n[0]['fee_bill'])} → {wan(n[1]['fee_bill'])}", say("万元", "10⁴ yuan"),
         signed(wan(n[1]["fee_bill"] - n[0]["fee_bill"])) + span(*report.ranges["none"]["fee_bill"], wan), 2),
        (say("未满足需求（响应）", "unmet demand (response)"), f"{percent(b['unmet_share'])} → {percent(a['unmet_share'])}", "%",
         span(*r["unmet_share"], lambda x: signed(number(100 * x, 1))), 3),
        (say("机构未覆盖额", "organisations' shortfall"), f"{wan(b['supplier_shortfall'])} → {wan(a['supplier_shortfall'])}", say("万元", "10⁴ yuan"),
         say("过半需求无人承接：", "serving under half: ") + f"{number(b['suppliers_short'])} → {number(a['suppliers_short'])}", 4),
        (say("院校经费缺口", "colleges' funding gap"), f"{wan(n[0]['funding_gap'])} → {wan(n[1]['funding_gap'])}", say("万元", "10⁴ yuan"),
         signed(wan(n[1]["funding_gap"] - n[0]["funding_gap"])) + span(*report.ranges["none"]["funding_gap"], wan), 5),
    ]


def notes(report) -> list[tuple[str, str]]:
    """Who bears it, risks, state of the data (HTML)."""
    say, whole = report.press.say, sum(report.borne.values())
    if abs(whole) < 0.5:
        who = say("没有增减需要分担。", "Nothing to share out.")
    else:
        parts = sorted(((100 * v / whole, k) for k, v in report.borne.items() if abs(v / whole) >= 0.005), reverse=True)
        joined = "、".join(f"{report.press.word(SOURCES, k)}{number(v)}元" for v, k in parts)
        who = say(f"每多付100元：{joined}。", "Of 100 yuan more: " + ", ".join(f"{report.press.word(SOURCES, k)} {number(v)}" for v, k in parts) + ".")
    risk = say("四类上限金额由数据集提供，不是官方公布的数字，以教职成厅函〔2020〕11号为准。", "The four cap amounts come from the data set, not from a public document.")
    deduct = value_text(report.study.composition.law.at(_day(report))["fees.deduct_college_borne"])
    risk += say(f"院校承担成本按{deduct}扣除是一种读法。", f" Deducting college-borne cost ({deduct}) is one reading.")
    return [(say("谁承担", "Who bears it"), f"<p>{escape(who)}</p>"), (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
            (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press))]


def _day(report):
    from ..engine.compile import mid_year
    return mid_year(report.study.year)


def scheme_paragraphs(report) -> Block:
    """Each change of the scheme with its reason; notes of the composition."""
    say, law = report.press.say, report.study.composition.law
    operations = {"value": say("改为", "set to"), "scale": say("乘以", "times"), "add": say("加", "plus"), "remove": say("取消", "removed")}
    lines = []
    for scenario in report.study.composition.scenarios:
        for change in scenario.changes:
            name = law.parameters[change.target].zh if report.press.lang == "zh" and change.target in law.parameters else change.target
            operand = "" if change.operation == "remove" else f" {value_text(change.operand)}"
            asleep = "" if change.holds(_day(report)) else say("；本年度7月1日不生效，不影响结果", "; not in force on 1 July of the year, without effect here")
            lines.append(say(f"{name}：{operations[change.operation]}{operand}（{change.reason}{asleep}）", f"{name}: {operations[change.operation]}{operand} ({change.reason}{asleep})"))
    lines += [f"{name} = {value} (--set)" for name, value in report.study.composition.sets.items()]
    lines += list(report.study.composition.notes)
    return bullets(lines) if lines else paragraphs(say("没有改动，基准与方案相同。", "Nothing is changed."))


def conclusions(report) -> Block:
    """From the run: what the scheme does and does not do, and what should go with it."""
    say, p = report.press.say, report.passing
    none, supply = report.heads["none"], report.heads["supply"]
    scale, (low, high) = report.break_even
    lines = [passing_sentence(report)]
    if not moves(report):
        lines.append(say("方案不改变任何标准；要减轻机构亏损，须从核定成本、申报价或降本入手。", "The scheme moves no fee; look at verified costs, proposals or cost reduction instead."))
    else:
        lines.append(say(f"机构成本未覆盖额{signed(wan(supply[1]['supplier_shortfall'] - supply[0]['supplier_shortfall']))}万元，院校经费缺口"
                         f"{signed(wan(none[1]['funding_gap'] - none[0]['funding_gap']))}万元（不考虑响应）：提高上限把负担从机构移向院校，须同时落实经费来源。",
                         f"Organisations' shortfall {signed(wan(supply[1]['supplier_shortfall'] - supply[0]['supplier_shortfall']))}, colleges' gap "
                         f"{signed(wan(none[1]['funding_gap'] - none[0]['funding_gap']))} (× 10,000 yuan): the raise moves the burden to colleges and needs funds."))
    if np.isfinite(scale) and scale > 0.3:
        lines.append(say(f"未满足需求降到5%，需要上限为现行的{100 * scale:.0f}%〔{100 * low:.0f}—{100 * high:.0f}〕；比例以数据集给出的上限为100，金额更正后应重算。",
                         f"Unmet demand of 5 % needs {100 * scale:.0f} % [{100 * low:.0f}–{100 * high:.0f}] of today's caps."))
    elif not np.isfinite(scale):
        lines.append(say("在三倍上限以内，未满足需求降不到5%：核定或申报价先起作用，仅提高上限无解。", "No cap up to three times today's brings unmet demand to 5 %: other limits bind first."))
    lines.append(say("已知简化：机构退出按全年成本整体比较；盈余与未覆盖额按计划人次计；补考与首考同场；只走一遍，不循环。",
                     "Known simplifications: exit compares full yearly cost; margins are on plans; resits share sessions; one pass."))
    if p["given"] < 0.5:
        lines.append(say("过半人次的限制是模型测算的，不是给定的：先补充核定成本和申报价，再据此决策。", "Over half of the sittings rest on modelled limits: collect verified costs first."))
    return bullets(lines)


def noted(report) -> list[Note]:
    """The five key figures, each with the trees of what it is made of."""
    say, lang = report.press.say, report.press.lang
    plain, answered = (derivation(report.study, mode, stored=True) for mode in ("none", "supply"))

    def total(derived, name):
        return place_tree(derived, "scenario", name, lang)
    bill, payable, served, planned = total(plain, "fee_bill"), total(plain, "payable_sittings"), total(answered, "served"), total(answered, "planned_candidates")
    fee = Node("mean_approved_fee", say("平均核定标准", "mean approved fee"), "", bill.value / payable.value if payable.value else float("nan"), say("元/人次", "yuan"), "rule",
               say("考核费合计 ÷ 计费人次合计", "fee bill ÷ payable sittings"), children=(bill, payable))
    unmet = Node("unmet_share", say("未满足考核需求", "unmet demand"), "", 100 * (1 - served.value / planned.value) if planned.value else float("nan"), "%", "rule",
                 say("1 − 可考核人数合计 ÷ 计划考生合计", "1 − served ÷ planned"), children=(served, planned))
    trees = (fee, bill, unmet, total(answered, "supplier_shortfall"), total(plain, "funding_gap"))
    return [Note(i, f"{name}{say('（方案）', ' (scheme)')}", f"{value.split(' → ')[-1]} {unit}", (tree,)) for i, ((name, value, unit, *_), tree) in
            enumerate(zip(key_figures(report), trees, strict=True), start=1)]
