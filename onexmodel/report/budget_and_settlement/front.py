"""The one-page summary of budget_and_settlement: what the year needs, who pays, what is unsettled, each with its year."""

from __future__ import annotations

from html import escape

from ...analysis.derive import derivation
from ...analysis.node import Node
from ...analysis.place_tree import place_tree
from ...analysis.scheme import touched
from ...analysis.settlement_trace import ledger_tree, rate_tree
from ...rules.funding import SOURCES as SOURCE_KEYS
from ...rules.funding import USES as USE_KEYS
from ..annex.centre import baseline_drawn
from ..annex.notes import Note
from ..fee_cap.areas import asleep_said
from ..opening import beyond_said, data_state, how_to_read, meta_line
from ..page.adding import shares
from ..page.html import Block, front_box, number, percent, wan
from ..page.words import SOURCES, USES
from . import settlement as sections
from .ranges import drawn_said, enough_said, off_centre_said, span_of


def front(report) -> Block:
    """Summary page."""
    say, year, need, (own, best) = (
        report.press.say,
        report.study.year,
        float(report.funds["need"].sum()),
        report.gaps,
    )
    wide, wide_own, wide_best = (
        span_of(report, name, name == "need") for name in ("need", "waterfall_gap", "gap")
    )
    way = say(
        "缺口降至" if best < own - 0.5 else "缺口仍为",
        "the gap falls to" if best < own - 0.5 else "the gap stays",
    )
    lead = say(
        f"{year}年度1+X需{wan(need)}万元{wide}，按学校使用次序已落实{wan(need - own)}万元，缺口{wan(own)}万元{wide_own}；"
        f"若专项资金先用、其余统筹，{way}{wan(best)}万元{wide_best}。",
        f"1+X needs {wan(need)}{wide} × 10,000 yuan in {year}; in the college's own order {wan(need - own)} is covered and "
        f"{wan(own)}{wide_own} is not; "
        f"with restricted money first and the rest pooled {way} {wan(best)}{wide_best}.",
    )
    title = say(
        f"{year}年度需{wan(need)}万元，缺口{wan(best)}万元",
        f"{wan(need)} needed in {year}, {wan(best)} not covered (10,000 yuan)",
    )
    if report.has_accounts and report.ledger.arrears:
        title += say(
            f"；{report.years()}考核未结清{wan(report.ledger.arrears / 100)}万元",
            f"; {wan(report.ledger.arrears / 100)} of {report.years()} unsettled",
        )
    asleep = asleep_said(report.press, touched(report.study), year)
    also = [
        *beyond_said(report.study, report.press),
        *([asleep] if asleep else []),
        *due_said(report),
        *enough_said(report),
        drawn_said(report),
        *baseline_drawn(report.press, report.study, "college_outlay"),
        *off_centre_said(report),
    ]
    return front_box(
        report.press.bands(),
        say("1+X收支预算与结算表", "Budget and settlement"),
        title,
        meta_line(report.study, report.press),
        lead + accounts_said(report),
        also,
        report.keys(),
        who(report),
        say("一页摘要", "Summary"),
    ) + how_to_read(report.press)


def accounts_said(report) -> str:
    """How far the accounts are settled, or why none are shown."""
    say, ledger = report.press.say, report.ledger
    if not report.has_accounts:
        return say("", " ") + sections.why_none(report)
    owing = int((ledger.batches["arrears_fen"] > 0).sum())
    if not owing:
        return say(
            f"截至{report.at}，{report.years()}考核的{number(len(ledger.batches))}批次已全部结清。",
            f" At {report.at} all {number(len(ledger.batches))} batches of {report.years()} are settled.",
        )
    return say(
        f"截至{report.at}，{report.years()}考核的{number(len(ledger.batches))}批次中{number(owing)}批次尚有{wan(ledger.arrears / 100)}万元未结清（结清率{percent(ledger.rate)}%）。",
        f" At {report.at}, {number(owing)} of the {number(len(ledger.batches))} batches of {report.years()} still owe "
        f"{wan(ledger.arrears / 100)} (settled {percent(ledger.rate)} %).",
    )


def due_said(report) -> list[str]:
    """What of the arrears was to be settled by the deadline; nothing where nothing is owed."""
    if not report.has_accounts or not report.ledger.arrears:
        return []
    say, day, owing = (
        report.press.say,
        report.view["settlement.deadline"],
        report.ledger.batches[report.ledger.batches["arrears_fen"] > 0],
    )
    due = {by.date(): some for by, some in owing[owing["due"]].groupby("due_by")}
    if not due:
        return [
            say(
                f"这些批次都不在须于{day}前结清的范围内。",
                f"None of them had to be settled by {day}.",
            )
        ]
    if len(due) == 1 and len(next(iter(due.values()))) == len(owing):
        day = next(iter(due))
        return [
            say(
                f"这些批次都在须于{day}前结清的范围内。", f"All of them had to be settled by {day}."
            )
        ]
    return [
        say(
            f"其中{number(len(some))}批次、{wan(some['arrears_fen'].sum() / 100)}万元须于{by}前结清。",
            f"{number(len(some))} batches, {wan(some['arrears_fen'].sum() / 100)}, had to be settled by {by}.",
        )
        for by, some in due.items()
    ]


def keys(report) -> list[tuple]:
    """Key figures with their note numbers; each says its year."""
    say, ten, year = report.press.say, report.press.say("万元", "10⁴ yuan"), report.study.year
    own, best = report.gaps
    ordered = say("按学校次序 ", "own order ") + wan(own) + span_of(report, "waterfall_gap")
    gaps = say("；", "; ").join(part for part in (span_of(report, "gap").strip(), ordered) if part)
    made = [
        (
            say(f"{year}年度需求", f"need, {year}"),
            wan(report.funds["need"].sum()),
            ten,
            span_of(report, "need").strip(),
            1,
        ),
        (say(f"{year}年度缺口（统筹）", f"gap of {year}, pooled"), wan(best), ten, gaps, 2),
    ]
    if not report.has_accounts:
        return made
    return [
        *made,
        (
            say(f"{report.years()}考核应付", f"payable, {report.years()}"),
            wan(report.ledger.payable / 100),
            ten,
            "",
            3,
        ),
        (
            say("其中未结清", "of it owed"),
            wan(report.ledger.arrears / 100),
            ten,
            say(f"截至{report.at}", f"at {report.at}"),
            4,
        ),
        (
            say("结清率", "settled"),
            percent(report.ledger.rate),
            "%",
            say(f"截至{report.at}", f"at {report.at}"),
            5,
        ),
    ]


def noted(report) -> list[Note]:
    """Trees: needs by use, the gap, and the accounts down to cells."""
    lang, derived = report.press.lang, derivation(report.study, "none", stored=True)
    parts = tuple(
        place_tree(derived, "scenario", name, lang)
        for name in ("fee_bill", "college_cash_cost", "training_cash_cost", "uplift")
    )
    need = Node(
        "need",
        report.press.say(f"{report.study.year}年度需求", f"need of {report.study.year}"),
        "",
        float(report.funds["need"].sum()),
        report.press.say("元/年", "yuan a year"),
        "sum",
        report.press.say(
            "考核颁证＋培训＋教师培训＋绩效工资",
            "assessment + training + teacher training + performance pay",
        ),
        children=(
            *(
                Node(
                    f"need_{use}",
                    report.press.word(USES, use),
                    "",
                    float(report.funds.loc[use, "need"]),
                    "",
                    "rest",
                )
                for use in USE_KEYS
            ),
            *parts,
        ),
    )
    trees = [need, place_tree(derived, "scenario", "funding_gap", lang)]
    if report.has_accounts:
        trees += [
            ledger_tree(report.study, report.ledger, "payable_fen", lang),
            ledger_tree(report.study, report.ledger, "arrears_fen", lang),
            rate_tree(report.study, report.ledger, lang),
        ]
    return [
        Note(i, name, f"{value} {unit}", (tree,))
        for i, ((name, value, unit, *_), tree) in enumerate(
            zip(report.keys(), trees, strict=True), start=1
        )
    ]


def who(report) -> list[tuple[str, str]]:
    """Who pays, limits and risks, state of the data."""
    say = report.press.say
    risk = say(
        "社会资本实物投入未计入现金；考核日尚无标准的批次按协议价或发票计，须由学校核对。",
        "In-kind capital is not cash; batches before any standard are counted at contract or invoice prices, to be checked by the college.",
    )
    return [
        (
            say(
                f"谁承担（{report.study.year}年度，统筹）",
                f"Who pays ({report.study.year}, pooled)",
            ),
            f"<p>{escape(payers(report))}</p>",
        ),
        (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
        (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press)),
    ]


def payers(report) -> str:
    """Shares of the need by source and what nobody pays; they add to 100 in print."""
    say, whole = report.press.say, float(report.funds["need"].sum())
    if whole <= 0:
        return say("没有需求。", "Nothing is needed.")
    paid = {
        report.press.word(SOURCES, source): float(report.funds[source].sum())
        for source in SOURCE_KEYS
    }
    small = sum(value for value in paid.values() if 0 < value < 0.005 * whole)
    parts = {name: value for name, value in paid.items() if value >= 0.005 * whole} | {
        say("其他来源", "other sources"): small,
        report.press.word(SOURCES, "funding_gap"): float(report.funds["gap"].sum()),
    }
    parts = {name: value for name, value in parts.items() if value > 0.5}
    return say("、", ", ").join(
        f"{name}{say('', ' ')}{number(share)}{say('%', ' %')}"
        for name, share in zip(parts, shares(list(parts.values()), whole, decimals=0), strict=True)
        if share
    )
