"""explain: where one number comes from."""

from __future__ import annotations

from ..errors import Fault, nearest
from ..languages import OWN
from ..running.progress import shown
from .options import Usage, data_name, data_options, say_notes, scenario_names, sets, whole_number
from .place import READING, RUNNING, only_college, say_few, set_ready


def add(commands) -> None:
    """The command of this file."""
    explain = commands.add_parser(
        "explain", help="一个数字怎样算出来：推导树 · the derivation of one number"
    )
    explain.add_argument(
        "name", metavar="NAME", help="数量名或中文名，如 uplift、approved_fee、绩效核增"
    )
    data_options(explain)
    for option, words in (
        ("certificate", "证书代码或名称"),
        ("level", "等级：初级、中级、高级或 junior/intermediate/advanced"),
        ("organisation", "评价组织代码或名称"),
    ):
        explain.add_argument(f"--{option}", default="", help=words)
    explain.add_argument(
        "--baseline", action="store_true", help="基准方案的数 · the baseline's number"
    )
    explain.add_argument(
        "--mode", choices=("none", "supply", "both"), default="", help="响应方式 · response"
    )
    explain.add_argument(
        "--depth",
        type=whole_number(1, 99),
        default=4,
        help="展开层数，6层以下每个数量只展开一次 · levels; below 6 a quantity is opened once",
    )
    explain.add_argument("--lang", choices=OWN, default="zh")
    explain.add_argument("--json", action="store_true", help="输出 JSON")
    explain.set_defaults(command=_explain)


def _explain(arguments) -> int:
    from ..analysis.explain.place import explained
    from ..analysis.response_basis import OF_REMOVED, need_answer
    from ..analysis.study import open_study
    from ..data.codes import LEVEL
    from ..report.annex.trees import spoken
    from ..report.page.tree import as_json, as_text

    set_ready(arguments.data)
    with shown(READING):
        study = open_study(
            data_name(arguments.data),
            scenario_names(arguments),
            sets(arguments.set),
            arguments.province,
            arguments.college,
        )
    say_few(study, arguments.lang)
    say_notes(only_college(study.tables, study.college, arguments.college))
    name = _quantity(arguments.name, study.law)
    if not arguments.baseline and name in OF_REMOVED:
        need_answer(study)
    key = {
        "college": study.college,
        "certificate": arguments.certificate,
        "level": LEVEL.get(arguments.level, arguments.level),
        "organisation": arguments.organisation,
    }
    with shown(RUNNING):
        node = explained(
            study,
            name,
            key,
            arguments.mode,
            arguments.baseline,
            arguments.lang,
            arguments.depth,
        )
    print(
        as_json(node)
        if arguments.json
        else as_text(spoken(node, study, arguments.lang), arguments.lang)
    )
    return 0


def _quantity(text: str, law) -> str:
    """A quantity's name from the name or its Chinese words. Raises Usage where several share the words, naming them."""
    if text.isascii():
        return text
    exact = [name for name, rule in law.rules.items() if rule["zh"] == text]
    found = exact or [name for name, rule in law.rules.items() if text in rule["zh"]]
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{name}（{law.rules[name]['zh']}）" for name in found[:8])
        raise Usage(Fault(f"explain {text}", "有几个数量都叫这个", do=f"写其中一个：{names}"))
    raise Usage(
        Fault(
            f"explain {text}",
            "没有这个数量",
            nearest=nearest(text, [str(rule["zh"]) for rule in law.rules.values()]),
            do="用 onexmodel clauses 查看规则",
        )
    )
