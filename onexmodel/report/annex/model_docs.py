"""The model's documentation, made from the code: every rule with formula, unit, clause, inputs and users; every parameter with
its values and sources; the graph of the rules. docs/model holds exactly what this writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ...engine.axes import SUMS
from ...engine.wire import ARGUMENTS, MODULES, RULES
from ...law.parameters import Law
from ...places import whole
from .appendix import range_text, value_text

CHAPTERS = {
    "volume": "规模 Volume",
    "cost": "成本 Cost",
    "fee": "标准 Fee",
    "response": "响应 Response",
    "workload": "工作量 Workload",
    "pay": "绩效工资 Performance pay",
    "funding": "经费 Funding",
    "sums": "汇总 Declared sums",
    "settlement": "结算与其他 Settlement and others",
}


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


def rules_page(law: Law) -> str:
    """docs/model/rules.md."""
    used, parts = (
        users(),
        [
            "# 规则 Rules\n\nMade from the code by `onexmodel model`; do not edit. 由程序生成，请勿手改。\n"
        ],
    )
    for chapter, title in CHAPTERS.items():
        names = [name for name in law.rules if chapter_of(name) == chapter]
        parts += [f"\n## {title}\n"] if names else []
        for name in names:
            rule, source = law.rules[name], law.sources[law.rules[name]["source"]]
            parts.append(
                f"\n### {rule['zh']} · {rule['en']}\n\n`{name}`, {rule['unit']}\n\n> {rule['formula']}\n>\n> {rule['formula_en']}\n\n"
                f"- 条款 clause: {rule['clause']}（{source['title']}{' ' + source['number'] if source.get('number') else ''}）\n"
            )
            for words, some in (("输入 takes", inputs(name)), ("用于 used by", used.get(name, ()))):
                parts.append(
                    f"- {words}: {'、'.join(f'`{dotted(one, law)}`' for one in some)}\n"
                    if some
                    else ""
                )
    return "".join(parts)


def dotted(name: str, law: Law) -> str:
    """An argument's name as a parameter where it is one (dots are _ in arguments)."""
    return next((one for one in law.parameters if one.replace(".", "_") == name), name)


def parameters_page(law: Law) -> str:
    """docs/model/parameters.md."""
    used, parts = (
        users(),
        [
            "# 参数 Parameters\n\nMade from the code by `onexmodel model`; do not edit. 由程序生成，请勿手改。\n"
        ],
    )
    for name, one in law.parameters.items():
        spread = (
            range_text(one, "zh")
            if one.low is not None
            else " / ".join(
                f"{option} {one.words[option][0]} {one.words[option][1]}" for option in one.options
            )
            or "—"
        )
        parts.append(
            f"\n### {one.zh} · {one.en}\n\n`{name}`, {one.unit}, {one.kind}, {one.status}; 范围 {spread}"
            f"{'，' + one.distribution if one.distribution else ''}。\n\n{one.reason}。{one.reason_en}.\n\n"
        )
        parts += [
            f"- {value.start.isoformat()}: {value_text(value.value, 'zh', one)}（{law.sources[value.source]['title'] if value.source else '—'}）\n"
            for value in one.values
        ]
        parts.append("- 须由数据集或情景提供 to be supplied\n" if not one.values else "")
        by = used.get(name.replace(".", "_"), ())
        parts.append(f"- 用于 used by: {'、'.join(f'`{rule}`' for rule in by)}\n" if by else "")
    return "".join(parts)


def graph_page() -> str:
    """docs/model/graph.md: the rules as a Mermaid graph, a box per module."""
    lines, modules = ["# 规则图 Graph of the rules\n", "```mermaid", "flowchart LR"], {}
    for name in RULES:
        modules.setdefault(chapter_of(name), []).append(name)
    for chapter, names in modules.items():
        lines += [
            f'  subgraph {chapter}["{CHAPTERS[chapter]}"]',
            *(f"    {name}" for name in names),
            "  end",
        ]
    for rule in RULES:
        for name in inputs(rule):
            origin = SUMS[name][0] if name in SUMS else name
            if origin in RULES:
                lines.append(f"  {origin} {'-- Σ -->' if name in SUMS else '-->'} {rule}")
    return "\n".join(lines + ["```", ""])


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
