"""report, verify, rerun, model."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from ..errors import Fault, OnexError, nearest
from ..report import REPORTS
from .options import (
    Usage,
    can_write_into,
    data_name,
    data_options,
    day_or_none,
    existing,
    name_of_variant,
    say_notes,
    scenario_names,
    seed_option,
    sets,
    whole_number,
    year_option,
)
from .place import only_college

OF_PLACES = "province_comparison"  # the report that is never about one college
NATION = ("all", "nation", "全国", "全部")
DEFAULT_PLACE = (
    "没有写 --province：按广东（44）测算；全国请写 --province 全国。"
    " No --province: Guangdong (44); the nation is --province all."
)


def add(commands) -> None:
    """The commands of this file."""
    report = commands.add_parser(
        "report", help="执行笔记本，生成 HTML 报告 · execute notebooks into HTML reports"
    )
    report.add_argument("names", nargs="+", metavar="NAME", help=f"{' '.join(REPORTS)}，或 all")
    data_options(report)
    report.add_argument("--lang", default="zh", help="报告语言：zh、en 或另有文字的语言 · language")
    report.add_argument(
        "--internal",
        action="store_true",
        help="内部版：显示单所院校，每页印「内部资料」 · show single colleges",
    )
    year_option(report, "缺省为最后一年")
    report.add_argument(
        "--draws",
        type=whole_number(0, 14),
        default=0,
        metavar="M",
        help="2 的 M 次方次抽样；不写为128次，小地方256次；少于128次（M<7）不列区间 · 2^M draws; by size if left out; no intervals below 2^7",
    )
    report.add_argument(
        "--pdf",
        action="store_true",
        help="另存 PDF（用本机的 Chromium、Chrome 或 Edge） · also as PDF",
    )
    report.add_argument(
        "--print",
        choices=("short", "full"),
        default="short",
        dest="printed",
        help="打印范围：short 不含推导与规则，full 全部展开 · what is printed",
    )
    seed_option(report)
    report.add_argument(
        "--issuer", default="", metavar="单位", help="编制单位，印在题目下 · who issues the report"
    )
    report.add_argument(
        "--date",
        type=day_or_none,
        default=date.today().isoformat(),
        metavar="YYYY-MM-DD",
        help="编制日期，缺省为今天；写 none 不印 · date of issue, today if left out",
    )
    report.add_argument(
        "--out", type=Path, default=Path("reports"), help="输出文件夹 · output folder"
    )
    report.set_defaults(command=_report)
    for name, words, command in (
        ("verify", "核验一份报告：按其记录重算并比较 · re-execute a report and compare", _verify),
        ("rerun", "按一份报告的记录重算，可改参数 · a variant from a report's record", _rerun),
    ):
        again = commands.add_parser(name, help=words)
        again.add_argument("file", type=Path, help="HTML 报告 · report")
        again.add_argument(
            "--data",
            default="",
            help="报告所用的数据（缺省为报告记录的内置数据集） · the report's data",
        )
        if name == "rerun":
            again.add_argument(
                "--set",
                action="append",
                default=[],
                metavar="NAME=VALUE",
                help="改一个参数，可多次",
            )
            again.add_argument("--out", type=Path, default=Path("reports"), help="输出文件夹")
        again.set_defaults(command=command)
    model = commands.add_parser(
        "model", help="写出模型说明：规则、参数、规则图 · write the model's documentation"
    )
    model.add_argument(
        "--out", type=Path, default=Path("docs/model"), help="输出文件夹 · output folder"
    )
    model.set_defaults(command=_model)


def _report(arguments) -> int:
    from ..report.make.batch import make_reports
    from ..report.make.fingerprint import fingerprint
    from ..report.make.gate import PageOptions, checked
    from ..report.make.pdf import browser, write_pdf

    names = list(REPORTS) if arguments.names == ["all"] else arguments.names
    unknown = [
        Fault(
            f"report {name}",
            "没有这种报告",
            nearest=nearest(name, REPORTS),
            do=f"可用：{'、'.join(REPORTS)}、all",
        )
        for name in names
        if name not in REPORTS
    ]
    if unknown:
        raise Usage(unknown)
    given = {
        "data": data_name(arguments.data),
        "college": arguments.college,
        "year": arguments.year,
        "settings": sets(arguments.set),
        "lang": arguments.lang,
        "internal": arguments.internal,
        "log2_draws": arguments.draws,
        "seed": arguments.seed,
        "issuer": arguments.issuer,
        "date": "" if arguments.date == "none" else arguments.date,
    }
    if arguments.province.strip().lower() in NATION:
        given["province"] = ""
    elif arguments.province or arguments.data != "national" or arguments.college:
        given["province"] = arguments.province
    else:
        print(DEFAULT_PLACE, file=sys.stderr)
    if arguments.scenario is not None:
        given["scenario"] = scenario_names(arguments)
    can_write_into(arguments.out)
    for name in names:  # before the data are read
        checked(name, given)
    printer = browser() if arguments.pdf else ""
    parsed, college = None, arguments.college
    if Path(given["data"]).exists():
        parsed, college = _check_first(Path(given["data"]), given["province"], college)
    if college and arguments.names == ["all"]:
        names.remove(OF_PLACES)
        print(f"没有生成 {OF_PLACES}：分省比较不针对一所院校。", file=sys.stderr)
    failed = 0
    for name, outcome in make_reports(
        names,
        given,
        arguments.out,
        lambda text: print(text, file=sys.stderr, flush=True),
        parsed,
        PageOptions(print_full=arguments.printed == "full"),
    ):
        if isinstance(outcome, OnexError):
            print(f"{name}：没有生成。{outcome}", file=sys.stderr)
            failed += 1
        else:
            print(f"{outcome}\t{fingerprint(outcome.read_text(encoding='utf-8'))}")
            if printer:
                print(write_pdf(outcome, printer))
    return 1 if failed else 0


def _check_first(source: Path, province: str, college: str):
    """A user's own data, parsed, and the college that is asked about ("" for several): checked before anything is computed. Errors end it,
    warnings are counted and stand in the report."""
    from ..analysis.study import place_of
    from ..data.read import between_tables, parse
    from ..errors import DataError

    parsed = parse(source)
    checked = between_tables(parsed)
    if checked.tables is None:
        raise DataError([fault for fault in checked.faults if fault.level == "error"])
    if checked.faults:
        print(
            f"数据核对：{len(checked.faults)} 处提醒或说明，列在报告末尾；逐格批注请运行 onexmodel check {source.name}",
            file=sys.stderr,
        )
    _, found = place_of(checked.tables, province, college, alone=True)
    say_notes(only_college(checked.tables, found, college))
    return parsed, found


def _read(path: Path) -> dict:
    """A report's record."""
    from ..report.make.verify import read_record

    try:
        page = existing(path, " HTML 报告").read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Usage(
            Fault(path.name, "不是 HTML 报告", do="给出 onexmodel 生成的 .html 文件")
        ) from None
    return read_record(page, path.name)


def _source(arguments, record) -> str:
    """The data to compute on: as given, or the set of the product that the record names. Raises Usage where the report used a user's own,
    which may be called as one of the product's."""
    from ..analysis.study import own_folder
    from ..report.annex.record import data_of

    if arguments.data:
        return data_name(arguments.data)
    own, called, digest = data_of(record)
    if not own:
        do = "请加 --data 和这份数据的路径"
        raise Usage(Fault(arguments.file.name, f"这份报告用的是「{called}」（指纹 {digest}）", do))
    return str(own_folder(own))


def _verify(arguments) -> int:
    from ..report.make.verify import verify
    from ..report.page.numbers import THIN

    verdict = verify(arguments.file, _source(arguments, _read(arguments.file)))
    print("\n".join(verdict.sentences).replace(THIN, ","))
    return 0 if verdict.same else 1


def _rerun(arguments) -> int:
    from ..report.make.fingerprint import fingerprint
    from ..report.make.verify import again

    can_write_into(arguments.out)
    record = _read(arguments.file)
    source = _source(arguments, record)
    record["parameters"]["data_name"] = ""  # of the data now
    changed = sets(arguments.set)
    path = again(
        record,
        source,
        arguments.out,
        changed,
        name_of_variant(arguments.file.stem, changed),
    )
    print(f"{path}\t{fingerprint(path.read_text(encoding='utf-8'))}")
    return 0


def _model(arguments) -> int:
    from ..law import load_law
    from ..report.model.docs import write_model

    can_write_into(arguments.out)
    for path in write_model(load_law(), arguments.out):
        print(path)
    return 0
