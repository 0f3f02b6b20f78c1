"""The last thing that the process imports from which many reports of a kind are forked: their templates are compiled once, their font and a
notebook are read. Nothing of a report, of its data or of its place is in it; a report made without it is the same, byte by byte."""

import os

from nbformat import read

from ...places import shipped
from ..make.process_setup import WARM
from ..page.blocks import environment
from ..page.sentences import compile_ahead
from ..page.style import canvas, svg, use_style

SHARED = ("page", "front", "annex", "model")

language, *names = os.environ.pop(WARM, "").split(" ")
if language:
    compile_ahead((*SHARED, *names), language)
    for template in ("blocks.html.j2", "index.html.j2"):
        environment().get_template(template)
    read(shipped("notebooks", f"{names[0]}.ipynb"), 4)  # compiles what notebooks are checked by
    use_style()
    figure, axes = canvas(1.0)
    axes.set_title("a")
    svg(figure, "")
