"""Running a notebook alters a copy in one language; the settings beside it keep JupyterLab offline and Chinese; the page's style keeps to
outputs of reports."""

import json
import re

import pytest

from onexmodel.cli import lab, main
from onexmodel.places import shipped
from onexmodel.report.page.blocks import Band, Front
from onexmodel.report.page.notebook_style import SCOPE, in_notebook
from onexmodel.workbench.copies import START, working_copies

NAMES = {path.name for path in shipped("notebooks").glob("*.ipynb")}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def run(path):
    """What JupyterLab saves after a notebook was run."""
    notebook = read(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 1, "outputs": [{"output_type": "stream", "text": "x"}]}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def change(path):
    notebook = read(path)
    notebook["cells"][1]["source"] = ['province = "32"\n']
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.mark.parametrize(("lang", "mark"), [("zh", "en"), ("en", "zh")])
def test_copies_speak_one_language_and_hide_their_code(tmp_path, lang, mark):
    before = {path: path.read_bytes() for path in shipped("notebooks").glob("*")}
    assert working_copies(tmp_path, lang) == []
    assert {path.name for path in tmp_path.glob("*.ipynb")} == NAMES
    for path in tmp_path.glob("*.ipynb"):
        cells = read(path)["cells"]
        tags = [cell["metadata"].get("tags", []) for cell in cells]
        assert [mark] not in tags and [lang] in tags
        (given,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
        assert f'lang = "{lang}"\n' in given["source"]
        shown = [
            cell
            for cell in cells
            if cell["cell_type"] == "code" and "jupyter" not in cell["metadata"]
        ]
        assert shown == ([] if path.name == START else [given])
        assert cells[0]["cell_type"] == "markdown"
    said = "".join(read(tmp_path / "fee_cap.ipynb")["cells"][0]["source"])
    assert "cap_plus_20" in said and ("上限提高20%" in said) is (lang == "zh")
    run(tmp_path / START)
    assert before == {path: path.read_bytes() for path in shipped("notebooks").glob("*")}


def test_what_somebody_changed_is_kept_and_what_was_only_run_is_not_done_again(tmp_path):
    working_copies(tmp_path, "zh")
    ran, changed, broken = (
        tmp_path / name for name in ("start.ipynb", "fee_cap.ipynb", "cost_reduction.ipynb")
    )
    run(ran)
    change(changed)
    broken.write_text("{", encoding="utf-8")
    before = {path: path.read_bytes() for path in (ran, changed, broken)}
    assert working_copies(tmp_path, "zh") == ["cost_reduction.ipynb", "fee_cap.ipynb"]
    assert before == {path: path.read_bytes() for path in before}
    assert working_copies(tmp_path, "en") == ["cost_reduction.ipynb", "fee_cap.ipynb"]
    assert before[ran] != ran.read_bytes() and before[changed] == changed.read_bytes()


def test_lab_begins_at_the_start_notebook_in_chinese_and_asks_nobody(tmp_path, monkeypatch, capsys):
    given = []
    monkeypatch.setattr(lab, "NEEDED", ())
    monkeypatch.setattr(lab, "start_jupyterlab", lambda options: given.extend(options))
    monkeypatch.chdir(tmp_path)
    assert main(["lab", "--", "--no-browser"]) == 0
    assert given[-1] == "--no-browser" and f"--ServerApp.root_dir={tmp_path / 'workbench'}" in given
    assert "--LabApp.news_url=None" in given and "--LabApp.extension_manager=readonly" in given
    settings = read(tmp_path / "workbench" / ".lab" / "overrides.json")
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "zh_CN"}
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    kernels = settings["@jupyterlab/apputils-extension:kernels-settings"]
    assert kernels == {"commsOverSubshells": "disabled"}
    change(tmp_path / "workbench" / "fee_cap.ipynb")
    assert main(["lab", "--lang", "en"]) == 0
    assert "fee_cap.ipynb" in capsys.readouterr().err
    settings = read(tmp_path / "workbench" / ".lab" / "overrides.json")
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "default"}


def test_without_jupyterlab_there_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lab, "NEEDED", ("no_such_package",))
    monkeypatch.chdir(tmp_path)
    assert main(["lab"]) == 2
    said = capsys.readouterr().err
    assert "没有装 no_such_package" in said and "make lab" in said and not list(tmp_path.iterdir())


def test_the_style_stands_with_the_front_box_in_a_notebook_and_not_on_the_page():
    front = Front("<p>x</p>", "t", "m", (Band("data", "模拟"),))
    assert front._repr_html_().startswith("<style") and "模拟" in front._repr_html_()
    assert "<style" not in json.dumps(front._repr_mimebundle_())


def test_the_style_touches_nothing_but_outputs():
    css = in_notebook().partition(">")[2].removesuffix("</style>")
    assert css.startswith(SCOPE + "{") and css.count("{") == css.count("}")
    depth = 0
    for at, sign in enumerate(css[len(SCOPE) :]):
        depth += (sign == "{") - (sign == "}")
        assert depth > 0 or at == len(css) - len(SCOPE) - 1
    assert not re.search(r"@page|prefers-color-scheme|(?m:^(?::root|body)\{)", css)
