"""clauses, parameters, scenarios: what there is."""

from __future__ import annotations

from ..errors import visible
from .options import say_notes


def add(commands) -> None:
    """The commands of this file."""
    for name, words, command in (
        ("clauses", "条款 → 规则 → 参数 → 报告 · clause table", _clauses),
        ("parameters", "全部参数、取值与依据 · all parameters", _parameters),
    ):
        commands.add_parser(name, help=words).set_defaults(command=command)
    scenarios = commands.add_parser(
        "scenarios",
        help="可用情景；写名称或文件则列出其改动 · scenarios, or what some of them change",
    )
    scenarios.add_argument("names", nargs="*", metavar="NAME", help="情景名称或文件 · ids or files")
    scenarios.set_defaults(command=_scenarios)


def _clauses(_) -> int:
    from ..law import load_law

    for clause in load_law().clauses:
        print(f"{clause['clause']}  {clause['zh']}\n    {clause['en']}  [{clause['where']}]")
        for name, word in (
            ("rules", "规则 rules"),
            ("parameters", "参数 parameters"),
            ("reports", "报告 reports"),
        ):
            print(f"    {word}: {'、'.join(clause[name]) or '–'}")
    return 0


def _parameters(_) -> int:
    from ..law import load_law

    law = load_law()
    print("参数 name\t名称 zh\ten\t取值 value\t单位 unit\t类别 kind\t性质 status\t依据 source")
    for parameter in law.parameters.values():
        last = parameter.values[-1] if parameter.values else None
        source = law.sources[last.source]["title"] if last else parameter.reason
        value = last.value if last else "（须提供 to be supplied）"
        print(
            f"{parameter.name}\t{parameter.zh}\t{parameter.en}\t{value}\t{parameter.unit}\t{parameter.kind}\t{parameter.status}\t{source}"
        )
    return 0


def _scenarios(arguments) -> int:
    from ..law import list_scenarios, read_scenario
    from ..law.turning import turned

    for name in arguments.names or list_scenarios():
        scenario = read_scenario(name)
        print(visible(f"{scenario.id}\t{scenario.title['zh']}\t{scenario.title['en']}"))
        for change in scenario.changes if arguments.names else ():
            print("\t" + visible("\t".join(_told(change))))
        say_notes(turned(f"{scenario.id}.yaml", scenario.text))
    return 0


def _told(change) -> tuple[str, ...]:
    """What, where, from when until when, what happens, why."""
    where = (
        "，".join(f"{key}={'、'.join(words)}" for key, words in change.where) or "处处 everywhere"
    )
    window = f"{change.start if change.start.year > 1900 else ''}—{change.until or ''}"
    return change.target, where, window, f"{change.operation} {change.operand}", str(change.reason)
