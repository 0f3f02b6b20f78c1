"""A report on one college speaks of it, and of colleges only where others are meant."""

import ast
import html
import re
from types import SimpleNamespace

import nbformat
import pytest

from onexmodel.places import shipped
from onexmodel.report import open_scenario_compare
from onexmodel.report.make.gate import MODELS
from onexmodel.report.page.words import HEADLINES
from onexmodel.report.page.writer import PageWriter

pytestmark = pytest.mark.usefixtures("sketched")

ASKED = {"data": "example", "province": "", "college": "X1", "internal": True, "log2_draws": 1}
OF_MANY = {
    "zh": "各校|每校|院校间|没有院校|应报院校|院校(?:承担[0-9]|多付|少付)|(?<!本省)各院校",
    "en": "[Cc]olleges['’]|[Cc]olleges (?:asked|bear|filed|must|pay|reported|spend)|[Ee]ach college|[Nn]o college"
    "|between colleges(?! are a later study)|1 (?:colleges|rows)",
}


def words(block) -> str:
    """Of a block, text alternatives included."""
    page = re.sub("<(script|style).*?</\\1>", "", block._repr_html_(), flags=re.S)
    page = re.sub(r'(?:aria-label|title)="([^"]*)"', r">\1<", page)
    return html.unescape(re.sub("<[^>]+>", " ", re.sub(r'<i class="k"></i>', "", page)))


def said(name: str, lang: str) -> str:
    """All that the notebook of a report says, its own text included, before the annex."""
    notebook, variables, texts = nbformat.read(shipped("notebooks", f"{name}.ipynb"), 4), {}, []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            if cell.source.startswith(("## 附", "## A.")):
                break
            own = cell.metadata.get("tags", [])
            texts += [] if any(one in own for one in {"zh", "en"} - {lang}) else [cell.source]
            continue
        *before, last = ast.parse(cell.source).body
        if not isinstance(last, ast.Expr):
            exec(cell.source, variables)
            variables |= {key: one for key, one in ASKED.items() if key in variables} | {
                "lang": lang
            }
            continue
        exec(compile(ast.Module(before, []), name, "exec"), variables)
        block = eval(compile(ast.Expression(last.value), name, "eval"), variables)
        texts.append(words(block))
    return "\n".join(texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [one for one in MODELS if one != "province_comparison"])
def test_one_college_is_not_told_of_colleges(name, lang):
    """「各校按自己的闲置额度逐月清偿」, "Colleges' gap": it has one."""
    text = said(name, lang)
    assert len(text) > 1000
    found = [text[one.start() - 30 : one.end() + 30] for one in re.finditer(OF_MANY[lang], text)]
    assert not found


@pytest.mark.parametrize(
    ("alone", "name"), [(True, "funding gap of the college"), (False, "funding gap of colleges")]
)
def test_the_gap_is_called_that_of_the_college(alone, name):
    assert PageWriter("en", "", False, True, alone).word(HEADLINES, "funding_gap") == name


ASKED_OF = {
    "zh": ("建议上级|上级采用", "请上级", "请同意本校", "省级教育行政部门|财政部门、"),
    "en": ("Ask the province to", "[Aa]sk the province", "Agree that the college", "department"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_college_is_not_asked_to_approve_what_its_superiors_decide(lang):
    """It was asked to approve caps; what it can decide is its own measures and courses."""
    to_province, confirm, own, offices = ASKED_OF[lang]
    for scenario, mine in (
        (["cap_plus_20", "award_double"], False),
        (["lever_existing_venues", "lever_integration"], True),
        (["lever_existing_venues", "cap_plus_20"], None),
        (["lever_online_marking", "cap_plus_50"], False),
    ):
        report = open_scenario_compare(
            "example", "", college="X1", scenario=scenario, lang=lang, internal=True, log2_draws=2
        )
        report.front(), report.decision()
        first, second = report.writer.letter["requests"]
        assert re.search(confirm, second) and mine in (report.advice.own, None)
        chosen = report.advice.verdict == "choose"
        assert bool(re.match(own, first)) == (chosen and report.advice.own), first
        assert bool(re.match(to_province, first)) == (not report.advice.own), first
        rest = words(report.decision()).split(first)[1]
        assert not re.search(offices, re.split("如何读|How to read", rest)[0])
    many = open_scenario_compare("example", "", scenario=["award_double"], internal=True, lang=lang)
    many.decision()
    assert not re.search(f"{to_province}|{own}", " ".join(many.writer.letter["requests"]))


def test_a_college_asks_the_province_to_keep_the_caps():
    """In Chinese it did (建议上级); in English the college was to keep them."""
    for alone, said in ((True, "To ask the province not to lower"), (False, "Not to lower")):
        words = PageWriter("en", "", False, True, alone).words("fee_cap")
        advice = SimpleNamespace(scheme=SimpleNamespace(unmet=0.1))
        assert words.request_hold(advice).startswith(said)
