"""A report on one college speaks of it, and of colleges only where others are meant."""

import ast
import html
import re

import nbformat
import pytest

from onexmodel.places import shipped
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
        page = re.sub("<(script|style).*?</\\1>", "", block._repr_html_(), flags=re.S)
        page = re.sub(r'(?:aria-label|title)="([^"]*)"', r">\1<", page)
        texts.append(html.unescape(re.sub("<[^>]+>", " ", re.sub(r'<i class="k"></i>', "", page))))
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
