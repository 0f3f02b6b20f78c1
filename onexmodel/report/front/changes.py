"""What scenarios change, in words: each change with its places, its days and its reason; the four caps moved alike by one name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...analysis.scheme import Touched
from ...analysis.study import Study
from ...data.schema import load_schema
from ...engine.compile import mid_year
from ...law.parameters import FORMS
from ...law.scenario import Change
from ..annex.local_changes import rows_said, where_said
from ..annex.values import value_text
from ..page.words import CHINESE
from ..page.writer import PageWriter


def changes_said(writer: PageWriter, study: Study, touched: Touched) -> list[str]:
    """A line for each change of the study's scenarios; changes alike of several parameters stand in one."""
    told: list[dict[str, Any]] = []
    for scenario in study.composition.scenarios:
        for change in scenario.changes:
            said = _change(writer, study, touched, change)
            if told and {**told[-1], "names": ()} == {**said, "names": ()}:
                told[-1]["names"] += said["names"]  # the same change of several parameters
            else:
                told.append(said)
    return [
        writer.words("front").scheme_change(
            {**said, "names": caps_together(writer, study, said["names"])}, len(said["names"]) > 1
        )
        for said in told
    ]


def sets_said(writer: PageWriter, study: Study) -> list[str]:
    """A line for each --set."""
    known, words = study.law.parameters, writer.words("front")
    return [
        words.scheme_set(
            known[name].title(writer.lang), value_text(value, writer.lang, known[name])
        )
        for name, value in study.composition.sets.items()
    ]


def _change(writer: PageWriter, study: Study, touched: Touched, change: Change) -> dict[str, Any]:
    """What is said of a change: its name, operation and operand, its days ("" where they need no word), its reason."""
    lang, day = writer.lang, mid_year(study.year)
    parameter = study.composition.law.parameters.get(change.target)
    reason = str(change.reason)
    dated = change.start.year > 1900 and change.start > day.replace(month=1, day=1)
    return {
        "names": (target_said(writer, study, change),),
        "operation": change.operation,
        "factor": float(change.operand) if change.operation == "scale" else 1.0,
        "operand": ""
        if change.operation in ("remove", "scale")
        else value_text(change.operand, lang, parameter if change.operation == "value" else None),
        "start": change.start.isoformat() if dated else "",
        "until": change.until.isoformat() if change.until else "",
        "holds": change.holds(day),
        "within": change in touched.within,
        "reason": "" if lang != "zh" and CHINESE.search(reason) else reason,
    }


def caps_together(writer: PageWriter, study: Study, names: Iterable[str]) -> list[str]:
    """The names, each once, the four caps by one where all are there."""
    titles, names = study.law.parameters, list(dict.fromkeys(names))
    caps = {titles[f"fees.cap.{form}"].title(writer.lang) for form in FORMS}
    if not caps <= {*names}:
        return names
    return [writer.words("front").scheme_all_caps, *(one for one in names if one not in caps)]


def target_said(writer: PageWriter, study: Study, change: Change) -> str:
    """The parameter's name with the places meant; or the table's and column's Chinese names with the rows meant (English: as in the file)."""
    words = writer.words("front")
    if not change.is_data:
        title = study.law.parameters[change.target].title(writer.lang)
        return words.scheme_parameter(title, where_said(writer, study, change.where))
    table, column = change.target.split("/")
    known = load_schema()[table][column]
    return words.scheme_column(
        change.target, known.sheet, known.header, rows_said(writer, study, change)
    )
