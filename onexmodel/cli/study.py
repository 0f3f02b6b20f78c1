"""sensitivity, solve, winners, montecarlo, pot, sweep: what analysts ask of a run. Tables in Chinese or English words, with units."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ..errors import Fault, ParameterError
from .options import (
    Usage,
    amount,
    can_write_into,
    data_name,
    data_options,
    measure,
    print_table,
    say_notes,
    scenario_names,
    sets,
    split_pairs,
    whole_number,
    year_option,
)

WHY = {
    "fee": "标准",
    "volume": "人次",
    "own_cash": "学校自担",
    "training": "培训",
    "teacher_training": "教师培训",
    "performance_pay": "绩效核增",
}


def add(commands) -> None:
    """The commands of this file."""
    sensitivity = commands.add_parser(
        "sensitivity", help="哪些假设、哪些读法决定结论：Sobol 指数 · which assumptions decide"
    )
    sensitivity.add_argument(
        "--measure", default="fee_bill", help="指标或中文名，如 fee_bill、院校经费缺口"
    )
    sensitivity.add_argument(
        "--draws",
        type=whole_number(8, 14),
        default=8,
        metavar="M",
        help="2 的 M 次方个基点，至少 8（256 个） · 2^M base points, at least 2^8",
    )
    sensitivity.set_defaults(command=_sensitivity)
    solve = commands.add_parser(
        "solve", help="哪个取值达到目标（保本、定标） · the value that reaches a target"
    )
    solve.add_argument(
        "--vary",
        required=True,
        metavar="NAME",
        help="数值参数，或 cap_scale（上限倍数）、central_award（中央奖补总额）",
    )
    solve.add_argument("--measure", required=True, help="指标或中文名")
    goal = solve.add_mutually_exclusive_group(required=True)
    goal.add_argument(
        "--at-most", metavar="X", help="指标不高于 X（金额可写 5万、1.2亿；比例写 0.05）"
    )
    goal.add_argument("--at-least", metavar="X", help="指标不低于 X")
    solve.add_argument("--low", required=True, metavar="X", help="范围下限")
    solve.add_argument("--high", required=True, metavar="X", help="范围上限")
    solve.add_argument(
        "--draws",
        type=whole_number(-1, 14),
        default=7,
        metavar="M",
        help="2 的 M 次方次抽样，至少 7（128 次）才列区间；−1 不抽样",
    )
    solve.set_defaults(command=_solve)
    winners = commands.add_parser(
        "winners", help="方案使谁受益、谁受损：按层次、省份、规模 · winners and losers"
    )
    winners.add_argument(
        "--by", choices=("tier", "province", "decile", "ownership"), default="tier", help="分组"
    )
    winners.add_argument("--internal", action="store_true", help="内部版：另列增减最多的各十所院校")
    winners.set_defaults(command=_winners)
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
    pot = commands.add_parser(
        "pot",
        help="省级统筹：分配前后的缺口，权重变动时公平与覆盖的取舍 · the provincial pot and its frontier",
    )
    pot.add_argument("--internal", action="store_true", help="内部版：不足五所院校的组也列出")
    pot.set_defaults(command=_pot)
    for parser in (sensitivity, solve, winners, montecarlo, pot):
        data_options(parser)
        year_option(parser, "缺省为数据的最后一年")
        parser.add_argument(
            "--mode",
            choices=("none", "supply", "both"),
            default="supply",
            help="响应方式 · response",
        )
        parser.add_argument("--seed", type=int, default=20201231, help="随机种子 · seed")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh")
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


def _opened(arguments):
    from ..analysis.study import asked_years, data_folder, open_study
    from ..data import read_tables
    from ..engine.years import year_notes

    tables = read_tables(
        data_folder(data_name(arguments.data)),
        ("assessments", "payments", "budget_lines", "workload"),
    )
    if tables.label:
        print(tables.label.get(arguments.lang) or tables.label.get("zh", ""), file=sys.stderr)
    study = open_study(
        arguments.data,
        scenario_names(arguments),
        sets(arguments.set),
        arguments.province,
        arguments.college,
        arguments.year,
        tables,
    )
    say_notes(study.composition.notes)
    years = asked_years(tables)
    if len(years) > 1:
        others = [str(year) for year in years if year != study.year]
        print(
            _say(arguments)(
                f"年度：{study.year}（数据另有{'、'.join(others)}，用 --year 选择）",
                f"year: {study.year} (the data also hold {', '.join(others)}: --year)",
            ),
            file=sys.stderr,
        )
    say_notes(
        year_notes(study.law, study.composition.scenarios, [study.year], arguments.lang),
        arguments.lang,
    )
    return study


def _say(arguments):
    return lambda zh, en: zh if arguments.lang == "zh" else en


def _sensitivity(arguments) -> int:
    from ..analysis import sensitivity as s
    from ..analysis.measures import measure_words, written_ends

    name, say = measure(arguments.measure), _say(arguments)
    study = _opened(arguments)
    found = s.sensitivity(study, name, arguments.mode, arguments.draws, arguments.seed)
    print(_asked(study, name, arguments.mode, say))
    if (
        study.composition.changes_anything
        and not found.frame.empty
        and found.frame["total"].abs().max() == 0
    ):
        print(
            say(
                f"方案不改变{measure_words(name)[0]}，没有可分解的不确定性：用 --measure 换一个它改变的指标。",
                f"The scheme does not move the {measure_words(name)[1]}: ask with --measure about one it moves.",
            )
        )
        return 0
    print(
        "\n".join(s.in_words(found, s.other_readings(study, name, arguments.mode), arguments.lang))
    )
    header = [
        say("参数", "parameter"),
        say("名称", "name"),
        say("单独效应〔90%区间〕", "first [90 %]"),
        say("总效应〔90%区间〕", "total [90 %]"),
        say("取P10时", "at P10"),
        say("取P90时", "at P90"),
    ]
    print_table(
        header,
        [
            [
                row.parameter,
                row.zh if arguments.lang == "zh" else row.en,
                *(
                    s.share_said(*one, arguments.lang)
                    for one in (
                        (row.first, row.first_low, row.first_high),
                        (row.total, row.total_low, row.total_high),
                    )
                ),
                *written_ends(row.p10, row.p90, name, arguments.lang),
            ]
            for row in found.frame.itertuples()
        ],
    )
    return 0


def _asked(study, name: str, mode: str, say) -> str:
    """What is taken apart, and under which view."""
    from ..analysis.measures import measure_words

    zh, en = measure_words(name)
    view = {
        "none": ("不考虑机构反应", "no response"),
        "supply": ("考虑机构退出", "organisations may leave"),
        "both": ("考虑机构退出和院校财力", "organisations and funds"),
    }[mode]
    if study.composition.changes_anything:
        return say(
            f"结论指：方案使{zh}改变多少（方案减基准，{view[0]}）。",
            f"The answer: how much the scheme moves the {en} (scheme less baseline, {view[1]}).",
        )
    return say(
        f"结论指：{zh}（现行政策，{view[0]}）。",
        f"The answer: the {en} under current law ({view[1]}).",
    )


def _solve(arguments) -> int:
    from ..analysis.cap_study import study_draws
    from ..analysis.solve import in_words, solve

    name, below = measure(arguments.measure), arguments.at_most is not None
    target = amount(
        arguments.at_most if below else arguments.at_least, "--at-most" if below else "--at-least"
    )
    low, high = amount(arguments.low, "--low"), amount(arguments.high, "--high")
    study = _opened(arguments)
    drawn = study_draws(study, arguments.draws, arguments.seed) if arguments.draws >= 0 else {}
    found = solve(study, arguments.vary, name, target, below, low, high, arguments.mode, drawn)
    parameter = study.law.parameters.get(arguments.vary)
    title = {
        "cap_scale": ("上限倍数", "the cap's multiple"),
        "central_award": ("中央奖补总额（元）", "the central award, yuan"),
    }.get(arguments.vary, (parameter.zh, parameter.en) if parameter else (arguments.vary,) * 2)[
        arguments.lang != "zh"
    ]
    print(in_words(found, title, arguments.lang))
    return 0 if found.kind != "nowhere" else 1


def _winners(arguments) -> int:
    from ..analysis import winners as w

    study, say = _opened(arguments), _say(arguments)
    if not study.composition.changes_anything:
        raise Usage(
            Fault("onexmodel winners", "没有方案可比", do="用 --scenario 或 --set 给出方案")
        )
    changes = w.college_changes(study, *study.pair(arguments.mode))
    table = w.by_group(changes, arguments.by)
    if not arguments.internal:
        table = table[table["colleges"] >= 5]
    header = [
        say(*pair)
        for pair in (
            ("组", "group"),
            ("院校数", "colleges"),
            ("支出减少%", "better in cash %"),
            ("支出增加%", "worse in cash %"),
            ("服务增加%", "better served %"),
            ("服务减少%", "worse served %"),
            ("支出减少 万元", "saved, 10,000 yuan"),
            ("可考核人数变化", "candidates"),
            ("缺口变化 万元", "gap, 10,000 yuan"),
        )
    ]
    shares = ("better_cash", "worse_cash", "better_service", "worse_service")
    print_table(
        header,
        [
            [
                _group(row.group, say),
                f"{row.colleges}",
                *(f"{100 * getattr(row, name):.0f}" for name in shares),
                f"{row.cash / 1e4:.1f}",
                f"{row.service:.0f}",
                f"{row.gap_change / 1e4:.1f}",
            ]
            for row in table.itertuples()
        ],
    )
    if arguments.internal:
        _print_largest(w, changes, say)
    return 0


def _print_largest(w, changes, say) -> None:
    """The colleges that win and lose most, in cash and in service, with what explains most of it."""
    for what, title, more in (
        (
            "cash",
            say(
                "内部资料：支出增减最多的院校（元）",
                "internal: colleges whose spending moves most, yuan",
            ),
            ("why_yuan",),
        ),
        (
            "service",
            say(
                "内部资料：可考核人数增减最多的院校", "internal: colleges whose service moves most"
            ),
            ("why_candidates", "fee_before", "fee_after"),
        ),
    ):
        rows = w.largest(changes, what=what)
        print(title)
        print_table(
            [
                say(*pair)
                for pair in (
                    ("院校", "college"),
                    ("省份", "province"),
                    ("层次", "tier"),
                    ("变化", "change"),
                    ("主要原因", "why"),
                    ("其中", "of which"),
                )
            ]
            + ([say("标准：前", "fee before"), say("后", "after")] if what == "service" else []),
            [
                [
                    row["college"],
                    row["province"],
                    _group(row["tier"], say),
                    f"{row[what]:,.1f}",
                    say(WHY.get(row["why"], row["why"]), str(row["why"])),
                    *(f"{row[name]:,.1f}" for name in more),
                ]
                for _, row in rows.iterrows()
            ],
        )


def _group(code, say) -> str:
    from ..data.codes import OWNERSHIP, TIER

    words = {code: word for word, code in (*TIER.items(), *OWNERSHIP.items())}
    return say("合计", "all") if code == "all" else say(words.get(code, str(code)), str(code))


def _montecarlo(arguments) -> int:
    from ..analysis.headline import HEADLINES
    from ..analysis.measures import measure_words, written
    from ..analysis.montecarlo import monte_carlo
    from ..analysis.uncertainty import LEAST_DRAWS, LOG2_DRAWS
    from ..engine.years import year_notes
    from ..law import read_scenario
    from ..law.compose import chain_of

    say, scenarios, arguments.scenario = _say(arguments), scenario_names(arguments), []
    budgets = {
        measure(name, HEADLINES): amount(text, f"--budget {name}")
        for name, text in split_pairs(arguments.budget, "--budget", "考核费支出=5亿").items()
    }
    study = _opened(arguments)
    for name in scenarios:  # each is computed alone
        say_notes(
            year_notes(study.law, chain_of([read_scenario(name)]), [study.year], arguments.lang),
            arguments.lang,
        )
    found = monte_carlo(
        study, scenarios, arguments.mode, arguments.draws, arguments.seed, arguments.workers
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
                measure_words(row.measure)[arguments.lang != "zh"],
                *_spread(row.measure, arguments.lang, row.mean, row.p10, row.p90, row.p50),
                *_spread(
                    row.measure, arguments.lang, row.change_mean, row.change_p10, row.change_p90
                ),
            ]
            for row in found.table().itertuples()
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
            print(
                f"{Path(scenario).stem}\tP({measure_words(name)[arguments.lang != 'zh']} ≤ {written(limit, name, arguments.lang)})\t{100 * found.inside(scenario, name, limit):.0f}%"
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


def _pot(arguments) -> int:
    from ..analysis.pot import in_brief

    study, say = _opened(arguments), _say(arguments)
    table, edge, words = in_brief(study, arguments.mode, arguments.lang, arguments.internal)
    if table.empty:
        raise ParameterError(Fault("省级统筹", words))
    print(words)
    print_table(
        [
            say(*pair)
            for pair in (
                ("层次", "tier"),
                ("院校数", "colleges"),
                ("权重份额%", "weight %"),
                ("按权重应得 万元", "by weight, 10,000 yuan"),
                ("超过需要而让出 万元", "over need"),
                ("分得 万元", "award"),
                ("分配前缺口 万元", "gap before"),
                ("分配后缺口 万元", "gap after"),
            )
        ],
        [
            [
                "＋".join(_group(one, say) for one in str(row.group).split("+")),
                f"{row.colleges}",
                f"{100 * row.weight / table['weight'].iloc[-1]:.1f}",
                *(
                    f"{value / 1e4:.1f}"
                    for value in (row.plain, row.cut, row.award, row.gap_before, row.gap_after)
                ),
            ]
            for row in table.itertuples()
        ],
    )
    print_table(
        [
            say(*pair)
            for pair in (
                ("权重：人数", "weight: candidates"),
                ("缺口", "need"),
                ("财力弱", "low capacity"),
                ("需求覆盖率", "coverage"),
                ("无缺口院校的考生", "candidates secured"),
                ("覆盖率基尼系数", "gini of coverage"),
                ("有效", "efficient"),
            )
        ],
        [
            [
                f"{row.candidates:.1f}",
                f"{row.need:.1f}",
                f"{row.low_capacity:.1f}",
                f"{100 * row.coverage:.1f}%",
                f"{100 * row.secured:.1f}%",
                f"{row.gini:.3f}",
                say("是", "yes") if row.efficient else "",
            ]
            for row in edge.itertuples()
        ],
    )
    return 0


def _sweep(arguments) -> int:
    from ..analysis.sweep import run_sweep
    from ..analysis.sweep_file import read_sweep

    can_write_into(arguments.out)
    sweep, start, already = read_sweep(arguments.file), time.monotonic(), None
    for done, whole in run_sweep(sweep, arguments.out, arguments.workers, arguments.scheduler):
        already = done if already is None else already
        spent = time.monotonic() - start
        left = (
            f"，约余 {spent / (done - already) * (whole - done):.0f} s left"
            if done > already
            else ""
        )
        print(f"[{done}/{whole}]  {spent:.0f} s{left}", file=sys.stderr, flush=True)
    print(arguments.out / "sweep.parquet")
    return 0
