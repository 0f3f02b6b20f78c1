"""The study that a command asks about: opened, with what its data and dates want said."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from ..languages import OWN, said
from ..running.progress import shown
from .options import (
    data_name,
    data_options,
    say_notes,
    scenario_names,
    seed_option,
    sets,
    year_option,
)


def study_options(parser) -> None:
    """Data, place, year, response, seed and language of what is asked of a study."""
    data_options(parser)
    year_option(parser, "缺省为数据的最后一年")
    parser.add_argument(
        "--mode",
        choices=("none", "supply", "both"),
        default="supply",
        help="响应方式 · response",
    )
    seed_option(parser)
    parser.add_argument("--lang", choices=OWN, default="zh")


NATION = ("all", "nation", "全国", "全部")
READING, RUNNING = "读取数据 reading the data", "计算 computing"


def nation(province: str) -> bool:
    """Is --province asked for every province, in a word?"""
    return province.strip().lower() in NATION


def set_ready(name: str) -> Path:
    """The place of a data set asked for by name or path; the national one is made on first use, which takes its time and is shown."""
    from ..analysis.study import data_folder

    with shown("") as told:

        def step(what: str, done: int, whole: int) -> None:
            told.renamed(f"生成全国模拟数据 making the national set：{what}")
            told(done, whole)

        return data_folder(data_name(name), step)


def opened(arguments):
    """The study of the options; label, notes and years go to stderr."""
    from ..analysis.response_basis import need_answer
    from ..analysis.study import asked_years, open_study
    from ..data import read_tables
    from ..engine.effective_dates import year_notes

    source = set_ready(arguments.data)
    with shown(READING) as told:
        tables = read_tables(source, ("assessments", "payments", "budget_lines", "workload"), told)
    if tables.label:
        print(tables.label.get(arguments.lang) or tables.label.get("zh", ""), file=sys.stderr)
    with shown(RUNNING):
        study = open_study(
            arguments.data,
            scenario_names(arguments),
            sets(arguments.set),
            arguments.province,
            arguments.college,
            arguments.year,
            tables,
        )
    say_notes((*only_college(tables, study.college, arguments.college), *study.composition.notes))
    years = asked_years(tables)
    if len(years) > 1:
        others = [str(year) for year in years if year != study.year]
        print(
            say_in(arguments)(
                f"年度：{study.year}（数据另有{'、'.join(others)}，用 --year 选择）",
                f"year: {study.year} (the data also hold {', '.join(others)}: --year)",
            ),
            file=sys.stderr,
        )
    say_notes(
        year_notes(study.law, study.composition.scenarios, [study.year], arguments.lang),
        arguments.lang,
    )
    say_few(study, arguments.lang)
    need_answer(study)
    return study


def say_few(study, lang: str) -> None:
    """What cannot be judged for want of colleges, on stderr."""
    from ..analysis.response_basis import few_note

    say_notes([note for note in (few_note(study, lang),) if note], lang)


def only_college(tables, college: str, asked: str) -> tuple[str, ...]:
    """A note that the one college of the data is the place, where nobody asked for it. `college`: the study's."""
    if asked or not college:
        return ()
    name = tables["colleges"]["name"].iloc[0]
    return (f"数据中只有一所院校，各数只讲「{name or college}」（{college}）",)


def say_in(arguments):
    """say(zh, en) in the language asked for."""
    return partial(said, arguments.lang)
