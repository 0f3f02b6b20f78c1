"""The command line. Exit codes: 0 done, 1 a fault in data, law or scenario (said in sentences), 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import __version__
from .errors import OnexError


def main(argv: list[str] | None = None) -> int:
    """Run one command; faults are printed as sentences on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.command(arguments)
    except OnexError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("onexmodel", description="1+X 证书成本、经费与政策测算 · what 1+X certificates cost, who "
                                     "pays, and what a policy would change")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="命令 COMMAND")
    run = commands.add_parser("run", help="计算并写出结果表（CSV） · write the result tables")
    _data_options(run)
    run.add_argument("--out", required=True, type=Path, help="输出文件夹 · output folder")
    run.set_defaults(command=_run)
    for name, words, command in (("clauses", "条款 → 规则 → 参数 → 报告 · clause table", _clauses),
                                 ("parameters", "全部参数、取值与依据 · all parameters", _parameters),
                                 ("scenarios", "可用情景 · scenarios", _scenarios), ("data", "可用数据集 · data sets", _data)):
        commands.add_parser(name, help=words).set_defaults(command=command)
    return parser


def _data_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default="example", help="数据文件夹，或内置数据集名 · data folder or shipped set")
    parser.add_argument("--province", default="", help="只看一省（代码） · one province")
    parser.add_argument("--college", default="", help="只看一校（标识码） · one college")
    parser.add_argument("--scenario", action="append", default=[], help="情景文件或名称，可多次 · scenario, repeatable")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="改一个参数，可多次 · set a parameter")


def _run(arguments) -> int:
    from .engine.tables12 import write_tables
    from .study import open_run
    run, tables = open_run(arguments.data, arguments.scenario, _sets(arguments.set))
    for path in write_tables(run, tables, arguments.out, arguments.province, arguments.college):
        print(path)
    return 0


def _sets(pairs: list[str]) -> dict[str, str]:
    from .errors import Fault, ParameterError
    wrong = [Fault(f"--set {pair}", "应写成 名称=取值") for pair in pairs if "=" not in pair]
    if wrong:
        raise ParameterError(wrong)
    return dict(pair.split("=", 1) for pair in pairs)


def _clauses(_) -> int:
    from .law import load_law
    for clause in load_law().clauses:
        print(f"{clause['clause']}  {clause['zh']}\n    {clause['en']}  [{clause['where']}]")
        for name in ("rules", "parameters", "reports"):
            print(f"    {name}: {'、'.join(clause[name]) or '–'}")
    return 0


def _parameters(_) -> int:
    from .law import load_law
    for parameter in load_law().parameters.values():
        value = parameter.values[-1].value if parameter.values else "（须提供）"
        print(f"{parameter.name}\t{parameter.zh}\t{value}\t{parameter.unit}\t{parameter.kind}\t{parameter.status}")
    return 0


def _scenarios(_) -> int:
    from .law import list_scenarios, read_scenario
    for name in list_scenarios():
        title = read_scenario(name).title
        print(f"{name}\t{title['zh']}\t{title['en']}")
    return 0


def _data(_) -> int:
    from .places import shipped
    for folder in sorted(path for path in shipped("data").iterdir() if (path / "offerings.csv").exists()):
        print(folder.name)
    return 0
