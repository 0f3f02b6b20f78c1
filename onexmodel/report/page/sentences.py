"""The sentences of a report in one language: macros of its template words.<language>.j2, called by name.

Python computes numbers and hands them over; conditions, plurals and punctuation belong to the language. A line break in a macro is
nothing in Chinese and a blank in English. Lists and tables of words (`{% set columns = {...} %}`) are read by name as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Macro

from ...errors import Fault, ReportError, nearest
from ...languages import own, said, spoken
from ...places import package_file
from . import numbers, words
from .keys import NOTED, PUT, KeyedEnvironment
from .printed import Unkept

if TYPE_CHECKING:
    from .writer import PageWriter

SHARED = "page"  # the folder from which every template may import shared.<lang>.j2
BREAK = re.compile(r"\s*\n\s*")
WRITERS = {
    "count": numbers.count,
    "gini": numbers.gini,
    "number": numbers.number,
    "percent": numbers.percent,
    "points": numbers.points,
    "share": numbers.share,
    "tenths": numbers.tenths,
    "wan": numbers.wan,
}  # how numbers are written, as filters ({{ n.bill|wan }}) and as values ({{ span(n.reach, wan, n.bill) }})


class Words:
    """The words of one folder of report/ (or of another `home`) in the language of a writer. `words.lead(numbers)` is the macro `lead`, folded to one line;
    `words.columns` what the template has set under that name. Raises ReportError for a name that the template does not have; a
    template that asks for what it was not given raises jinja2.UndefinedError."""

    def __init__(self, folder: str, writer: PageWriter, home: str = "report") -> None:
        self._folder, self._blank = folder, "" if writer.lang == "zh" else " "
        self._numbers = writer.numbers
        template = _template(package_file(home, folder), writer.language, writer.alone)
        self._module = template.make_module(_of_writer(writer))

    def __getattr__(self, name: str):
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self._module, name, None)
        if found is None:
            known = [one for one in vars(self._module) if not one.startswith("_")]
            raise ReportError(
                Fault(
                    f"report/{self._folder} 的文字 {name}",
                    "模板里没有这一条",
                    nearest=nearest(name, known),
                )
            )
        return partial(self._folded, found) if isinstance(found, Macro) else found

    def _folded(self, macro: Macro, *given, **named) -> str:
        begun = self._numbers.begun
        text = BREAK.sub(self._blank, macro(*given, **named).strip())
        self._numbers.say(macro.name, text, begun)
        return text


@cache  # depends on the packaged templates alone
def words_in(folder: str, language: str, home: str = "report") -> Words:
    """The words of a folder whose templates ask nothing but the language: neither the data's label nor who may read. `home`: where in the
    package the folder is."""
    from .writer import PageWriter  # which says some of them itself

    writer = PageWriter(language, "", simulated=False, internal=False, numbers=Unkept())
    return Words(folder, writer, home)


def compile_ahead(folders: Iterable[str], language: str) -> None:
    """Compile the words of these folders, which many reports are then made with."""
    for folder in folders:
        _template(package_file("report", folder), language, False)


@cache  # depends on the packaged templates alone
def _template(folder: Path, language: str, alone: bool) -> Template:
    """The words of a folder, compiled, in the language or what stands in for it. Its filters write numbers; sums of money, in 万元, CNY
    million or, for one college, yuan, are written by `money` and, with their unit, by `yuan`."""
    lang = language if language in spoken(folder) else own(language)
    made = KeyedEnvironment(
        loader=FileSystemLoader([folder, package_file("report", SHARED)]),
        undefined=StrictUndefined,
        autoescape=False,  # plain text: the page's own templates escape it
        trim_blocks=True,
        lstrip_blocks=True,
    )
    comma = "、" if lang == "zh" else ", "
    size, write = "one" if alone else "many", numbers.money_in(lang, alone)
    unit = said(lang, *words.MONEY[size])
    writers = WRITERS | {"money": write, "yuan": lambda x: unit.format(write(x))}
    made.writers = frozenset(writers)
    made.filters |= writers | {"signed": numbers.signed, "listed": partial(_listed, comma)}
    made.globals |= writers | {
        "carried": numbers.carried,
        "relative": numbers.relative,
        "alone": alone,
        "money_unit": said(lang, *words.MONEY_UNITS[size]),
    }
    return made.get_template(f"words.{lang}.j2")


def _of_writer(writer: PageWriter) -> dict[str, Any]:
    """What a template may ask of the writer; name_of says what a code is called."""
    return {
        NOTED: partial(_handed, writer.numbers.write),
        PUT: partial(_handed, writer.numbers.put_in),
        "span": writer.span,
        "ends": writer.ends,
        "name_of": partial(_name_of, writer),
        "place": writer.place,
        "shown": writer.shown,
        "told": writer.told,
        "internal": writer.internal,
        "simulated": writer.simulated,
        "data_label": writer.label,
        "short_label": writer.short_label,
    }


def _handed(note: Callable[[str, Any], None], key: str, value: Any) -> Any:
    """The value, noted under its key."""
    note(key, value)
    return value


def _listed(comma: str, texts: Iterable[str], join: str = "") -> str:
    """Texts side by side: 甲、乙、丙; a, b, c."""
    return (join or comma).join(texts)


def _name_of(writer: PageWriter, table: str, code: str) -> str:
    """What a code is called: name_of("HEADLINES", "fee_bill"), the table by its name in page/words.py."""
    return writer.word(getattr(words, table), code)
