"""report, verify, rerun, model."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from ..errors import Fault, OnexError, ReportError, nearest
from ..report import REPORTS
from ..running.progress import shown
from ..running.scratch import clear
from .each import each_options, make_each_province, refuse_college
from .options import (
    Usage,
    can_write_into,
    data_name,
    data_options,
    day_or_none,
    existing,
    say_notes,
    scenario_names,
    seed_option,
    sets,
    whole_number,
    year_option,
)
from .place import READING, nation, only_college, set_ready

OF_PLACES = "province_comparison"  # the report that is never about one college
LONGEST = 180  # bytes of the name of a variant; disks take 255, with the ending
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
    each_options(report)
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
    report.add_argument(
        "--docx",
        action="store_true",
        help="另存一页 Word 呈报件 · also one page for the file, as a Word document",
    )
    report.add_argument(
        "--to", default="", metavar="单位", help="呈报件的主送单位，缺省留空 · its addressee"
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
    from ..report.make.batch import AT_ONCE, make_reports
    from ..report.make.fingerprint import fingerprint
    from ..report.make.gate import PageOptions, checked
    from ..report.make.pdf import browser, write_pdf
    from ..report.make.process_setup import import_ahead

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
    if arguments.to and not arguments.docx:
        raise Usage(Fault("--to", "主送单位只用于呈报件", do="加上 --docx，或去掉 --to"))
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
    options = PageOptions(arguments.printed == "full", arguments.docx, arguments.to)
    if arguments.each_province:
        refuse_college(arguments)
        if arguments.scenario is not None:
            given["scenario"] = scenario_names(arguments)
        return make_each_province(arguments, names, given, options)
    if nation(arguments.province):
        given["province"] = ""
    elif arguments.province or arguments.data != "national" or arguments.college:
        given["province"] = arguments.province
    else:
        print(DEFAULT_PLACE, file=sys.stderr)
    if arguments.scenario is not None:
        given["scenario"] = scenario_names(arguments)
    can_write_into(arguments.out)
    clear(arguments.out)
    for name in names:  # before the data are read
        checked(name, given)
    printer = browser() if arguments.pdf else ""
    import_ahead(names)  # while the data are looked at
    parsed, college = None, arguments.college
    if Path(given["data"]).exists():
        parsed, college = _check_first(Path(given["data"]), given["province"], college)
    if college and arguments.names == ["all"]:
        names.remove(OF_PLACES)
        print(f"没有生成 {OF_PLACES}：分省比较不针对一所院校。", file=sys.stderr)
    if given["data"] == "national":
        set_ready("national")
    failed = 0
    with shown("执行报告 making the reports") as told:

        def say(text: str, stream: TextIO = sys.stderr) -> None:
            with told.aside():
                print(text, file=stream, flush=True)

        jobs = arguments.jobs or AT_ONCE
        made = make_reports(names, given, arguments.out, say, parsed, options, told, jobs)
        with closing(made):
            for name, outcome in made:
                if isinstance(outcome, OnexError):
                    say(f"{name}：没有生成。{outcome}")
                    failed += 1
                    continue
                printed = fingerprint(outcome.read_text(encoding="utf-8"))
                say(f"{outcome}\t{printed}", sys.stdout)
                if options.docx:
                    say(str(outcome.with_suffix(".docx")), sys.stdout)
                if printer:
                    told.renamed(f"打印 printing {name}")
                    say(str(write_pdf(outcome, printer)), sys.stdout)
    return 1 if failed else 0


def _check_first(source: Path, province: str, college: str):
    """A user's own data, parsed, and the college that is asked about ("" for several): checked before anything is computed. Errors end it,
    warnings are counted and stand in the report."""
    from ..analysis.study import place_of
    from ..data.read import between_tables, parse
    from ..errors import DataError

    with shown(READING) as told:
        parsed = parse(source, told=told)
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
    """A report's record. Raises Usage where the file is none, ReportError where it is damaged."""
    from ..report.make.record import NO_PAGE, read_page, read_record

    try:
        page = read_page(existing(path, " HTML 报告"))
    except ReportError as error:
        if error.faults[0].code == NO_PAGE:
            raise Usage(error.faults) from None
        raise
    return read_record(page, path.name)


def _source(arguments, record) -> str:
    """The data to compute on: as given, or the set of the product that the record names. Raises Usage where the report used a user's own,
    which may be called as one of the product's."""
    from ..analysis.study import own_folder
    from ..report.annex.record import data_of

    if arguments.data:
        set_ready(arguments.data)
        return data_name(arguments.data)
    own, called, digest = data_of(record)
    if not own:
        do = "请加 --data 和这份数据的路径"
        raise Usage(Fault(arguments.file.name, f"这份报告用的是「{called}」（指纹 {digest}）", do))
    set_ready(own)
    return str(own_folder(own))


def _verify(arguments) -> int:
    from ..report.make.verify import verify
    from ..report.page.numbers import THIN

    source = _source(arguments, _read(arguments.file))
    with shown("重算报告 making the report again") as told:
        verdict = verify(arguments.file, source, told)
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
    clear(arguments.out)
    name = _variant(arguments.file, changed, arguments.out)
    with shown("重算报告 making the report again") as told:
        path = again(record, source, arguments.out, changed, name, told)
    print(f"{path}\t{fingerprint(path.read_text(encoding='utf-8'))}")
    return 0


def _variant(report: Path, changed: Mapping[str, str], out: Path) -> str:
    """What a variant of a report is called: after it and what was changed, in letters and a length that every disk takes; never as the
    report itself."""
    name = "_".join([report.stem, *(f"{one}={value}" for one, value in changed.items())])
    name = report.stem + re.sub(r"[^\w.,=+-]", "-", name[len(report.stem) :])
    written = name.encode(errors="surrogateescape")
    if len(written) > LONGEST:
        name = f"{written[:LONGEST].decode(errors='ignore')}_{sha256(written).hexdigest()[:8]}"
    target = out / f"{name}.html"
    return f"{name}_rerun" if target.exists() and target.samefile(report) else name


def _model(arguments) -> int:
    from ..law import load_law
    from ..report.model.docs import write_model

    can_write_into(arguments.out)
    for path in write_model(load_law(), arguments.out):
        print(path)
    return 0
