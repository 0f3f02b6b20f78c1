"""The command line. Exit codes: 0 done, 1 a fault in data, law or scenario (said in sentences), 2 wrong usage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import __version__
from .errors import Fault, OnexError, ParameterError
from .report import REPORTS

ABOUT = ("1+X 证书成本、经费与政策测算\nWhat 1+X certificates cost, who pays, and what a policy would change\n\n"
         "例 examples:\n  onexmodel report fee_cap --province 44 --scenario cap_plus_20\n  onexmodel run --data 我的数据 --out 结果\n"
         "  onexmodel parameters\n\n退出码 exit codes: 0 完成 done · 1 数据、法规或情景有问题 fault · 2 用法不对 usage")


SHOWN = 100  # faults printed; the annotated copy holds all


def main(argv: list[str] | None = None) -> int:
    """Run one command; faults are printed as sentences on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.command(arguments)
    except OnexError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断，没有留下未完成的文件。 Interrupted; nothing half-written is left.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("onexmodel", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="命令 COMMAND")
    report = commands.add_parser("report", help="执行笔记本，生成 HTML 报告 · execute notebooks into HTML reports")
    report.add_argument("names", nargs="+", metavar="NAME", help=f"{' '.join(REPORTS)}，或 all")
    _data_options(report, "national")
    report.add_argument("--lang", choices=("zh", "en"), default="zh", help="报告语言 · language")
    report.add_argument("--internal", action="store_true", help="内部版：显示单所院校，每页印「内部资料」 · show single colleges")
    report.add_argument("--year", type=int, default=0, help="年度，缺省为最后一年 · year")
    report.add_argument("--draws", type=int, default=5, metavar="M", help="2 的 M 次方次抽样 · 2^M draws")
    report.add_argument("--seed", type=int, default=20201231, help="随机种子 · seed")
    report.add_argument("--out", type=Path, default=Path("reports"), help="输出文件夹 · output folder")
    report.set_defaults(command=_report)
    for name, words, command in (("verify", "核验一份报告：按其记录重算并比较 · re-execute a report and compare", _verify),
                                 ("rerun", "按一份报告的记录重算，可改参数 · a variant from a report's record", _rerun)):
        again = commands.add_parser(name, help=words)
        again.add_argument("file", type=Path, help="HTML 报告 · report")
        again.add_argument("--data", default="national", help="报告所用的数据 · the report's data")
        if name == "rerun":
            again.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="改一个参数，可多次")
            again.add_argument("--out", type=Path, default=Path("reports"), help="输出文件夹")
        again.set_defaults(command=command)
    check = commands.add_parser("check", help="核对数据：每一处问题，并写出加批注的副本 · every fault of a data set, and an annotated copy")
    check.add_argument("data", help="工作簿或 CSV 文件夹，或内置数据集名 · workbook, folder or shipped set")
    check.add_argument("--out", type=Path, default=Path("reports"), help="批注副本放在哪里 · where the annotated copy goes")
    check.set_defaults(command=_check)
    template = commands.add_parser("template", help="空白填报工作簿 · an empty workbook to fill")
    template.add_argument("file", type=Path, metavar="college.xlsx|province.xlsx")
    template.add_argument("--data", default="", help="用哪个数据集预填省级统一的表（标准、上限、成本清单） · prefill what the province sets")
    template.add_argument("--province", default="", help="只预填一省 · one province")
    template.set_defaults(command=_template)
    run = commands.add_parser("run", help="计算并写出结果表（CSV） · write the result tables")
    _data_options(run, "example")
    run.add_argument("--out", required=True, type=Path, help="输出文件夹 · output folder")
    run.add_argument("--format", choices=("csv", "xlsx", "parquet"), default="csv", help="输出格式：CSV、带中文表头的工作簿、Parquet · format")
    run.set_defaults(command=_run)
    model = commands.add_parser("model", help="写出模型说明：规则、参数、规则图 · write the model's documentation")
    model.add_argument("--out", type=Path, default=Path("docs/model"), help="输出文件夹 · output folder")
    model.set_defaults(command=_model)
    explain = commands.add_parser("explain", help="一个数字怎样算出来：推导树 · the derivation of one number")
    explain.add_argument("name", metavar="NAME", help="数量名，如 uplift、approved_fee、funding_gap")
    _data_options(explain, "example")
    for option, words in (("certificate", "证书代码"), ("level", "等级 junior/intermediate/advanced"), ("organisation", "评价组织代码")):
        explain.add_argument(f"--{option}", default="", help=words)
    explain.add_argument("--baseline", action="store_true", help="基准方案的数 · the baseline's number")
    explain.add_argument("--mode", choices=("none", "supply", "both"), default="", help="响应方式 · response")
    explain.add_argument("--depth", type=int, default=4, help="展开层数 · levels")
    explain.add_argument("--lang", choices=("zh", "en"), default="zh")
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    explain.set_defaults(command=_explain)
    _study_commands(commands)
    for name, words, command in (("clauses", "条款 → 规则 → 参数 → 报告 · clause table", _clauses),
                                 ("parameters", "全部参数、取值与依据 · all parameters", _parameters),
                                 ("scenarios", "可用情景 · scenarios", _scenarios), ("data", "可用数据集 · data sets", _data)):
        commands.add_parser(name, help=words).set_defaults(command=command)
    return parser


def _study_commands(commands) -> None:
    """Commands of the analysts: what decides, which value reaches a target, who wins, sweeps."""
    sensitivity = commands.add_parser("sensitivity", help="哪些假设、哪些读法决定结论：Sobol 指数 · which assumptions decide")
    sensitivity.add_argument("--measure", default="fee_bill", help="指标，如 fee_bill、funding_gap、unmet_share")
    sensitivity.add_argument("--draws", type=int, default=6, metavar="M", help="2 的 M 次方个基点 · 2^M base points")
    sensitivity.set_defaults(command=_sensitivity)
    solve = commands.add_parser("solve", help="哪个取值达到目标（保本、定标） · the value that reaches a target")
    solve.add_argument("--vary", required=True, metavar="NAME", help="数值参数，或 cap_scale（上限倍数）、central_award（中央奖补总额）")
    solve.add_argument("--measure", required=True, help="指标")
    goal = solve.add_mutually_exclusive_group(required=True)
    goal.add_argument("--at-most", type=float, metavar="X", help="指标不高于 X")
    goal.add_argument("--at-least", type=float, metavar="X", help="指标不低于 X")
    solve.add_argument("--low", type=float, required=True, help="范围下限")
    solve.add_argument("--high", type=float, required=True, help="范围上限")
    solve.add_argument("--draws", type=int, default=4, metavar="M", help="2 的 M 次方次抽样（区间）；−1 不抽样")
    solve.set_defaults(command=_solve)
    winners = commands.add_parser("winners", help="方案使谁受益、谁受损：按层次、省份、规模 · winners and losers")
    winners.add_argument("--by", choices=("tier", "province", "decile", "ownership"), default="tier", help="分组")
    winners.add_argument("--internal", action="store_true", help="内部版：另列增减最多的各十所院校")
    winners.set_defaults(command=_winners)
    montecarlo = commands.add_parser("montecarlo", help="假设抽样：各方案的均值、P10/P50/P90、不超预算的概率 · draws over assumptions")
    montecarlo.add_argument("--draws", type=int, default=8, metavar="M", help="2 的 M 次方次抽样 · 2^M draws")
    montecarlo.add_argument("--workers", type=int, default=2, help="进程数 · processes")
    montecarlo.add_argument("--budget", action="append", default=[], metavar="指标=金额", help="给出预算，得到不超预算的概率，可多次，如 fee_bill=1e9")
    montecarlo.set_defaults(command=_montecarlo)
    for parser in (sensitivity, solve, winners, montecarlo):
        _data_options(parser, "national")
        parser.add_argument("--mode", choices=("none", "supply", "both"), default="supply", help="响应方式 · response")
        parser.add_argument("--seed", type=int, default=20201231, help="随机种子 · seed")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    sweep = commands.add_parser("sweep", help="按方案文件扫描参数×情景×省份，可中断续算 · a sweep from a file, resumable")
    sweep.add_argument("file", type=Path, help="扫描方案（YAML）")
    sweep.add_argument("--out", type=Path, required=True, help="输出文件夹")
    sweep.add_argument("--workers", type=int, default=1, help="本机进程数 · processes")
    sweep.add_argument("--scheduler", default="", metavar="tcp://…", help="Dask 集群地址 · Dask scheduler")
    sweep.set_defaults(command=_sweep)


def _data_options(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--data", default=default, help=f"数据文件夹或工作簿，或内置数据集名（缺省 {default}） · folder, workbook or shipped set")
    parser.add_argument("--province", default="", help="只看一省（代码或名称） · one province")
    parser.add_argument("--college", default="", help="只看一校（标识码） · one college")
    parser.add_argument("--scenario", action="append", default=None, help="情景文件或名称，可多次 · scenario, repeatable")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="改一个参数，可多次 · set a parameter, repeatable")


def _report(arguments) -> int:
    from .report.batch import make_reports
    from .report.gate import MODELS
    from .report.verify import fingerprint
    names = list(MODELS) if arguments.names == ["all"] else arguments.names
    given = {"data": _data_name(arguments.data), "college": arguments.college, "year": arguments.year, "settings": _sets(arguments.set),
             "lang": arguments.lang, "internal": arguments.internal, "log2_draws": arguments.draws, "seed": arguments.seed}
    if arguments.province or arguments.data != "national" or arguments.college:
        given["province"] = arguments.province
    if arguments.scenario is not None:
        given["scenario"] = [_scenario_name(name) for name in arguments.scenario]
    if Path(given["data"]).exists():
        _check_first(Path(given["data"]))
    failed = 0
    for name, outcome in make_reports(names, given, arguments.out, say=lambda text: print(text, file=sys.stderr, flush=True)):
        if isinstance(outcome, OnexError):
            print(f"{name}：没有生成。{outcome}", file=sys.stderr)
            failed += 1
        else:
            print(f"{outcome}\t{fingerprint(outcome.read_text(encoding='utf-8'))}")
    return 1 if failed else 0


def _check_first(source: Path) -> None:
    """A user's own data are checked before anything is computed; errors end it, warnings are counted and stand in the report."""
    from .data.read import check_tables
    from .errors import DataError
    checked = check_tables(source)
    if checked.tables is None:
        raise DataError([fault for fault in checked.faults if fault.level == "error"])
    if checked.faults:
        print(f"数据核对：{len(checked.faults)} 处提醒或说明，列在报告末尾；逐格批注请运行 onexmodel check {source.name}", file=sys.stderr)


def _check(arguments) -> int:
    from .analysis.study import data_folder
    from .data.annotate import LEVELS, annotate, fault_row
    from .data.read import check_tables
    source = data_folder(_data_name(arguments.data))
    faults = check_tables(source).faults
    for fault in faults[:SHOWN]:
        print("\t".join(fault_row(fault)))
    if len(faults) > SHOWN:
        print(f"……另有 {len(faults) - SHOWN} 处，见批注副本 · more in the annotated copy")
    counts = {level: sum(fault.level == level for fault in faults) for level in LEVELS}
    print("核对完毕 checked：" + "，".join(f"{LEVELS[level]} {count} 处" for level, count in counts.items()), file=sys.stderr)
    if faults:
        print(annotate(source, faults, arguments.out))
    return 1 if counts["error"] else 0


def _template(arguments) -> int:
    from .data import read_tables
    from .data.template import write_template
    from .study import data_folder, place_of
    tables = read_tables(data_folder(_data_name(arguments.data))) if arguments.data else None
    province = place_of(tables, arguments.province, "")[0] if tables is not None else ""
    print(write_template(arguments.file, tables, province))
    return 0


def _verify(arguments) -> int:
    from .report.verify import verify
    verdict = verify(_existing(arguments.file), _data_name(arguments.data))
    print("\n".join(verdict.sentences))
    return 0 if verdict.same else 1


def _rerun(arguments) -> int:
    from .report.verify import again, fingerprint, read_record
    page = _existing(arguments.file).read_text(encoding="utf-8")
    sets = _sets(arguments.set)
    suffix = "_" + "_".join(f"{name}={value}" for name, value in sets.items()) if sets else ""
    path = again(read_record(page, arguments.file.name), _data_name(arguments.data), arguments.out, sets, f"{arguments.file.stem}{suffix}")
    print(f"{path}\t{fingerprint(path.read_text(encoding='utf-8'))}")
    return 0


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ParameterError(Fault(str(path), "没有这个文件", do="给出 HTML 报告的路径"))
    return path


def _data_name(name: str) -> str:
    return str(Path(name).absolute()) if Path(name).exists() else name


def _scenario_name(name: str) -> str:
    return str(Path(name).absolute()) if Path(name).exists() and Path(name).is_file() else name


def _run(arguments) -> int:
    from .engine.tables12 import result_tables, write_parquet, write_tables
    from .study import open_run, place_of
    run, tables = open_run(_data_name(arguments.data), [_scenario_name(name) for name in arguments.scenario or ()], _sets(arguments.set))
    province, college = place_of(tables, arguments.province, arguments.college)
    frames = result_tables(run, tables, province, college)
    if arguments.format == "xlsx":
        from .report.excel import write_workbook
        record = {"数据指纹": tables.sha256, "法规指纹": run.composition.law.sha256, "情景": "、".join(one.id for one in run.composition.scenarios), "版本": __version__}
        paths = [write_workbook(frames, run.composition.law, arguments.out / "results.xlsx", tables.label.get("zh", ""), tables.status == "simulated", tables.title.get("zh", ""), record)]
    else:
        paths = (write_parquet if arguments.format == "parquet" else write_tables)(frames, arguments.out)
    for path in paths:
        print(path)
    return 0


def _model(arguments) -> int:
    from .law import load_law
    from .report.model_docs import write_model
    for path in write_model(load_law(), arguments.out):
        print(path)
    return 0


def _explain(arguments) -> int:
    from .analysis.derive import derivation
    from .analysis.study import open_study
    from .analysis.trace import find, tree
    from .report.tree import as_json, as_text
    study = open_study(arguments.data, arguments.scenario or (), _sets(arguments.set), arguments.province, arguments.college)
    derived = derivation(study, arguments.mode)
    run = "baseline" if arguments.baseline or not study.composition.changes_anything else "scenario"
    key = {"college": arguments.college, "certificate": arguments.certificate, "level": arguments.level, "organisation": arguments.organisation,
           "province": study.province if arguments.province else ""}
    node = tree(derived, find(derived, run, arguments.name, key), arguments.lang, arguments.depth)
    print(as_json(node) if arguments.json else as_text(node, arguments.lang))
    return 0


def _study_of(arguments):
    from .analysis.study import open_study
    from .data import read_tables
    from .study import data_folder
    tables = read_tables(data_folder(_data_name(arguments.data)), ("assessments", "payments", "budget_lines", "workload"))
    if tables.label:
        print(tables.label.get(arguments.lang) or tables.label.get("zh", ""), file=sys.stderr)
    scenarios = [_scenario_name(name) for name in arguments.scenario or ()]
    return open_study(arguments.data, scenarios, _sets(arguments.set), arguments.province, arguments.college, tables=tables)


def _sensitivity(arguments) -> int:
    from .analysis import sensitivity as s
    study = _study_of(arguments)
    frame = s.sensitivity(study, arguments.measure, arguments.mode, arguments.draws, arguments.seed)
    print("\n".join(s.in_words(frame, s.other_readings(study, arguments.measure, arguments.mode), arguments.lang)))
    print(frame.to_csv(index=False, sep="\t", float_format="%.6g", lineterminator="\n"), end="")
    return 0


def _solve(arguments) -> int:
    from .analysis.cap_study import study_draws
    from .analysis.solve import in_words, solve
    study = _study_of(arguments)
    drawn = study_draws(study, arguments.draws, arguments.seed) if arguments.draws >= 0 else {}
    below = arguments.at_most is not None
    found = solve(study, arguments.vary, arguments.measure, arguments.at_most if below else arguments.at_least, below, arguments.low, arguments.high, arguments.mode, drawn)
    parameter = study.law.parameters.get(arguments.vary)
    title = {"cap_scale": ("上限倍数", "the cap's multiple"), "central_award": ("中央奖补总额", "the central award")}.get(
        arguments.vary, (parameter.zh, parameter.en) if parameter else (arguments.vary,) * 2)[arguments.lang != "zh"]
    print(in_words(found, title, arguments.lang))
    return 0 if found.kind != "nowhere" else 1


def _winners(arguments) -> int:
    from .analysis import winners as w
    study = _study_of(arguments)
    if not study.composition.changes_anything:
        raise ParameterError(Fault("onexmodel winners", "没有方案可比", do="用 --scenario 或 --set 给出方案"))
    changes = w.college_changes(study, *study.pair(arguments.mode))
    table = w.by_group(changes, arguments.by)
    if not arguments.internal:
        table = table[table["colleges"] >= 5]
    print(table.to_csv(index=False, sep="\t", float_format="%.6g", lineterminator="\n"), end="")
    if arguments.internal:
        columns = ["college", "province", "tier", "cash", "service", "why", "why_yuan"]
        print("内部资料\n" + w.largest(changes)[columns].to_csv(index=False, sep="\t", float_format="%.6g", lineterminator="\n"), end="")
    return 0


def _montecarlo(arguments) -> int:
    from .analysis.montecarlo import monte_carlo
    scenarios, arguments.scenario = [_scenario_name(name) for name in arguments.scenario or ()], []
    budgets = _pairs(arguments.budget, "--budget", "fee_bill=1e9")
    found = monte_carlo(_study_of(arguments), scenarios, arguments.mode, arguments.draws, arguments.seed, arguments.workers)
    print(found.table().to_csv(index=False, sep="\t", float_format="%.6g", lineterminator="\n"), end="")
    for measure, amount in budgets.items():
        for scenario in found.scenarios:
            print(f"{scenario}\tP({measure} ≤ {amount})\t{found.inside(scenario, measure, float(amount)):.3f}")
    return 0


def _sweep(arguments) -> int:
    import time

    from .analysis.sweep import run_sweep
    from .analysis.sweep_file import read_sweep
    sweep, start, already = read_sweep(arguments.file), time.monotonic(), None
    for done, whole in run_sweep(sweep, arguments.out, arguments.workers, arguments.scheduler):
        already = done if already is None else already
        spent = time.monotonic() - start
        left = spent / (done - already) * (whole - done) if done > already else float("nan")
        print(f"[{done}/{whole}]  {spent:.0f} s" + (f"，约余 {left:.0f} s left" if left == left else ""), file=sys.stderr, flush=True)
    print(arguments.out / "sweep.parquet")
    return 0


def _sets(pairs: list[str]) -> dict[str, str]:
    return _pairs(pairs, "--set", "fees.beta=0.3")


def _pairs(pairs: list[str], option: str, example: str) -> dict[str, str]:
    wrong = [Fault(f"{option} {pair}", "应写成 名称=取值", do=f"例：{option} {example}") for pair in pairs if "=" not in pair]
    if wrong:
        raise ParameterError(wrong)
    return dict(pair.split("=", 1) for pair in pairs)


def _clauses(_) -> int:
    from .law import load_law
    for clause in load_law().clauses:
        print(f"{clause['clause']}  {clause['zh']}\n    {clause['en']}  [{clause['where']}]")
        for name, word in (("rules", "规则 rules"), ("parameters", "参数 parameters"), ("reports", "报告 reports")):
            print(f"    {word}: {'、'.join(clause[name]) or '–'}")
    return 0


def _parameters(_) -> int:
    from .law import load_law
    law = load_law()
    print("参数 name\t名称 zh\ten\t取值 value\t单位 unit\t类别 kind\t性质 status\t依据 source")
    for parameter in law.parameters.values():
        last = parameter.values[-1] if parameter.values else None
        source = law.sources[last.source]["title"] if last else parameter.reason
        value = last.value if last else "（须提供 to be supplied）"
        print(f"{parameter.name}\t{parameter.zh}\t{parameter.en}\t{value}\t{parameter.unit}\t{parameter.kind}\t{parameter.status}\t{source}")
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
        print(f"{folder.name}\t{folder}")
    if not (shipped("data", "national") / "offerings.csv").exists():
        print("national\t首次使用时生成 made on first use")
    return 0
