"""What the form offers: data sets, provinces, colleges, years and scenarios, each as (words, value)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..analysis.needs import report_title
from ..analysis.study import SHIPPED, asked_years, open_study
from ..data import Tables
from ..errors import OnexError, visible
from ..languages import in_language
from ..law import list_scenarios, read_scenario
from ..law.parameters import FORMS
from ..report.front.opening import province_names
from ..report.make.gate import MODELS
from ..report.page.sentences import Words
from ..report.page.writer import PageWriter

Choices = Sequence[tuple[str, Any]]
MOST = 200  # colleges that a list may hold without a province


def reports(lang: str) -> Choices:
    """Every report by its title."""
    return [(report_title(name, lang), name) for name in MODELS]


def data_sets(words: Words, folder: Path, asked: str) -> Choices:
    """The product's own sets, then workbooks and folders of tables in the folder, one that is called as a set of the product by ./ before its
    name; the set `asked` for wherever it is."""
    own = [
        f"./{one.name}" if one.name in SHIPPED else one.name
        for one in sorted(folder.iterdir())
        if not one.name.startswith((".", "~"))
        and (one.suffix == ".xlsx" or (one / "offerings.csv").exists())
    ]
    offered = {name: words.data_sets[name] for name in reversed(SHIPPED)}
    for name in (*own, asked):
        offered.setdefault(name, visible(name))
    return [(said, name) for name, said in offered.items()]


def provinces(tables: Tables, writer: PageWriter) -> Choices:
    """Every province that has a college."""
    there, names = {*tables["colleges"]["province"]}, province_names(tables, writer)
    return [(name, code) for code, name in names.items() if code in there]


def colleges(words: Words, tables: Tables, province: str) -> Choices:
    """All of them, then each one of the province; of the nation none by name, which would be a thousand."""
    table = tables["colleges"]
    table = table[table["province"] == province] if province or len(table) > MOST else table
    pairs = zip(table["name"], table["college"], strict=True)
    return [
        (words.all_colleges, ""),
        *((f"{name or code}（{code}）", code) for name, code in pairs),
    ]


def years(words: Words, tables: Tables) -> Choices:
    """The last year, then each one of the data."""
    known = asked_years(tables)
    return [(words.last_year(known[-1]), 0), *((str(year), year) for year in known[:-1])]


def scenarios(lang: str, folder: Path) -> Choices:
    """Every scenario of the product by its title, current law first, then the scenario files in the folder."""
    names = sorted(list_scenarios(), key=lambda name: name != "current_law")
    own = sorted(one.name for one in folder.glob("*.y*ml"))
    return [*_titled(names, lang), *_titled(own, lang)]


def _titled(names: Iterable[str], lang: str) -> Choices:
    """A file that is no scenario stands under its name: whoever takes it is told what is wrong with it."""
    found = []
    for name in names:
        try:
            found.append((visible(in_language(read_scenario(name).title, lang)), name))
        except OnexError:
            found.append((visible(name), name))
    return found


def caps(tables: Tables) -> dict[str, dict[str, float]]:
    """form of assessment → level → yuan that the data hold today."""
    start = open_study("", tables=tables).start
    return {form: dict(start.get(f"fees.cap.{form}") or {}) for form in FORMS}


def named(words: Mapping[str, str]) -> Choices:
    """value → its word, as a field takes it."""
    return [(word, value) for value, word in words.items()]


def offer(field: Any, offered: Choices, value: object = None) -> None:
    """The list of a field anew; `value` is taken where it is on it, else what stands first."""
    field.options = offered
    known = [one for _, one in offered]
    field.value = value if value in known else known[0]
