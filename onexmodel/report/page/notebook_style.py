"""The page's style for a notebook in JupyterLab: of its screen, not of its paper, and for the outputs of a notebook that holds this alone."""

from __future__ import annotations

import re
from functools import cache

from ...places import package_file

MARK, SHOWN = (
    "onexmodel-style",
    "onexmodel-shown",
)  # classes: of the style, of a widget that holds a block
SCOPE = f":is(.jp-Notebook:has(.{MARK}) .jp-RenderedHTML, .{SHOWN} .widget-html-content)"
DARK = re.compile(r"@media screen and \(prefers-color-scheme:dark\)\{.*?\n\}\n", re.S)
ROOT = re.compile(r"(?m)^(?::root|body)\{")
# what JupyterLab sets on tables and the page does not, and what a cell has no room for
MORE = """&{max-width:860px;padding:2px 14px}
table{table-layout:auto;margin:0;border:0}
tbody tr,tbody tr:hover,tbody tr:nth-child(even){background:none}
th,td{max-width:none}
dt,dd{float:none;width:auto}
dt{font-weight:400}
header{padding-top:20px}
.table,.table:has(.log){width:auto;min-width:0;max-width:100%}
"""


@cache  # depends on the packaged style alone
def in_notebook() -> str:
    """The style element."""
    css = package_file("report", "page", "page.css").read_text(encoding="utf-8")
    screen = ROOT.sub("&{", DARK.sub("", css.partition("/* Paper:")[0]))
    return f'<style class="{MARK}">{SCOPE}{{{screen}{MORE}}}</style>'
