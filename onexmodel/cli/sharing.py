"""winners, pot: who gains and who loses, and how the provincial pot is shared out."""

from __future__ import annotations

from ..errors import Fault, ParameterError
from ..running.progress import shown
from .options import Usage, print_table, say_notes
from .place import RUNNING, opened, say_in, study_options

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
    winners = commands.add_parser(
        "winners", help="方案使谁受益、谁受损：按层次、省份、规模 · winners and losers"
    )
    winners.add_argument(
        "--by", choices=("tier", "province", "decile", "ownership"), default="tier", help="分组"
    )
    winners.add_argument("--internal", action="store_true", help="内部版：另列增减最多的各十所院校")
    winners.set_defaults(command=_winners)
    pot = commands.add_parser(
        "pot",
        help="省级统筹：分配前后的缺口，权重变动时公平与覆盖的取舍 · the provincial pot and its frontier",
    )
    pot.add_argument("--internal", action="store_true", help="内部版：不足五所院校的组也列出")
    pot.set_defaults(command=_pot)
    for parser in (
        winners,
        pot,
    ):
        study_options(parser)


def _winners(arguments) -> int:
    from ..analysis import winners as w
    from ..analysis.measures import unknown

    study, say = opened(arguments), say_in(arguments)
    if not study.composition.changes_anything:
        raise Usage(
            Fault("onexmodel winners", "没有方案可比", do="用 --scenario 或 --set 给出方案")
        )
    left_out = unknown(study)
    say_notes(
        (str(left_out["funding_gap"]).rstrip("。"),) if "funding_gap" in left_out else (),
        arguments.lang,
    )
    with shown(RUNNING):
        changes = w.college_changes(study, *study.pair(arguments.mode))
    table = w.by_group(changes, arguments.by)
    if not (arguments.internal or study.college):
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
                f"{row.gap_change / 1e4:.1f}" if row.gap_change == row.gap_change else "—",
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


def _pot(arguments) -> int:
    from ..analysis.budget.pot import in_brief

    study, say = opened(arguments), say_in(arguments)
    internal = arguments.internal or bool(study.college)
    with shown(RUNNING):
        table, edge, words = in_brief(study, arguments.mode, arguments.lang, internal)
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
