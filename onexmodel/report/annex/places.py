"""What a scenario sets apart at some places, in words: the places, the values, the scenario's reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...analysis.study import Study
from ...engine.compile import mid_year
from ...engine.named import known_words
from ...law.local import LOCAL, Where
from ...law.parameters import DatedValue, Parameter
from ..page.press import Press
from ..page.words import code_word, foreign


def names(study: Study, lang: str) -> Mapping[str, str]:
    """Code → name of provinces, and of certificates and organisations in Chinese: proper names nobody has translated stay codes."""
    provinces = study.tables["provinces"]
    if lang != "zh":
        return {
            code: name or foreign(zh, lang)
            for code, name, zh in zip(
                provinces["province"], provinces["name_en"], provinces["name_zh"], strict=True
            )
        }
    made = dict(zip(provinces["province"], provinces["name_zh"], strict=True))
    for table, key in (("certificates", "certificate"), ("organisations", "organisation")):
        made |= {
            code: name
            for code, name in zip(
                study.tables[table][key], study.tables[table]["name"], strict=True
            )
            if name
        }
    return made


def where_said(press: Press, study: Study, where: Where) -> str:
    """广东、示例证书一中级: several words of one kind joined, kinds side by side. A circulated report counts colleges and names none."""
    known, named, parts = known_words(study.tables.frames), names(study, press.lang), []
    for key, words in sorted(where, key=lambda one: list(known).index(one[0])):
        if key == "college" and not press.internal:
            parts.append(press.say(f"{len(words)}所院校", f"{len(words)} colleges"))
            continue
        codes = [known[key].get(word, word) for word in words]
        parts.append(
            press.say("、", ", ").join(
                named.get(code, code_word(code, press.lang)) for code in codes
            )
        )
    return press.say("", " ").join(parts)


def local_said(press: Press, study: Study, view: Mapping, name: str, write: Callable) -> str:
    """中职 0.6；广东 0.3: the values that hold at some places of the study's place only; "" where there are none."""
    return press.say("；", "; ").join(
        f"{where_said(press, study, where)} {write(value)}"
        for where, value in view.get(LOCAL, {}).get(name, ())
    )


def taken(press: Press, study: Study, view: Mapping, name: str, write: Callable) -> str:
    """0.5, or 0.5（中职 0.6）where some places have another value."""
    local, general = local_said(press, study, view, name, write), write(view[name])
    return general + (press.say(f"（{local}）", f" ({local})") if local else "")


def reasons(press: Press, study: Study, parameter: Parameter) -> str:
    """Who sets the parameter apart in the place, where, and why, a sentence each; "" where nobody does."""
    day, said = mid_year(study.year), {}
    chosen = [
        one
        for one in (*parameter.local, *(one for one in parameter.values if one.where))
        if one.holds(day)
    ]
    for one in chosen:
        said[_reason(press, study, one)] = None
    return "".join(said)


def _reason(press: Press, study: Study, one: DatedValue) -> str:
    titles = {scenario.id: scenario.title[press.lang] for scenario in study.composition.scenarios}
    where, title, note = (
        where_said(press, study, one.where),
        titles.get(one.changed_by, one.changed_by),
        foreign(one.note, press.lang),
    )
    return press.say(
        f"{where}的取值由情景「{title}」给出：{note}。",
        f"{where}: set by the scenario “{title}”: {note}. ",
    )
