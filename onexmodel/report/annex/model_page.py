"""模型说明 in a report: the rules its first number leans on, each with formula, unit, clause, inputs, parameters and users, and the
picture of their graph; from the same source as docs/model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from ...analysis.study import Study
from ...engine.axes import SUMS
from ...engine.compile import mid_year
from ...engine.wire import RULES, inputs_of
from ...law.parameters import Law
from ..page.html import Block
from ..page.press import Press
from ..page.words import STATUS, unit_words
from .appendix import value_text
from .cited import document_title
from .graph import picture
from .model_docs import CHAPTERS, chapter_of, dotted, inputs, users
from .places import taken

ALWAYS = (
    "served",
    "approved_fee",
)  # what every plan leans on before its own rules: volumes served and the fee in force


def rules_of(law: Law, targets: Sequence[str]) -> list[str]:
    """Rules and declared sums that `targets` lean on, in the order of the documentation."""
    reach = inputs_of((*targets, *ALWAYS))
    return [name for name in law.rules if name in reach and (name in RULES or name in SUMS)]


def model_block(
    press: Press, study: Study, targets: Sequence[str], title: str, label: str
) -> Block:
    """The folded section. title: the report's first number in words."""
    say, law, names = press.say, study.composition.law, rules_of(study.law, targets)
    boxes = [name for name in names if name in RULES]
    finding = say(f"「{title}」由{len(boxes)}条规则算出", f"{len(boxes)} rules make “{title}”")
    alt = say(
        f"规则图：{len(boxes)}条规则从上到下，从数据到「{title}」",
        f"Graph of {len(boxes)} rules from top to bottom, from the data to {title}",
    )
    svg = picture(
        names,
        {name: law.rules[name][press.lang] for name in boxes},
        {name: chapter_of(name) for name in boxes},
        alt,
    )
    drawn = press.figure(
        label,
        finding,
        svg,
        note=say(
            "从上到下计算；虚线为按省、证书、机构或院校相加；框的颜色分别为规模、成本、标准、响应、工作量、绩效工资、经费。",
            "Computed from top to bottom; dashed: a sum over province, certificate, organisation or college; colours by chapter.",
        ),
    )
    used = {name: [one for one in many if one in names] for name, many in users().items()}
    parts = []
    for chapter, words in CHAPTERS.items():
        some = [name for name in names if chapter_of(name) == chapter]
        parts += (
            [
                f"<h4>{escape(words.split(' ')[0] if press.lang == 'zh' else words.partition(' ')[2])}</h4>"
            ]
            if some
            else []
        )
        parts += [_rule(press, study, name, used) for name in some]
    lead = say(
        "下列规则与测算所用的是同一份，由程序直接列出；公式、单位、条款与依据逐条可查。",
        "These are the rules the calculation runs on, listed by the program itself.",
    )
    fold = say(f"逐条规则（{len(names)}条，含相加）", f"Rule by rule ({len(names)}, with sums)")
    return Block(
        f'<h3 id="model">{say("模型说明", "The model")}</h3><p>{escape(lead)}</p>{drawn.html}'
        f'<details class="how"><summary>{fold}</summary>{"".join(parts)}</details>'
    )


def _rule(press: Press, study: Study, name: str, used: Mapping[str, list[str]]) -> str:
    say, law, join = press.say, study.composition.law, press.say("、", ", ")
    rule, source = law.rules[name], law.sources[law.rules[name]["source"]]
    unit = unit_words(rule["unit"], press.lang)
    taken = [dotted(one, law) for one in inputs(name)]
    parameters = [_parameter(press, study, one) for one in taken if one in law.parameters]
    rules = [law.rules[one][press.lang] for one in taken if one in law.rules]
    lines = [
        f"{say('条款', 'clause')} {rule['clause']}；{say('依据', 'source')} {source['number'] or document_title(source, press.lang)}",
        f"{say('用到：', 'takes: ')}{join.join(rules)}" if rules else "",
        f"{say('参数：', 'parameters: ')}{'；'.join(parameters)}" if parameters else "",
        f"{say('用于：', 'used by: ')}{join.join(law.rules[one][press.lang] for one in used.get(name, ()))}"
        if used.get(name)
        else "",
    ]
    if press.lang != "zh":
        lines = [line.replace("；", "; ").replace("（", " (").replace("）", ")") for line in lines]
    small = "".join(f"<br><small>{escape(line)}</small>" for line in lines if line)
    head = escape(say(f"（{unit}）", f" ({unit})") if unit else "")
    formula = escape(rule["formula" if press.lang == "zh" else "formula_en"])
    return f"<p><b>{escape(rule[press.lang])}</b>{head}　＝{formula}{small}</p>"


def _parameter(press: Press, study: Study, name: str) -> str:
    law, day = study.composition.law, mid_year(study.year)
    parameter, origin = law.parameters[name], law.origin(name, day)
    document = law.sources.get(origin.source) if origin else None
    if document is None:
        where = press.say("数据集", "data set")
    else:
        where = (
            press.word(STATUS, "assumption")
            if origin.source == "ASSUMPTION"
            else document["number"] or document_title(document, press.lang)
        )
    value = taken(
        press, study, law.at(day), name, lambda one: value_text(one, press.lang, parameter)
    )
    return f"{parameter.title(press.lang)} {value}（{where}）"
