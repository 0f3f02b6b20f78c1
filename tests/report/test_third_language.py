"""A third language for one report is one file: its own sentences in that language, all else in English."""

import ast
import re
import shutil

import nbformat
import pytest

from onexmodel.cli import main
from onexmodel.errors import ParameterError
from onexmodel.places import package_file, shipped
from onexmodel.report import open_cost_reduction
from onexmodel.report.make import gate
from onexmodel.report.make.convert import to_html
from onexmodel.report.make.gate import MODELS, checked
from onexmodel.report.page import sentences

pytestmark = pytest.mark.usefixtures("sketched", "fontless")

MACRO = re.compile(r"(\{%-? macro [a-z]\w*\(.*?\) -?%\})", re.S)
ASKED = {"data": "example", "province": "", "internal": True, "log2_draws": 2}


def only_here(name: str, tmp_path, monkeypatch) -> None:
    """Lets report `name` have words in qaa (a code that ISO 639 keeps free), each sentence of which begins with «qaa»; the package's own
    folder stays as it is."""
    folder = shutil.copytree(package_file("report", name), tmp_path / name)
    english = (folder / "words.en.j2").read_text(encoding="utf-8")
    (folder / "words.qaa.j2").write_text(MACRO.sub(r"\1«qaa» ", english), encoding="utf-8")

    def found(*parts: str):
        return folder if parts == ("report", name) else package_file(*parts)

    for module in (gate, sentences):
        monkeypatch.setattr(module, "package_file", found)


def page_of(name: str, **given) -> str:
    """The page of a report, its notebook executed in this process."""
    notebook = nbformat.read(shipped("notebooks", f"{name}.ipynb"), 4)
    first, *cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    variables: dict = {}
    exec(first.source, variables)
    variables |= ASKED | given
    for cell in cells:
        *before, last = ast.parse(cell.source).body
        exec(compile(ast.Module(before, []), name, "exec"), variables)
        block = eval(compile(ast.Expression(last.value), name, "eval"), variables)
        whole = getattr(block, "_repr_mimebundle_", None)
        data = whole() if whole else {"text/html": block._repr_html_()}
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
    return to_html(notebook, given.get("lang", "zh"))


def visible(page: str) -> list[str]:
    """The words of a page, text by text, without the marks of the third language and the language in the record."""
    page = re.sub(r"<(svg|style|script).*?</\1>", "", page, flags=re.S)
    texts = re.sub("«qaa»", "", re.sub("<[^>]+>", "\n", page)).split("\n")
    bare = ["".join(text.split()) for text in texts]  # a mark of nothing leaves its blanks behind
    return [text for text in bare if text not in ("", "qaa", "English")]


@pytest.mark.parametrize("name", list(MODELS))
def test_one_words_file_is_a_language(name, tmp_path, monkeypatch):
    only_here(name, tmp_path, monkeypatch)
    page = page_of(name, lang="qaa")
    assert '<html lang="qaa"' in page
    assert "«qaa»" in page[: page.index("<h2")] and page.count("«qaa»") > 50
    headings = " ".join(re.findall("<h2.*?</h2>", page))
    assert "1</span>" in headings and not re.search("[一-鿿]", headings)
    if name in ("performance_pay", "province_comparison"):  # two, for the time it takes
        assert visible(page) == visible(page_of(name, lang="en"))


def test_a_title_may_be_given_in_that_language(tmp_path, monkeypatch):
    only_here("cost_reduction", tmp_path, monkeypatch)
    lever, title = tmp_path / "lever.yaml", "title: {zh: 甲, en: a, qaa: un levier}\n"
    text = shipped("data", "scenarios", "lever_online_marking.yaml").read_text(encoding="utf-8")
    lever.write_text(re.sub("^title:.*\n", title, text), encoding="utf-8")
    scheme = tmp_path / "scheme.yaml"
    text = shipped("data", "scenarios", "cap_plus_20.yaml").read_text(encoding="utf-8")
    scheme.write_text(re.sub("^title:.*\n", title, text), encoding="utf-8")
    shown = {}
    for lang in ("zh", "en", "qaa"):
        report = open_cost_reduction(
            "example", scenario=[str(scheme), "elasticity_low"], levers=[str(lever)], lang=lang
        )
        shown[lang] = (report.title, *report.found.table["title"])
    assert shown["qaa"] == (f"un levier + {shown['en'][0].split(' + ')[1]}", "un levier")
    assert shown["en"][1] == "a" and shown["zh"][1] == "甲"


def test_a_language_without_words_is_refused_and_those_there_are_named(
    tmp_path, monkeypatch, capsys
):
    only_here("fee_cap", tmp_path, monkeypatch)
    assert checked("fee_cap", {"lang": "qaa"})["lang"] == "qaa"
    with pytest.raises(ParameterError, match="可选：zh、en.*qaa"):
        checked("fee_cap", {"lang": "qab"})
    with pytest.raises(ParameterError, match="可选：zh、en[^q]*$"):
        checked("performance_pay", {"lang": "qaa"})
    asked = ["report", "performance_pay", "--data", "example", "--lang", "qaa"]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 1
    assert "没有「qaa」的文字" in capsys.readouterr().err and not (tmp_path / "out").exists()
