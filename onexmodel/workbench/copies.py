"""Working copies of the notebooks, in one language, so that running them alters nothing that is kept; and JupyterLab's settings beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..analysis.needs import report_title
from ..languages import OWN, in_language
from ..law import list_scenarios, read_scenario
from ..places import shipped, whole
from ..report.make.gate import MODELS
from ..report.page.sentences import words_in

START = "start.ipynb"
STAMP = "onexmodel"  # in a copy's metadata: what its cells said when it was made
SETTINGS = ".lab"  # folder of the copies that holds JupyterLab's settings
LOCALES = {"zh": "zh_CN", "en": "default"}


def working_copies(folder: Path, lang: str) -> list[str]:
    """Fresh copies of every notebook in `folder`, but for those whose cells somebody has changed, whose names are returned. A copy that was
    only run keeps its results as long as the notebook it was made of and the language stay the same. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for path in sorted(shipped("notebooks").glob("*.ipynb")):
        made, target = _copy(path, lang), folder / path.name
        there = _read(target)
        if there is not None and _stamp(there) != there.get("metadata", {}).get(STAMP):
            kept.append(path.name)
        elif there is None or there["metadata"][STAMP] != made["metadata"][STAMP]:
            with whole(target) as new:
                new.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return kept


def lab_settings(folder: Path, lang: str) -> Path:
    """A folder of settings for JupyterLab: its own language, no news, no look for updates, buttons answered where ■ is heard (no
    interrupt reaches a subshell), every cell on the page (the style of a report stands in its first one)."""
    made = folder / SETTINGS
    made.mkdir(parents=True, exist_ok=True)
    overrides = {
        "@jupyterlab/translation-extension:plugin": {"locale": LOCALES[lang]},
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/apputils-extension:kernels-settings": {"commsOverSubshells": "disabled"},
        "@jupyterlab/extensionmanager-extension:plugin": {"enabled": False},
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
    }
    with whole(made / "overrides.json") as new:
        new.write_text(json.dumps(overrides, indent=1) + "\n", "utf-8")
    return made


def lab_options(folder: Path, lang: str) -> list[str]:
    """What JupyterLab is started with: the copies alone in sight, the start notebook open, nothing asked of the network."""
    root = folder.absolute()
    settings = lab_settings(root, lang)
    return [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{START}",
        f"--LabApp.app_settings_dir={settings}",
        f"--LabApp.workspaces_dir={settings / 'workspaces'}",  # what was open elsewhere stays there
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]


def _copy(path: Path, lang: str) -> dict[str, Any]:
    """The notebook in one language: its cells without the others', its language set, its code out of sight but for what may be changed."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    others, cells = {*OWN} - {lang}, []
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", ())
        if others & {*tags}:
            continue
        if "parameters" in tags:
            cell["source"] = [
                f'lang = "{lang}"\n' if line.startswith("lang = ") else line
                for line in cell["source"]
            ]
        if cell["cell_type"] == "code" and ("parameters" not in tags or path.name == START):
            cell["metadata"] = {**cell["metadata"], "jupyter": {"source_hidden": True}}
        cells.append(cell)
    if path.stem in MODELS:
        cells.insert(0, _intro(path.stem, notebook, lang))
    notebook["cells"] = cells
    notebook["metadata"][STAMP] = _stamp(notebook)
    return notebook


def _intro(name: str, notebook: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What stands above a report's parameters: its title, and what each may be."""
    words = words_in("workbench", lang, ".")
    title = notebook["metadata"].get("title", name)
    if lang != "zh":
        title = report_title(name, lang)
    named = [
        f"<code>{one}</code>（{in_language(read_scenario(one).title, lang)}）"
        for one in list_scenarios()
    ]
    source = words.intro(title, "、".join(named) if lang == "zh" else ", ".join(named))
    return {"cell_type": "markdown", "id": "intro", "metadata": {}, "source": [source]}


def _stamp(notebook: Mapping[str, Any]) -> str:
    """What the cells say, results apart."""
    said = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """A notebook that is there; one that cannot be read counts as changed by somebody."""
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if _stamp(found) else None
    except (ValueError, KeyError, TypeError):
        return {"cells": [], "metadata": {}}
