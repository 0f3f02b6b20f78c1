"""sensitivity, solve: which assumptions decide, and which value reaches a target."""

from __future__ import annotations

from ..running.progress import shown
from .options import amount, measure, print_table, whole_number
from .place import opened, say_in, study_options


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
    for parser in (
        sensitivity,
        solve,
    ):
        study_options(parser)


def _sensitivity(arguments) -> int:
    from ..analysis.draws import sensitivity as s
    from ..analysis.measures import measure_words, written_ends
    from ..analysis.response_basis import need_judged, without_value

    name, say = measure(arguments.measure), say_in(arguments)
    study = opened(arguments)
    need_judged(study, name)
    with shown("整体敏感性 sensitivity") as told:
        found = s.sensitivity(
            study, name, arguments.mode, arguments.draws, arguments.seed, told=told
        )
    left_out = arguments.mode == "supply" and without_value(study)
    print(_asked(study, name, "none" if left_out else arguments.mode, say))
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
    with shown("换条款理解 other readings"):
        others = s.other_readings(study, name, arguments.mode)
    print("\n".join(s.in_words(found, others, arguments.lang)))
    header = [
        say("参数", "parameter"),
        say("名称", "name"),
        say("单独效应（90%区间）", "first [90 %]"),
        say("总效应（90%区间）", "total [90 %]"),
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
    from ..analysis.draws.sample import study_draws
    from ..analysis.draws.solve import in_words, solve
    from ..analysis.response_basis import need_judged

    name, below = measure(arguments.measure), arguments.at_most is not None
    target = amount(
        arguments.at_most if below else arguments.at_least, "--at-most" if below else "--at-least"
    )
    low, high = amount(arguments.low, "--low"), amount(arguments.high, "--high")
    study = opened(arguments)
    need_judged(study, name)
    drawn = study_draws(study, arguments.draws, arguments.seed) if arguments.draws >= 0 else {}
    with shown("求解 solving") as told:
        found = solve(
            study, arguments.vary, name, target, below, low, high, arguments.mode, drawn, told
        )
    parameter = study.law.parameters.get(arguments.vary)
    title = {
        "cap_scale": ("上限倍数", "the cap's multiple"),
        "central_award": ("中央奖补总额（元）", "the central award, yuan"),
    }.get(arguments.vary, (parameter.zh, parameter.en) if parameter else (arguments.vary,) * 2)[
        arguments.lang != "zh"
    ]
    print(in_words(found, title, arguments.lang))
    return 0 if found.kind != "nowhere" else 1
