"""montecarlo, sweep: many draws, many scenarios and places."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ..running.progress import shown
from .options import (
    amount,
    can_write_into,
    measure,
    print_table,
    say_notes,
    scenario_names,
    split_pairs,
    whole_number,
)
from .place import READING, RUNNING, opened, say_few, say_in, set_ready, study_options


def add(commands) -> None:
    """The commands of this file."""
    montecarlo = commands.add_parser(
        "montecarlo",
        help="假设抽样：各方案的均值、P10/P50/P90、不超预算的概率 · draws over assumptions",
    )
    montecarlo.add_argument(
        "--draws",
        type=whole_number(0, 14),
        default=8,
        metavar="M",
        help="2 的 M 次方次抽样 · 2^M draws",
    )
    montecarlo.add_argument(
        "--workers", type=whole_number(1, 256), default=2, help="进程数 · processes"
    )
    montecarlo.add_argument(
        "--budget",
        action="append",
        default=[],
        metavar="指标=金额",
        help="给出预算，得到不超预算的概率，可多次，如 考核费支出=5亿",
    )
    montecarlo.set_defaults(command=_montecarlo)
    sweep = commands.add_parser(
        "sweep", help="按方案文件扫描参数×情景×省份，可中断续算 · a sweep from a file, resumable"
    )
    sweep.add_argument("file", type=Path, help="扫描方案（YAML）")
    sweep.add_argument("--out", type=Path, required=True, help="输出文件夹")
    sweep.add_argument(
        "--workers", type=whole_number(1, 256), default=1, help="本机进程数 · processes"
    )
    sweep.add_argument(
        "--scheduler", default="", metavar="tcp://…", help="Dask 集群地址 · Dask scheduler"
    )
    sweep.set_defaults(command=_sweep)
    for parser in (montecarlo,):
        study_options(parser)


def _montecarlo(arguments) -> int:
    from ..analysis.draws.montecarlo import monte_carlo
    from ..analysis.draws.sample import LEAST_DRAWS, LOG2_DRAWS
    from ..analysis.headline import HEADLINES
    from ..analysis.measures import can_be_computed, measure_words, unknown, written
    from ..analysis.response_basis import OF_FEES, no_answer, without_value
    from ..engine.effective_dates import year_notes
    from ..law import read_scenario
    from ..law.compose import chain_of

    say, scenarios, arguments.scenario = say_in(arguments), scenario_names(arguments), []
    budgets = {
        measure(name, HEADLINES): amount(text, f"--budget {name}")
        for name, text in split_pairs(arguments.budget, "--budget", "考核费支出=5亿").items()
    }
    study = opened(arguments)
    left_out = unknown(study)
    for name in budgets:
        can_be_computed(study, name)
    say_notes(
        tuple(str(left_out[name]).rstrip("。") for name in HEADLINES if name in left_out),
        arguments.lang,
    )
    for name in scenarios:  # each is computed alone
        say_notes(
            year_notes(study.law, chain_of([read_scenario(name)]), [study.year], arguments.lang),
            arguments.lang,
        )
    unjudged = without_value(study)
    open_ = {"baseline": unjudged}  # scenario → measures without a value
    with shown(RUNNING):
        unanswered = {
            name: no_answer(study.with_composition([name]), arguments.lang) for name in scenarios
        }
    for name, words in unanswered.items():
        say_notes([f"{Path(name).stem}：{words}"] if words else [], arguments.lang)
        open_[str(name)] = (*unjudged, *(OF_FEES if words else ()))
    with shown("抽样测算 draws") as told:
        found = monte_carlo(
            study,
            scenarios,
            arguments.mode,
            arguments.draws,
            arguments.seed,
            arguments.workers,
            told=told,
        )
    header = [
        say("方案", "scenario"),
        say("指标", "measure"),
        say("均值", "mean"),
        "P10",
        "P50",
        "P90",
        say("变化均值", "mean change"),
        say("变化P10", "change P10"),
        say("变化P90", "change P90"),
    ]
    print_table(
        header,
        [
            [
                say("基准", "baseline") if row.scenario == "baseline" else Path(row.scenario).stem,
                say(*measure_words(row.measure)),
                *(
                    [say("无法测算", "no answer"), *["—"] * 6]
                    if row.measure in open_[row.scenario]
                    else [
                        *_spread(row.measure, arguments.lang, row.mean, row.p10, row.p90, row.p50),
                        *_spread(
                            row.measure,
                            arguments.lang,
                            row.change_mean,
                            row.change_p10,
                            row.change_p90,
                        ),
                    ]
                ),
            ]
            for row in found.table().itertuples()
            if row.measure not in left_out
        ],
    )
    if found.count < LEAST_DRAWS:
        print(
            say(
                f"抽样{found.count}次，少于{LEAST_DRAWS}次，给不出区间（P10、P90）和可能性：用 --draws {LOG2_DRAWS} 或更大。",
                f"{found.count} draws, fewer than {LEAST_DRAWS}: no P10, P90 or probability. Take --draws {LOG2_DRAWS} or more.",
            )
        )
    for name, limit in budgets.items() if found.count >= LEAST_DRAWS else ():
        for scenario in found.scenarios:
            inside = (
                say("无法测算", "no answer")
                if name in open_[scenario]
                else f"{100 * found.inside(scenario, name, limit):.0f}%"
            )
            print(
                f"{Path(scenario).stem}\tP({say(*measure_words(name))} ≤ {written(limit, name, arguments.lang)})\t{inside}"
            )
    return 0


def _spread(
    measure: str, lang: str, mean: float, low: float, high: float, median: float | None = None
) -> list[str]:
    """Mean, P10, P50 (where given) and P90 as printed: the ends with the digits their width carries, mean and median with one more."""
    from ..analysis.measures import carried, written, written_ends

    digits, ends = carried(low, high, measure), written_ends(low, high, measure, lang)
    return [
        written(mean, measure, lang, digits),
        ends[0],
        *([] if median is None else [written(median, measure, lang, digits)]),
        ends[1],
    ]


def _sweep(arguments) -> int:
    from ..analysis.draws.sweep import need_scheduler, run_sweep
    from ..analysis.draws.sweep_file import read_sweep
    from ..analysis.study import open_study
    from ..data import read_tables
    from ..running.scratch import clear

    can_write_into(arguments.out)
    clear(arguments.out)
    sweep, named = read_sweep(arguments.file), "扫描 sweep"
    place = "" if "" in sweep.provinces else ",".join(sweep.provinces)
    if arguments.scheduler:
        need_scheduler(arguments.scheduler)
    source = set_ready(sweep.data)
    with shown(READING) as told:
        tables = read_tables(source, told=told)
        study = open_study(sweep.data, province=place, tables=tables)
    say_few(study, "zh")
    with (
        shown(named) as told,
        closing(
            run_sweep(sweep, arguments.out, arguments.workers, arguments.scheduler, told)
        ) as parts,
    ):
        done, whole = next(parts)
        told.step(named, done / whole)
        for done, whole in parts:
            told(done, whole)
    print(arguments.out / "sweep.parquet")
    return 0
