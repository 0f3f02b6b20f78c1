"""check: every fault of a data set, and what can be made of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..errors import DataError, Fault
from ..running.progress import Shown, shown
from ..running.scratch import clear
from .options import can_write_into
from .place import READING, set_ready

SHOWN = 100  # faults printed; the annotated copy holds all


def add(commands) -> None:
    """The command of this file."""
    check = commands.add_parser(
        "check",
        help="核对数据：每一处问题，并写出加批注的副本 · every fault of a data set, and an annotated copy",
    )
    check.add_argument(
        "data", help="工作簿或 CSV 文件夹，或内置数据集名 · workbook, folder or shipped set"
    )
    check.add_argument(
        "--out",
        type=Path,
        default=None,
        help="批注副本放在哪个文件夹（缺省为数据旁边，那里不能写时为当前文件夹） · folder of the annotated copy, beside the data if left out",
    )
    check.set_defaults(command=_check)


def _check(arguments) -> int:
    from ..data.annotate import LEVELS, annotate, fault_row

    if arguments.out is not None:
        can_write_into(arguments.out)
    source = set_ready(arguments.data)
    clear(_beside(arguments))
    with shown(READING) as told:
        faults, ready = _found(source, told)
    for fault in faults[:SHOWN]:
        print("\t".join(fault_row(fault)))
    if len(faults) > SHOWN:
        print(f"……另有 {len(faults) - SHOWN} 处，见批注副本 · more in the annotated copy")
    counts = {level: sum(fault.level == level for fault in faults) for level in LEVELS}
    print(
        "核对完毕 checked："
        + "，".join(f"{LEVELS[level]} {count} 处" for level, count in counts.items()),
        file=sys.stderr,
    )
    for one in ready:
        print(f"{one.where}\t{one.what}")
    copy = None
    if faults:
        with shown("写加批注的副本 writing the annotated copy"):
            copy = annotate(source, [*ready, *faults], _beside(arguments))
    if copy and copy.note:
        print(f"{copy.note}。")
    if copy and copy.path:
        what = "加批注的副本 annotated copy" if copy.complete else "问题清单 list of faults"
        print(f"{what}：{copy.path}")
    return 1 if counts["error"] else 0


def _found(source: Path, told: Shown) -> tuple[list[Fault], list[Fault]]:
    """What reading finds and what a run would, and a line for each report: whether it can be made of the data."""
    from ..analysis.needs import readiness
    from ..analysis.run_faults import run_faults
    from ..data.read import between_tables, parse
    from ..law import load_law

    last_sitting = load_law().parameters["settlement.last_sitting"].values[-1].value
    try:
        parsed = parse(source, told=told)
    except DataError as error:
        return [*error.faults], []
    told.step("表间核对 checking the tables against each other")
    checked = between_tables(parsed, last_sitting=last_sitting)
    faults = [*checked.faults]
    if checked.tables is not None:
        known = {(fault.at, fault.what) for fault in faults}
        told.step("试算 a trial run")
        found = run_faults(checked.tables)
        faults += [one for one in found if (one.at, one.what) not in known]
    frames = parsed.frames if checked.tables is None else checked.tables.frames
    return faults, readiness(frames, parsed.origins, checked.faults)


def _beside(arguments) -> Path:
    """Where the annotated copy goes: as asked for, else beside the user's data; the working folder for a shipped set, or where nothing
    can be written there."""
    given = Path(arguments.data)
    folder = given.absolute().parent if given.exists() else Path.cwd()
    return arguments.out or (folder if os.access(folder, os.W_OK | os.X_OK) else Path.cwd())
