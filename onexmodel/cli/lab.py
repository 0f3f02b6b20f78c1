"""lab: the workbench in JupyterLab."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from ..errors import Fault, visible
from ..languages import OWN
from .options import Usage, can_write_into

NEEDED = ("jupyterlab", "ipywidgets")


def add(commands) -> None:
    """The command of this file."""
    lab = commands.add_parser(
        "lab", help="打开工作台：表单、滑块、可运行的报告底稿 · the workbench in JupyterLab"
    )
    lab.add_argument("--lang", choices=OWN, default="zh", help="界面与底稿的语言 · language")
    lab.add_argument(
        "--folder",
        type=Path,
        default=Path("workbench"),
        help="放笔记本副本和结果的文件夹（缺省 workbench） · where copies and results go",
    )
    lab.add_argument(
        "jupyter",
        nargs="*",
        metavar="-- …",
        help="其余选项原样交给 JupyterLab，如 -- --no-browser --port 8899 · handed to JupyterLab",
    )
    lab.set_defaults(command=_lab)


def _lab(arguments) -> int:
    from ..workbench.copies import lab_options, working_copies

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        do = "在源码文件夹里运行 make lab，或 pip install .[lab]"
        raise Usage(Fault("onexmodel lab", f"没有装 {'、'.join(missing)}", do=do))
    can_write_into(arguments.folder)
    kept = working_copies(arguments.folder, arguments.lang)
    if kept:
        print(
            visible(
                f"保留改动过的 {'、'.join(kept)}；要新的一份，先删去或改名。"
                f" Kept as you changed them: {', '.join(kept)}."
            ),
            file=sys.stderr,
        )
    start_jupyterlab([*lab_options(arguments.folder, arguments.lang), *arguments.jupyter])
    return 0


def start_jupyterlab(options: Sequence[str]) -> None:
    """JupyterLab in this process, until it is ended."""
    import_module("jupyterlab.labapp").main(options)
