"""fee_cap's tables. Shares print so that they add; what is not judged or has no answer is left out or said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis import scheme as sc
from ...analysis import winners
from ...analysis.caps import study as cs
from ...analysis.disclosure import in_order, joined_groups
from ...analysis.headline import OF_FEES, pass_through_shares
from ...analysis.statistics.precision import HALF_YUAN
from ...law.parameters import FORMS
from ..annex.values import value_text
from ..front.opening import certificate_names, place_names
from ..front.winners import kinds, printed_groups
from ..page.blocks import Block, paragraphs, ranged
from ..page.numbers import count, number, percent, points, signed, tenths
from ..page.words import BINDS, LEVELS, TIERS
from ..page.writer import SMALL
from .areas import SERVICE, percents, shares, view_of
from .front import passing_sentence, removed_sentence

if TYPE_CHECKING:
    from .report import FeeCap

MEASURES = (
    "mean_approved_fee",
    "fee_bill",
    "college_outlay",
    "funding_gap",
    "supplier_shortfall",
    "suppliers_short",
    "unmet_share",
)
PASSED = ("full", "partial", "none")
LARGEST, OWN_LARGEST = 10, 40  # rows of the list of certificates, of one college's


def modes_table(report: FeeCap) -> Block:
    """Both views side by side, without and with response; the first alone where the response cannot be judged. Service stands under the
    second view only."""
    words, rows = report.words, []
    for name in MEASURES:
        if name in report.left_out or (name in SERVICE and not report.basis.assessed):
            continue
        row, write = [words.table_measures[name]], report.written(name)
        for mode in report.modes:
            before, after = (head[name] for head in report.heads[mode])
            moved = after - before
            reach = report.writer.span(report.ranges[mode][name], write, moved)
            told = [write(before), write(after), ranged(signed(write(moved)), reach)]
            told = [told[0], words.no_answer, "—"] if report.open and name in OF_FEES else told
            row += ["—"] * 3 if name in SERVICE and mode == "none" else told
        rows.append(row)
    if report.basis.assessed:
        loose = [cs.loose_certificates(one, report.scope) for one in report.runs["supply"]]
        told = [*map(count, loose), signed(count(loose[1] - loose[0]))]
        rows.append([words.table_measures["loose"], *["—"] * 3, *told])
    columns = words.table_views_columns
    return report.numbered_table(
        "views",
        words.table_views_caption(report.basis.assessed),
        [columns["measure"], *(name for mode in report.modes for name in columns[mode])],
        rows,
        note=words.table_views_note(
            report.basis,
            bool(report.study.college),
            len(report.organisations) if report.basis.assessed else 0,
            "costs" in report.lacks,
        )
        + removed_sentence(report),
        columns=MEASURES,
    )


def forms_table(report: FeeCap) -> Block:
    """By form of the practical (or only) part: where fees follow the cap, on given and on modelled limits; and the same in words. Forms
    of few colleges stand together in a circulated report. Of published fees alone the sentence that there is nothing to tell."""
    if report.lacks:
        return paragraphs(report.words.alone_limits(report.lacks))
    words, after, rows = report.words, report.runs["none"][1], []
    component = after.compiled.leaves["component_form"]
    form = np.where(component[1] >= 0, component[1], component[0])
    weight = sc.planned_weight(after, report.scope_after)
    also = [name for name in ("unmoved", "unjudged") if report.passing.get(name, 0.0) > 0]
    shown = [*PASSED, *also]
    planning = sc.colleges_by(form, after, report.scope_after)
    some = {name: planning.get(code, set()) for code, name in enumerate(FORMS)}
    groups = joined_groups(some, 1 if report.writer.internal else SMALL)
    for names in [*groups, ()]:
        cells = np.isin(form, [FORMS.index(one) for one in names]) if names else form == form
        if (weight * cells).sum():
            share = pass_through_shares(after, report.scope_after, cells)
            open_ = share.get("unjudged", 0.0)
            rows.append(
                [
                    words.table_forms_group(names) if names else words.table_forms_total,
                    count((weight * cells).sum()),
                    *shares([share.get(key, 0.0) for key in shown]),
                    *shares([share["given"], 1 - share["given"] - open_, open_])[:2],
                ]
            )
    table = report.numbered_table(
        "forms",
        words.table_forms_caption(report.caps[0]),
        [
            words.table_forms_columns[name]
            for name in ("form", "candidates", *shown, "given", "modelled")
        ],
        rows if len(rows) > 2 else rows[:1],  # one form: the total says the same
        total=len(rows) > 2,
        note=words.table_forms_note(),
        columns=("offerings.candidates", "pass_through", "pass_through_class", "binds"),
    )
    return paragraphs(passing_sentence(report)) + table


def binding_table(report: FeeCap) -> Block:
    """What binds before and after; what decides nothing on either side is left out."""
    if report.lacks:
        return Block("")
    before, after = (percents(list(one.values())) for one in report.binds)
    rows = [
        [report.writer.word(BINDS, name), count(old), count(new), signed(count(new - old))]
        for name, old, new in zip(report.binds[0], before, after, strict=True)
        if old or new
    ]
    return report.numbered_table(
        "binding",
        report.words.table_binding_caption,
        report.words.table_binding_columns,
        rows,
        columns=("binds",),
    )


def winners_table(report: FeeCap) -> Block:
    """Who is better and who worse off, by tier and by size; at least five colleges a row in a circulated report; columns that are 0 all
    the way down are left out."""
    words, writer, changes = report.words, report.writer, report.changes
    groups, rows = kinds(changes, writer.least), []
    for kind, labels in groups.items():
        table = printed_groups(writer, changes, labels)
        rows += [_winners_row(report, kind, one, table.loc[one]) for one in in_order(labels)]
    told = [name for name in rows[0] if any(row[name].strip("0.—") for row in rows)]
    return report.numbered_table(
        "winners",
        words.table_winners_caption((changes["cash_side"] == "same").all()),
        [words.table_winners_columns[name] for name in told],
        [[row[name] for name in told] for row in rows],
        total=len(rows) > 1,
        note=words.table_winners_note("size" in groups, report.basis.assessed, writer.internal),
        columns=("college_outlay", "funding_gap", "served"),
    )


def _winners_row(report: FeeCap, kind: str, group: str, row) -> dict[str, str]:
    """kind: tier, size or all; row: of `winners.by_group`, sums as printed. Services only where the response is judged."""
    places = report.writer.money.decimals
    service = {
        "better_service": points(row["better_service"]),
        "worse_service": points(row["worse_service"]),
        "service": signed(count(row["service"])),
    }
    return {
        "group": report.words.table_winners_group(kind, group),
        "colleges": count(row["colleges"]),
        "better_cash": points(row["better_cash"]),
        "worse_cash": points(row["worse_cash"]),
        "cash": signed(number(-row["cash"], places)),
        "gap_change": signed(number(row["gap_change"], places)),
    } | (service if report.basis.assessed else {})


def has_largest(report: FeeCap) -> bool:
    """Is there a college whose outlay moves?"""
    return not winners.largest(report.changes).empty


def largest_table(report: FeeCap) -> Block:
    """The ten largest each way with why; internal reports only."""
    words, money = report.words, report.writer.money
    if not report.writer.internal:
        return paragraphs(words.table_largest_withheld)
    if not report.shows("table", "largest"):
        return paragraphs(words.table_largest_none)
    some = winners.largest(report.changes)
    names = report.study.tables["colleges"].set_index("college")["name"]
    rows = [
        [
            names.get(row.college) or row.college,
            report.writer.word(TIERS, row.tier),
            count(row.students),
            signed(money(-row.cash)),
            signed(tenths(-row.cash / row.students)) if row.students else "—",
            words.table_largest_why[row.why],
            signed(money(-row.why_yuan)),
        ]
        for row in some.itertuples()
    ]
    return report.numbered_table(
        "largest",
        words.table_largest_caption,
        words.table_largest_columns,
        rows,
        note=words.table_largest_note(view_of(report)),
        columns=("college_outlay",),
    )


def readings_table(report: FeeCap) -> Block:
    """Open readings of the text, each at its other options; those that move neither amount are named in the note."""
    words, lang = report.words, report.writer.lang
    spent = "college_outlay" if report.moved_measure == "college_outlay" else "fee_bill"
    told = (spent, "funding_gap") if report.funds else (spent,)
    chosen = {name: report.change("none", name) for name in told}
    money = report.writer.money
    now = [signed(money(value)) for value in chosen.values()]
    rows = [[words.table_readings_chosen, "—", *now]]
    unmoved = []
    for row in cs.readings(report.study, "none").itertuples():
        reading = getattr(row, lang)
        if all(abs(getattr(row, name) - value) < HALF_YUAN for name, value in chosen.items()):
            unmoved.append(reading)
            continue
        unit = report.study.law.parameters[row.parameter].unit
        taken, other = (
            (points if round(value, 2) == value else percent)(value) + "%"
            if unit == "share" and isinstance(value, int | float)
            else value_text(value, lang)
            for value in (row.chosen, row.option)
        )
        moves = (signed(money(getattr(row, name))) for name in chosen)
        rows.append([reading, report.writer.moved(taken, other), *moves])
    return report.numbered_table(
        "readings",
        words.table_readings_caption,
        [*words.table_readings_columns, *map(words.table_readings_change, chosen)],
        rows,
        note=words.table_readings_note(view_of(report, "none"), list(dict.fromkeys(unmoved))),
        columns=("fee_bill", "funding_gap"),
    )


def fees_table(report: FeeCap) -> Block:
    """The largest cells, fee by fee, as an annex; of one college, in the text: its certificates, with what each costs it more."""
    words, writer, weight = report.words, report.writer, report.weight
    before, after = report.runs["none"]
    cells = before.compiled.keys["cell"]
    places = place_names(report.study, writer, cells["province"])
    certificates = certificate_names(report.study, writer, cells["certificate"])
    colleges = sc.colleges_in_cells(before, report.scope)
    left_out = {"province"} if report.study.province else set()
    left_out |= set() if writer.alone else {"bill"}
    if report.lacks:  # one cap on both sides, or none, and nothing that could be told to decide
        left_out |= {"cap_after", "binds", *(["cap_before"] if "caps" in report.lacks else [])}
    columns = {
        name: title for name, title in words.table_fees_columns.items() if name not in left_out
    }
    bills, most = _bills(report), OWN_LARGEST if writer.alone else LARGEST
    order, rows = np.argsort(-weight, kind="stable")[:most], []
    for i in order[weight[order] > 0]:
        cell = cells.iloc[i]
        caps = [
            words.table_fees_no_cap if np.isinf(cap) else count(cap)
            for cap in (result.plan["cap"][i] for result in (before, after))
        ]
        said = {
            "certificate": certificates[i],
            "province": places[i],
            "level": writer.word(LEVELS, cell["level"]),
            "candidates": writer.shown(count(weight[i]), int(colleges[i])),
            "cap_before": caps[0],
            "cap_after": caps[1],
            "fee_before": count(before.plan["approved_fee"][i]),
            "fee_after": count(after.plan["approved_fee"][i]),
            "bill": signed(count(bills[i])),
            "binds": words.table_fees_capless
            if np.isnan(after.plan["binds"][i])
            else writer.word(BINDS, list(BINDS)[int(after.plan["binds"][i])]),
        }
        rows.append([said[name] for name in columns])
    return writer.table(
        report.called("table", "certificates") if writer.alone else report.label("annex", 1),
        words.table_fees_caption(writer.alone, most),
        list(columns.values()),
        rows,
        columns=("offerings.candidates", "approved_fee")
        if report.lacks
        else ("offerings.candidates", "cap", "approved_fee", "binds"),
    )


def _bills(report: FeeCap) -> np.ndarray:
    """(cells,) yuan of fees more that the place pays in each cell, without response."""
    sums = [
        result.compiled.space.maps["offering", "cell"].sum(
            np.nan_to_num(result.served["fee_bill"]) * place["offering"]
        )
        for result, place in zip(
            report.runs["none"], (report.scope, report.scope_after), strict=True
        )
    ]
    return sums[1] - sums[0]


def peers_table(report: FeeCap) -> Block:
    """One college's place among those of its province and tier: the quartiles, never a single other college."""
    words, writer, found = report.words, report.writer, report.peers
    if not report.shows("table", "peers"):
        return paragraphs(words.peers_few(SMALL))
    write = {"per_student": tenths, "share": percent}
    rows = [
        [words.peers_rows[name], *(signed(write[name](value)) for value in row)]
        for name, row in found.rows.items()
    ]
    (place,) = place_names(report.study, writer, report.study.provinces)
    return report.numbered_table(
        "peers",
        words.peers_caption(place, found.tier, found.colleges),
        words.peers_columns,
        rows,
        note=words.peers_note(view_of(report)),
        columns=("college_outlay",),
    )
