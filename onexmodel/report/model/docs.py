"""The model's documentation, made from the code: every rule with formula, unit, clause, inputs and users; every parameter with
its values and sources; the graph of the rules. docs/model holds exactly what this writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ...engine.axes import SUMS
from ...engine.wire import ARGUMENTS, MODULES, RULES
from ...law.parameters import Law, Parameter
from ...places import package_file, whole
from ..annex.values import range_text, value_text
from ..page.words import CHAPTERS


def inputs(name: str) -> tuple[str, ...]:
    """What a rule or a declared sum takes; parameters with their dots."""
    return (SUMS[name][0],) if name in SUMS else tuple(ARGUMENTS.get(name, ()))


def users() -> Mapping[str, list[str]]:
    """name → rules that take it, in the order of the rules."""
    found: dict[str, list[str]] = {}
    for rule in (*RULES, *SUMS):
        for name in inputs(rule):
            found.setdefault(name, []).append(rule)
    return found


def chapter_of(name: str) -> str:
    """The rules module a rule lives in."""
    if name in SUMS:
        return "sums"
    return next(
        (
            module.__name__.rsplit(".", 1)[1]
            for module in MODULES
            if name in RULES and RULES[name].__module__ == module.__name__
        ),
        "settlement",
    )


def faults(law: Law) -> list[str]:
    """Rules without the words, unit, formula, clause or source they must have."""
    found = [f"{name}: not in rules/*.yaml" for name in (*RULES, *SUMS) if name not in law.rules]
    clauses = {clause["clause"] for clause in law.clauses}
    for name, rule in law.rules.items():
        found += [
            f"{name}: no {key}"
            for key in ("zh", "en", "unit", "formula", "formula_en")
            if not str(rule.get(key, "")).strip()
        ]
        found += [f"{name}: clause {rule.get('clause')} unknown"] * (
            rule.get("clause") not in clauses
        )
        found += [f"{name}: source {rule.get('source')} unknown"] * (
            rule.get("source") not in law.sources
        )
    return found


def dotted(name: str, law: Law) -> str:
    """An argument's name as a parameter where it is one (dots are _ in arguments)."""
    return next((one for one in law.parameters if one.replace(".", "_") == name), name)


def rules_page(law: Law) -> str:
    """docs/model/rules.md."""
    used, chapters = users(), []
    for chapter, title in CHAPTERS.items():
        rules = [
            {
                "name": name,
                "words": rule,
                "source": law.sources[rule["source"]],
                "takes": [dotted(one, law) for one in inputs(name)],
                "used_by": [dotted(one, law) for one in used.get(name, ())],
            }
            for name, rule in law.rules.items()
            if chapter_of(name) == chapter
        ]
        chapters += [(title, rules)] if rules else []
    return _page("rules.md", chapters=chapters)


def parameters_page(law: Law) -> str:
    """docs/model/parameters.md."""
    used = users()
    parameters = [
        {
            "words": one,
            "spread": _spread(one),
            "dated": [
                (
                    value.start.isoformat(),
                    value_text(value.value, "zh", one),
                    law.sources[value.source]["title"] if value.source else "—",
                )
                for value in one.values
            ],
            "used_by": used.get(name.replace(".", "_"), ()),
        }
        for name, one in law.parameters.items()
    ]
    return _page("parameters.md", parameters=parameters)


def _spread(parameter: Parameter) -> str:
    """The range, or each option with its names in both languages."""
    options = (" ".join((option, *parameter.words[option])) for option in parameter.options)
    return range_text(parameter, "zh") if parameter.low is not None else " / ".join(options) or "—"


def graph_page() -> str:
    """docs/model/graph.md: the rules as a Mermaid graph, a box per module."""
    modules: dict[str, list[str]] = {}
    for name in RULES:
        modules.setdefault(chapter_of(name), []).append(name)
    edges = [
        (SUMS[name][0] if name in SUMS else name, rule, name in SUMS)
        for rule in RULES
        for name in inputs(rule)
    ]
    return _page(
        "graph.md",
        modules=[(code, CHAPTERS[code], names) for code, names in modules.items()],
        edges=[edge for edge in edges if edge[0] in RULES],
    )


def _page(name: str, **given: object) -> str:
    """A page from its template in this folder, in both languages."""
    environment = Environment(
        loader=FileSystemLoader(package_file("report", "model")),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(f"{name}.j2").render(given)


def write_model(law: Law, out: Path) -> list[Path]:
    """The three pages into a folder."""
    pages = {
        "rules.md": rules_page(law),
        "parameters.md": parameters_page(law),
        "graph.md": graph_page(),
    }
    for name, text in pages.items():
        with whole(Path(out) / name) as made:
            made.write_text(text, encoding="utf-8")
    return [Path(out) / name for name in pages]
