"""report --each-province: one report for each province of the data, and the page that sets them side by side."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from ..errors import DataError, Fault
from ..running.progress import shown
from ..running.scratch import clear
from .options import Usage, can_write_into, whole_number
from .place import READING, nation, set_ready

AT_MOST = 64  # reports at a time
NATIONAL = ("province_comparison",)  # says the same of all provinces: `all` leaves it out here


def each_options(parser) -> None:
    """--each-province, --jobs."""
    parser.add_argument(
        "--each-province",
        action="store_true",
        help="数据中每省（或 --province 的几省）各做一份，另做一览页 index.html；中断后同一命令接着做 · one report a province, with an index; resumable",
    )
    parser.add_argument(
        "-j",
        "--jobs",
        type=whole_number(1, AT_MOST),
        metavar="N",
        help="同时做几份（缺省为处理器数加一） · reports at a time",
    )


def refuse_college(arguments) -> None:
    """Raises Usage for a college asked for beside --each-province."""
    if arguments.college:
        raise Usage(
            Fault(
                f"--college {arguments.college}",
                "不能与 --each-province 合用：它每省各做一份",
                do="去掉 --college，或去掉 --each-province",
            )
        )


def make_each_province(arguments, names: list[str], given: dict[str, Any], options) -> int:
    """Make what is missing, then the index; 1 where a report failed or none can be shown."""
    from ..analysis.study import place_of
    from ..data.read import between_tables, parse
    from ..report.each.batch import FAILED, KEPT, MADE, WITHHELD, make_each
    from ..report.each.index import write_index
    from ..report.each.order import Asked
    from ..report.front.opening import ACCOUNTS
    from ..report.make.batch import AT_ONCE
    from ..report.make.fingerprint import fingerprint
    from ..report.make.gate import checked
    from ..report.make.pdf import browser
    from ..report.make.process_setup import import_ahead

    if arguments.names == ["all"]:
        names = [name for name in names if name not in NATIONAL]
    can_write_into(arguments.out)
    clear(arguments.out)
    for name in names:
        checked(name, given)
    printer = browser() if arguments.pdf else ""
    import_ahead(names, given["lang"])  # while the data are read
    source = set_ready(given["data"])
    with shown(READING) as told:
        parsed = parse(source, told=told)
        read = between_tables(parsed, ACCOUNTS)
    if read.tables is None:
        raise DataError([fault for fault in read.faults if fault.level == "error"])
    codes = place_of(read.tables, "" if nation(arguments.province) else arguments.province, "")[0]
    asked = Asked(tuple(names), given, Path(arguments.out), options, read.tables, codes)
    outcomes = []
    with shown("执行分省报告 making a report for each province") as told:

        def say(text: str, stream=None) -> None:
            with told.aside():
                print(text, file=stream or sys.stderr, flush=True)

        with closing(make_each(asked, told, parsed, arguments.jobs or AT_ONCE)) as made:
            for one in made:
                outcomes.append(one)
                if one.state == KEPT:
                    continue
                where = f"{one.name} {one.province.code} {one.province.zh}"
                if one.report:
                    say(f"{one.report.path}\t{fingerprint(one.report.page)}", sys.stdout)
                elif one.state == FAILED:
                    say(f"{where}：没有生成。{one.why}")
        if printer:
            _print(outcomes, printer, told, say)
        index = write_index(asked, outcomes)
        say(str(index), sys.stdout)
    outcomes.sort(key=lambda one: one.province.code)
    counts = {
        state: [one for one in outcomes if one.state == state]
        for state in (KEPT, MADE, WITHHELD, FAILED)
    }
    print(_told(counts), file=sys.stderr)
    return 1 if counts[FAILED] or not counts[KEPT] + counts[MADE] else 0


def _print(outcomes, printer: str, told, say: Callable) -> None:
    """As PDF what has none, or an older one than its page."""
    from ..report.make.pdf import write_pdf

    paths = [one.report.path for one in outcomes if one.report]
    todo = [path for path in paths if not _newer(path.with_suffix(".pdf"), path)]
    told.step("打印 printing")
    for done, path in enumerate(todo):
        told(done, len(todo))
        say(str(write_pdf(path, printer)), sys.stdout)


def _newer(one: Path, other: Path) -> bool:
    return one.is_file() and one.stat().st_mtime >= other.stat().st_mtime


def _told(counts: dict[str, list]) -> str:
    """What became of all, and at the end the names of those that failed."""
    kept, made, withheld, failed = counts.values()
    parts = [
        f"新生成 {len(made)} 份",
        f"沿用已有的 {len(kept)} 份" if kept else "",
        f"院校太少不列 {len(withheld)} 份（{_places(withheld)}）" if withheld else "",
        f"没有生成 {len(failed)} 份：{_places(failed)}" if failed else "",
    ]
    again = "。原因见上；改正后再用同一命令，只补做缺的" if failed else ""
    return f"分省报告 reports by province：{'，'.join(filter(None, parts))}{again}。"


def _places(outcomes) -> str:
    several = len({one.name for one in outcomes}) > 1
    return "、".join(f"{one.province.zh}{' ' + one.name if several else ''}" for one in outcomes)
