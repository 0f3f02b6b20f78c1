"""The page that sets the reports of an order side by side. Its numbers are those that the reports have printed and noted in their run
records; nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from ...analysis.needs import report_title
from ...analysis.study import asked_years
from ...places import whole
from ..annex.record import short
from ..front.opening import title_of
from ..make.convert import Content, page_of
from ..make.fingerprint import fingerprint
from ..make.first_page import FirstPage
from ..page import blocks
from ..page.blocks import Block, Summary
from ..page.numbers import CURRENCY, MISSING, THIN
from ..page.printed import GROUP, LONG
from ..page.sentences import Words
from ..page.writer import SMALL, PageWriter, writer_for
from .batch import FAILED, WITHHELD, Outcome
from .order import INDEX, Asked, Province, Report


@dataclass(frozen=True)
class Said:
    """What a report says on its first page: what it is, its conclusion, and its key figures, name → (value, change), as printed."""

    kicker: str
    title: str
    keys: Mapping[str, tuple[str, str]]
    units: Mapping[str, str]


def said_by(report: Report, change: str) -> Said:
    """The words of a page and the numbers of its record. `change`: under which the record notes the change of a key figure."""
    page, printed = FirstPage(report.page), report.record.get("printed") or {}
    keys, units = {}, {}
    for one in page.figures:
        name, value, unit = (text.strip() for text in one.values())
        noted = f"{page.label} · {name}"
        value = printed.get(noted, value)
        if value.startswith(CURRENCY):
            value, unit = value.removeprefix(CURRENCY).strip(), f"{CURRENCY} {unit}".strip()
        keys[name] = value, printed.get(f"{noted} · {change}", "")
        units.setdefault(name, unit)
    return Said(page.kicker, page.title, keys, units)


def write_index(asked: Asked, outcomes: Iterable[Outcome]) -> Path:
    """Write `out`/index.html for what became of each report; the same bytes whether they were made now or stood there before."""
    given = asked.given
    writer = writer_for(
        asked.tables, given["lang"], given["internal"], False, given["issuer"], given["date"]
    )
    rank = {one.code: i for i, one in enumerate(asked.provinces)}
    found = sorted(outcomes, key=lambda one: rank[one.province.code])
    path = asked.out / INDEX
    with whole(path) as made:
        page = page_of(_content(asked, found, writer), given["lang"])
        made.write_text(page, encoding="utf-8", newline="\n")
    return path


def _content(asked: Asked, outcomes: Sequence[Outcome], writer: PageWriter) -> Content:
    words, content, tables = writer.words("each"), Content(), count(1)
    table = writer.words("page").labels["table"]
    front = writer.front(_front(asked, outcomes, writer, words))
    content.front(front.title, front.meta, [vars(band) for band in front.bands], front.html)
    for name in asked.names:
        own = [one for one in outcomes if one.name == name]
        change = writer.words("page").card_change
        said = {one.province.code: said_by(one.report, change) for one in own if one.report}
        kickers = (one.kicker for one in said.values())
        content.open(next(kickers, report_title(name, writer.language)))
        if said:
            laid = asked.compositions[name]
            titles = writer.words("front").listed(title_of(one, writer) for one in laid)
            note = words.compared_note(titles, any(one.changes_anything for one in laid))
            content.add(_numbers(f"{table}{next(tables)}", own, said, writer, note).html)
        content.add(_conclusions(f"{table}{next(tables)}", own, said, writer, words).html)
    return content


def _front(asked: Asked, outcomes: Sequence[Outcome], writer: PageWriter, words: Words) -> Summary:
    made = [one.report for one in outcomes if one.report]
    counts = {
        "all": len(outcomes),
        "made": len(made),
        "failed": sum(one.state == FAILED for one in outcomes),
        "withheld": sum(one.state == WITHHELD for one in outcomes),
    }
    day = date.fromisoformat(writer.date) if writer.date else None
    source = asked.tables.title.get(writer.lang) or writer.words("page").users_data
    year = next(
        (one.record["year"] for one in made), asked.given["year"] or asked_years(asked.tables)[-1]
    )
    front, places = writer.words("front"), len(asked.provinces)
    return Summary(
        words.kicker,
        words.title(places, counts),
        front.meta(words.places(places), year, writer.issuer, day, source),
        words.lead(counts, SMALL),
        [],
        [(words.counted[key], str(value), words.unit, "") for key, value in counts.items()],
        [
            (words.notes["how"], words.how(MISSING)),
            (words.notes["where"], words.where),
            (words.notes["data"], words.prints(short(asked.tables.sha256), asked.order["version"])),
        ],
        words.label,
    )


def _numbers(
    label: str,
    outcomes: Sequence[Outcome],
    said: Mapping[str, Said],
    writer: PageWriter,
    note: str,
) -> Block:
    """Provinces against the key figures of a report."""
    words = writer.words("each")
    units: dict[str, str] = {}
    for report in said.values():
        units = {**report.units, **units}
    heads = [words.with_unit(name, unit) if unit else name for name, unit in units.items()]
    rows = []
    for one in outcomes:
        keys = said[one.province.code].keys if one.province.code in said else {}
        cells = [_cell(*keys.get(name, (MISSING, "")), words) for name in units]
        rows.append([_place(one, writer), words.states[_state(one)], *cells])
    header = [words.columns["province"], words.columns["state"], *heads]
    return writer.table(label, words.compared, header, rows, note)


def _conclusions(
    label: str,
    outcomes: Sequence[Outcome],
    said: Mapping[str, Said],
    writer: PageWriter,
    words: Words,
) -> Block:
    """Each report's own title, or why there is none, and its fingerprint."""
    rows = []
    for one in outcomes:
        report = one.report
        text = said[one.province.code].title if report else _why(one, words)
        printed = blocks.unbroken(fingerprint(report.page)) if report else MISSING
        rows.append([_place(one, writer), text, printed])
    header = [words.columns[key] for key in ("province", "conclusion", "fingerprint")]
    return writer.table(label, words.concluded, header, rows, text=True)


def _why(outcome: Outcome, words: Words) -> str:
    if outcome.state == WITHHELD:
        return words.few(outcome.province.colleges, SMALL)
    return words.failed(outcome.why)


def _state(outcome: Outcome) -> str:
    """As a reader sees it: whether a report was made now or before is not the page's business."""
    return outcome.state if outcome.state in (FAILED, WITHHELD) else "made"


def _place(outcome: Outcome, writer: PageWriter) -> str | Block:
    """The province, leading to its report."""
    name = writer.place(_name(outcome.province, writer))
    return blocks.page_link(outcome.report.path.name, name) if outcome.report else name


def _name(province: Province, writer: PageWriter) -> str:
    return province.zh if writer.lang == "zh" else province.en


def _cell(value: str, change: str, words: Words) -> Block:
    """A key figure: what comes out, and under it what it comes from and how far it moves."""
    before, _, after = value.rpartition(" → ")
    first = words.before(before) if before else ""
    return blocks.ranged_words(_grouped(after), _grouped(first), _grouped(change))


def _grouped(text: str) -> str:
    """Thousands set apart as on the pages; a record notes them without."""
    return LONG.sub(lambda run: GROUP.sub(THIN, run.group()), text)
