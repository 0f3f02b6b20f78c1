"""template, run, data."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ..running.progress import Told, shown
from ..running.scratch import clear
from .options import (
    can_write_into,
    data_options,
    province_option,
    say_notes,
    scenario_names,
    sets,
    year_option,
)
from .place import READING, RUNNING, only_college, set_ready

FOR_CSV = (
    "单位 units：金额为元，比例为0至1，列名与含义见 docs/method.md 第12节。\n"
    "以 = + - @ 开头的文字前加了一个撇号（'），表格软件不会把它当作公式；用程序读回时去掉这一个撇号。"
    " Text that begins with = + - @ has an apostrophe before it; drop it when reading back.\n"
)


def add(commands) -> None:
    """The commands of this file."""
    template = commands.add_parser("template", help="空白填报工作簿 · an empty workbook to fill")
    template.add_argument("file", type=Path, metavar="简表.xlsx|college.xlsx|province.xlsx")
    template.add_argument(
        "--data",
        default="",
        help="用哪个数据集预填省级统一的表（标准、上限、成本清单）；填好的简表则全部转入 · prefill what the province sets, or all of a filled short form",
    )
    province_option(template, "只预填一省或几省 · one province or several")
    template.add_argument(
        "--force", action="store_true", help="已有同名文件时覆盖 · overwrite an existing file"
    )
    template.set_defaults(command=_template)
    run = commands.add_parser("run", help="计算并写出结果表（CSV） · write the result tables")
    data_options(run)
    year_option(run, "缺省为数据中的全部年度")
    run.add_argument("--out", required=True, type=Path, help="输出文件夹 · output folder")
    run.add_argument(
        "--format",
        choices=("csv", "xlsx", "parquet"),
        default="csv",
        help="输出格式：CSV、带中文表头的工作簿、Parquet · format",
    )
    run.set_defaults(command=_run)
    commands.add_parser("data", help="可用数据集 · data sets").set_defaults(command=_data)


def _template(arguments) -> int:
    from ..data import read_tables
    from ..data.template import write_template
    from ..study import place_of

    can_write_into(arguments.file.parent)
    tables = None
    if arguments.data:
        source = set_ready(arguments.data)
        with shown(READING) as told:
            tables = read_tables(source, told=told)
    provinces = place_of(tables, arguments.province, "")[0] if tables is not None else ()
    print(write_template(arguments.file, tables, provinces, overwrite=arguments.force))
    return 0


def _run(arguments) -> int:
    from ..engine.effective_dates import year_notes
    from ..engine.places.few_colleges import few_notes
    from ..engine.write_results import result_tables, write_parquet, write_tables
    from ..study import about_results, in_lines, open_run, place_of

    can_write_into(arguments.out)
    clear(arguments.out)
    source, words = set_ready(arguments.data), {"read": READING, "run": RUNNING}
    with shown(READING) as told:

        def step(name: str) -> Told:
            told.step(words[name])
            return told

        run, tables = open_run(
            source,
            scenario_names(arguments),
            sets(arguments.set),
            arguments.year,
            step,
            partial(_room, arguments),
        )
    composition, years = run.composition, [result.compiled.year for result in run.last]
    say_notes((*composition.notes, *year_notes(composition.law, composition.scenarios, years)))
    provinces, college = place_of(tables, arguments.province, arguments.college, alone=True)
    say_notes(only_college(tables, college, arguments.college))
    with shown("整理结果 putting the results together"):
        frames = result_tables(run, tables, provinces, college)
    found = frames["findings"]
    said = found[found["rule"].isin(("after_transfer", "cap_removed"))]["sentence"]
    say_notes((*dict.fromkeys(said), *few_notes(run, provinces)))
    about = about_results(composition, years, tables, arguments.data, arguments.province, college)
    with shown("写出 writing") as told:
        if arguments.format == "xlsx":
            from ..report.workbook import results_workbook

            book = arguments.out / "results.xlsx"
            paths = [results_workbook(frames, composition.law, tables, about, book)]
        else:
            paths = (write_parquet if arguments.format == "parquet" else write_tables)(
                frames,
                arguments.out,
                in_lines(about) + (FOR_CSV if arguments.format == "csv" else ""),
                told,
            )
    for path in paths:
        print(path)
    return 0


def _room(arguments, tables) -> None:
    """Raises DataError where a workbook could not hold the results: they have a row for each plan."""
    if arguments.format != "xlsx" or arguments.province or arguments.college:
        return  # which rows are asked for is known later; writing then looks itself
    from ..report.workbook import need_room

    plans = tables["offerings"]
    if arguments.year:
        plans = plans[plans["year"] == arguments.year]
    need_room("开考计划", len(plans))


def _data(_) -> int:
    from ..places import shipped

    for folder in sorted(
        path for path in shipped("data").iterdir() if (path / "offerings.csv").exists()
    ):
        print(f"{folder.name}\t{folder}")
    if not (shipped("data", "national") / "offerings.csv").exists():
        print("national\t首次使用时生成 made on first use")
    return 0
