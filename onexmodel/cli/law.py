"""clauses, parameters, scenarios: what there is."""

from __future__ import annotations


def add(commands) -> None:
    """The commands of this file."""
    for name, words, command in (("clauses", "条款 → 规则 → 参数 → 报告 · clause table", _clauses),
                                 ("parameters", "全部参数、取值与依据 · all parameters", _parameters), ("scenarios", "可用情景 · scenarios", _scenarios)):
        commands.add_parser(name, help=words).set_defaults(command=command)


def _clauses(_) -> int:
    from ..law import load_law
    for clause in load_law().clauses:
        print(f"{clause['clause']}  {clause['zh']}\n    {clause['en']}  [{clause['where']}]")
        for name, word in (("rules", "规则 rules"), ("parameters", "参数 parameters"), ("reports", "报告 reports")):
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
        print(f"{parameter.name}\t{parameter.zh}\t{parameter.en}\t{value}\t{parameter.unit}\t{parameter.kind}\t{parameter.status}\t{source}")
    return 0


def _scenarios(_) -> int:
    from ..law import list_scenarios, read_scenario
    for name in list_scenarios():
        title = read_scenario(name).title
        print(f"{name}\t{title['zh']}\t{title['en']}")
    return 0
