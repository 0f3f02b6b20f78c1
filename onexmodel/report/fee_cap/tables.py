"""fee_cap's tables. Shares print so that they add; what is not judged or has no answer is left out or said so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis import scheme as sc
from ...analysis import winners
from ...analysis.caps import study as cs
from ...analysis.disclosure import REST, adjacent, in_order, pooled
from ...analysis.headline import headline, pass_through_shares
from ...languages import in_language
from ...law.parameters import FORMS
from ..annex.values import value_text
from ..page.blocks import Block, paragraphs
from ..page.numbers import count, percent, points, signed, tenths, wan
from ..page.words import BINDS, LEVELS, TIERS
from ..page.words import FORMS as FORM_WORDS
from ..page.writer import SMALL
from .areas import printed_parts, shares, sides_said
from .figures import province_names
from .front import removed_sentence
from .service import view_of

if TYPE_CHECKING:
    from .report import FeeCap

SCHEMES = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "cap_removed")
MEASURES = {
    "mean_approved_fee": count,
    "fee_bill": wan,
    "college_outlay": wan,
    "funding_gap": wan,
    "supplier_shortfall": wan,
    "suppliers_short": count,
    "unmet_share": percent,
}
SERVICE = (
    "supplier_shortfall",
    "suppliers_short",
    "unmet_share",
)  # what only the response view can tell


def _measures(report: FeeCap) -> list[str]:
    """The measures that the data can judge."""
    return [name for name in MEASURES if report.basis.assessed or name not in SERVICE]


def modes_table(report: FeeCap) -> Block:
    """表1: views none and supply side by side; none alone where the response cannot be judged."""
    words, rows = report.words, []
    for name in _measures(report):
        row, write = [words.table_measures[name]], MEASURES[name]
        for mode in report.modes:
            before, after = (head[name] for head in report.heads[mode])
            moved = after - before
            reach = report.writer.span(report.ranges[mode][name], write, moved)
            row += [write(before), write(after), signed(write(moved)) + reach]
        rows.append(row)
    columns = words.table_views_columns
    return report.writer.table(
        report.label("table", 1),
        words.table_views_caption(report.basis.assessed),
        [columns["measure"], *(name for mode in report.modes for name in columns[mode])],
        rows,
        source=report.source,
        note=words.table_views_note(report.basis, bool(report.study.college))
        + removed_sentence(report),
        columns=tuple(MEASURES),
    )


def forms_table(report: FeeCap) -> Block:
    """表2: by form of the practical (or only) part: what binds, where a raise passes through, given and modelled."""
    words, after, rows = report.words, report.runs["none"][1], []
    component = after.compiled.leaves["component_form"]
    form = np.where(component[1] >= 0, component[1], component[0])
    weight = sc.planned_weight(after, report.scope_after)
    for code, name in [*enumerate(FORMS), (-1, "")]:
        cells = (form == code) if name else np.ones(len(form), bool)
        if (weight * cells).sum():
            share = pass_through_shares(after, report.scope_after, cells)
            rows.append(
                [
                    report.writer.word(FORM_WORDS, name) if name else words.table_forms_total,
                    count((weight * cells).sum()),
                    *shares([share[key] for key in ("full", "partial", "none", "unmoved")]),
                    *shares([share["given"], 1 - share["given"]]),
                ]
            )
    return report.writer.table(
        report.label("table", 2),
        words.table_forms_caption(report.caps[0]),
        words.table_forms_columns,
        rows,
        total=True,
        source=report.source,
        note=words.table_forms_note(),
        columns=("offerings.candidates", "pass_through", "pass_through_class", "binds"),
    )


def binding_table(report: FeeCap) -> Block:
    """表3: what binds before and after."""
    before, after = (printed_parts([100 * share for share in one.values()]) for one in report.binds)
    rows = [
        [report.writer.word(BINDS, name), count(old), count(new), signed(count(new - old))]
        for name, old, new in zip(report.binds[0], before, after, strict=True)
    ]
    return report.writer.table(
        report.label("table", 3),
        report.words.table_binding_caption,
        report.words.table_binding_columns,
        rows,
        source=report.source,
        columns=("binds",),
    )


def schemes_table(report: FeeCap) -> Block:
    """表4: the scheme beside the shipped ones; a row that bargaining without a cap decides has no numbers."""
    words, shown = report.words, _measures(report)
    baseline, scheme = report.heads[report.main]
    compared = [(report.title, scheme, report.answered), *_shipped(report)]
    rows = [[words.table_schemes_baseline, *(MEASURES[name](baseline[name]) for name in shown)]]
    for title, head, answered in compared:
        rows.append(
            [
                f"★ {title}" if head is scheme else title,
                *(
                    words.table_schemes_no_answer
                    if answered["share"] > 0
                    else MEASURES[name](head[name])
                    for name in shown
                ),
            ]
        )
    return report.writer.table(
        report.label("table", 4),
        words.table_schemes_caption(report.basis.assessed),
        [words.table_schemes_columns[name] for name in ("scheme", *shown)],
        rows,
        source=report.source,
        note=words.table_schemes_note(
            [(title, answered) for title, _, answered in compared if answered["share"] > 0]
        ),
        columns=tuple(MEASURES),
    )


def _shipped(report: FeeCap):
    """(title, headlines, what has an answer) of each shipped scheme that the report is not about."""
    asked = {one.id for one in report.study.composition.scenarios}
    for name in SCHEMES:
        if name not in asked:
            other = report.study.with_composition([name])
            before, after = other.pair(report.main)
            head = headline(after, other.scope(other.prepared.scenario))
            yield (
                in_language(other.composition.scenarios[-1].title, report.writer.language),
                {measure: float(value) for measure, value in head.items()},
                sc.answered(before, after, other.scope()),
            )


def winners_table(report: FeeCap) -> Block:
    """表7: who is better and who worse off, by tier and by size; at least five colleges a row in a circulated report."""
    words, writer, changes = report.words, report.writer, report.changes
    least = 1 if writer.internal else SMALL
    tiers = pooled(changes["tier"], least)
    sizes = adjacent(changes["decile"], range(1, 11), least)
    whole = _as_printed(winners.by_group(changes, "tier").iloc[-1:]).iloc[0]
    rows, by_size = [], False
    for kind, labels in (("tier", tiers), ("size", sizes)):
        if labels.nunique() == 1 and (kind == "size" or labels.iloc[0] == REST):
            continue  # nothing could be told apart: the total says it all
        groups = winners.by_group(changes.assign(group=labels), "group").iloc[:-1]
        table = _as_printed(groups, whole).set_index("group")
        if kind == "size":
            labels = labels.sort_values(key=lambda some: some.str.split("–").str[0].astype(int))
        for group in in_order(labels):
            by_size = kind == "size"
            rows.append(_winners_row(report, kind, group, table.loc[group]))
    rows.append(_winners_row(report, "all", "", whole))
    still = (changes["cash_side"] == "same").all()
    return writer.table(
        report.label("table", 7),
        words.table_winners_caption("" if still else sides_said(writer, changes["cash_side"])),
        list(words.table_winners_columns.values())[: len(rows[0])],
        rows,
        total=True,
        source=report.source,
        note=words.table_winners_note(by_size, report.basis.assessed, writer.internal),
        columns=("college_outlay", "funding_gap", "served"),
    )


def _winners_row(report: FeeCap, kind: str, group: str, row) -> list[str]:
    """kind: tier, size or all; row: of `winners.by_group`, sums as printed. Services only where the response is judged."""
    service = [
        points(row["better_service"]),
        points(row["worse_service"]),
        signed(count(row["service"])),
    ]
    return [
        report.words.table_winners_group(kind, group),
        count(row["colleges"]),
        points(row["better_cash"]),
        points(row["worse_cash"]),
        signed(tenths(-row["cash"])),
        signed(tenths(row["gap_change"])),
        *(service if report.basis.assessed else []),
    ]


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


def largest_table(report: FeeCap) -> Block:
    """表8: the ten largest each way with why; internal reports only."""
    words = report.words
    if not report.writer.internal:
        return paragraphs(words.table_largest_withheld)
    some = winners.largest(report.changes)
    if some.empty:
        return paragraphs(words.table_largest_none)
    names = report.study.tables["colleges"].set_index("college")["name"]
    rows = [
        [
            names.get(row.college) or row.college,
            report.writer.word(TIERS, row.tier),
            count(row.students),
            signed(wan(-row.cash)),
            signed(tenths(-row.cash / row.students)) if row.students else "—",
            words.table_largest_why[row.why],
            signed(wan(-row.why_yuan)),
        ]
        for row in some.itertuples()
    ]
    return report.writer.table(
        report.label("table", 8),
        words.table_largest_caption,
        words.table_largest_columns,
        rows,
        source=report.source,
        note=words.table_largest_note(view_of(report)),
        columns=("college_outlay",),
    )


def readings_table(report: FeeCap) -> Block:
    """Open readings of the text, each at its other options; those that move neither amount are named in the note."""
    words, lang = report.words, report.writer.lang
    spent = "college_outlay" if report.moved_measure == "college_outlay" else "fee_bill"
    chosen = {name: report.change("none", name) for name in (spent, "funding_gap")}
    rows = [[words.table_readings_chosen, "—", *(signed(wan(value)) for value in chosen.values())]]
    unmoved = []
    for row in cs.readings(report.study, "none").itertuples():
        reading = getattr(row, lang)
        if all(abs(getattr(row, name) - value) < 0.5 for name, value in chosen.items()):
            unmoved.append(reading)
            continue
        unit = report.study.law.parameters[row.parameter].unit
        taken, other = (
            percent(value) + "%"
            if unit == "share" and isinstance(value, int | float)
            else value_text(value, lang)
            for value in (row.chosen, row.option)
        )
        moves = (signed(wan(getattr(row, name))) for name in chosen)
        rows.append([reading, f"{taken} → {other}", *moves])
    return report.writer.table(
        report.label("table", 8 + report.writer.internal),
        words.table_readings_caption,
        [*words.table_readings_columns, *map(words.table_readings_change, chosen)],
        rows,
        source=report.source,
        note=words.table_readings_note(view_of(report, "none"), list(dict.fromkeys(unmoved))),
        columns=("fee_bill", "funding_gap"),
    )


def fees_table(report: FeeCap) -> Block:
    """附表1: the largest cells, fee by fee."""
    words, writer, weight = report.words, report.writer, report.weight
    before, after = report.runs["none"]
    certificates = report.study.tables["certificates"].set_index("certificate")["name"]
    places, cells = province_names(report), before.compiled.keys["cell"]
    colleges = sc.colleges_in_cells(before, report.scope)
    columns = {
        name: title
        for name, title in words.table_fees_columns.items()
        if name != "province" or not report.study.province
    }
    order, rows = np.argsort(-weight, kind="stable")[:20], []
    for i in order[weight[order] > 0]:
        cell = cells.iloc[i]
        caps = [
            words.table_fees_no_cap if np.isinf(cap) else count(cap)
            for cap in (result.plan["cap"][i] for result in (before, after))
        ]
        said = {
            "certificate": certificates[cell["certificate"]],
            "province": writer.place(places[cell["province"]]),
            "level": writer.word(LEVELS, cell["level"]),
            "candidates": writer.shown(count(weight[i]), int(colleges[i])),
            "cap_before": caps[0],
            "cap_after": caps[1],
            "fee_before": count(before.plan["approved_fee"][i]),
            "fee_after": count(after.plan["approved_fee"][i]),
            "binds": writer.word(BINDS, list(BINDS)[int(after.plan["binds"][i])]),
        }
        rows.append([said[name] for name in columns])
    return writer.table(
        report.label("annex", 1),
        words.table_fees_caption,
        list(columns.values()),
        rows,
        source=report.source,
        columns=("offerings.candidates", "cap", "approved_fee", "binds"),
    )
