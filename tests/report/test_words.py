"""Words live in templates, one a language: all languages of a folder have the same macros and print the same numbers, none is left unused."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError, nodes

import onexmodel
from onexmodel.errors import ReportError
from onexmodel.languages import spoken
from onexmodel.report.page import sentences
from onexmodel.report.page.sentences import WRITERS, Words
from onexmodel.report.page.writer import PageWriter

REPORT = Path(onexmodel.__file__).parent / "report"
FOLDERS = sorted(path.parent.name for path in REPORT.glob("*/words.zh.j2"))
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Modules in which Chinese words still stand in the code, with the number of texts. These may only become fewer; a module that is
# free of them is taken off the list; no other may join it.
STILL = {
    "make/gate.py": 2,
}
# What a command says on the terminal, not what a page says: `onexmodel verify` what differs, `run` what it is at. As many texts as there are.
TERMINAL = {
    "each/order.py": 11,
    "make/batch.py": 3,
    "make/fingerprint.py": 1,  # 图形: a drawing in the text that verify compares, and in its fingerprint
    "make/ended.py": 35,  # why a report was not made
    "make/record.py": 9,  # why a stranger's report is not looked at
    "make/verify.py": 30,
}


def texts(path: Path) -> int:
    """How many texts with Chinese a module holds, docstrings and what is said of a fault apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Fault":
            left_out |= {id(one) for one in ast.walk(node)}
    return sum(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in left_out
        and bool(CHINESE.search(node.value))
        for node in ast.walk(tree)
    )


@pytest.mark.parametrize(
    "path", sorted(REPORT.rglob("*.py")), ids=lambda path: path.relative_to(REPORT).as_posix()
)
def test_no_chinese_sentence_in_the_code(path):
    name, found = path.relative_to(REPORT).as_posix(), texts(path)
    assert found <= {**STILL, **TERMINAL}.get(name, 0), f"{name}: {found}"
    assert not (name in (*STILL, *TERMINAL) and found == 0), (
        f"{name} is free of words: take it off the list"
    )


def macros(folder: str, lang: str) -> dict[str, nodes.Macro]:
    """name → macro of a template."""
    text = (REPORT / folder / f"words.{lang}.j2").read_text(encoding="utf-8")
    return {one.name: one for one in Environment().parse(text).find_all(nodes.Macro)}


def numbers(macro: nodes.Macro) -> set[str]:
    """What a macro prints as numbers: what stands before a filter that writes them, or in a span."""
    found = {repr(node.node) for node in macro.find_all(nodes.Filter) if node.name in WRITERS}
    return found | {
        repr(node.args[0])
        for node in macro.find_all(nodes.Call)
        if isinstance(node.node, nodes.Name) and node.node.name in ("span", "ends", "relative")
    }


@pytest.mark.parametrize(
    ("folder", "lang"), [(one, lang) for one in FOLDERS for lang in spoken(REPORT / one)[1:]]
)
def test_every_language_has_the_same_macros_and_numbers(folder, lang):
    zh, other = macros(folder, "zh"), macros(folder, lang)
    assert {one for one in zh if not one.startswith("_")} == {
        one for one in other if not one.startswith("_")
    }
    for name in (name for name in zh if not name.startswith("_")):
        assert [one.name for one in zh[name].args] == [one.name for one in other[name].args], name
        if name not in ALONE.get(folder, ()):
            assert numbers(zh[name]) == numbers(other[name]), name


# macros whose numbers stand in a helper of one language, or that one language says without the number: folder → names, each with its reason
ALONE: dict[str, tuple[str, ...]] = {
    # in English shorter: without the review load, the values of the deciding assumption, and the class-hour fee in yuan
    "performance_pay": ("load_note", "deciding_note", "uplift_concluded"),
    "fee_cap": (
        "bearing_headline",
    ),  # English says the gap only, Chinese also what the sources spare
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_macro_is_left_unused(folder):
    code = "".join(path.read_text(encoding="utf-8") for path in REPORT.rglob("*.py"))
    for lang in spoken(REPORT / folder):
        own = (REPORT / folder / f"words.{lang}.j2").read_text(encoding="utf-8")
        for name in macros(folder, lang):
            called = re.search(rf"\.{name}\b", code) or len(re.findall(rf"\b{name}\b", own)) > 1
            assert called, f"{folder}/words.{lang}.j2: {name}"


def words(tmp_path, monkeypatch, lang: str, text: str) -> Words:
    """A template of one's own."""
    (tmp_path / f"words.{lang}.j2").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sentences, "package_file", lambda *parts: tmp_path)
    return Words("x", PageWriter(lang, "", False, True))


def test_a_line_break_is_nothing_in_chinese_and_a_blank_in_english(tmp_path, monkeypatch):
    zh = words(
        tmp_path, monkeypatch, "zh", "{% macro a(x) %}\n  支出\n  {{ x|wan }}万元。\n{% endmacro %}"
    )
    assert zh.a(12345678.0) == "支出1234.6万元。"
    en = words(
        tmp_path,
        monkeypatch,
        "en",
        "{% macro a(x) %}\n  spent\n  {{ x|number(2) }}\n{% endmacro %}",
    )
    assert en.a(-3.456) == "spent −3.46"


def test_unknown_names_are_refused(tmp_path, monkeypatch):
    zh = words(
        tmp_path,
        monkeypatch,
        "zh",
        "{% macro lead(n) %}{{ n.fee }}{% endmacro %}{% set columns = {'a': '甲'} %}",
    )
    assert zh.columns == {"a": "甲"}
    with pytest.raises(ReportError, match="lead"):
        zh.leads({})
    with pytest.raises(UndefinedError):
        zh.lead({})
    with pytest.raises(UndefinedError):
        zh.lead()
